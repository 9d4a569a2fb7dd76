import pino from 'pino';
import type { WarehouseLogger } from '../../warehouse/logger.ts';

export type Logger = WarehouseLogger;

export const logLevels: readonly string[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Writes JSON lines to standard error, so that standard output stays the command's answer. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));

import { InvalidArgumentError } from 'commander';
import { isCalendarDate } from '../domain/time.ts';

/** A TCP port, 0 being any free one; undefined when the text is none. */
export function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}

export function readPort(text: string): number {
  const port = parsePort(text);
  if (port !== undefined) return port;
  throw new InvalidArgumentError('expected a port from 0 to 65535');
}

export function readDate(text: string): string {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError('expected a date such as 2026-01-31');
}

export function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number above 0');
}

/** More would not be faster on any machine that one shop has. */
export const mostWorkers = 32;

export function readWorkers(text: string): number {
  const workers = Number(text);
  if (/^\d{1,2}$/.test(text) && workers <= mostWorkers) return workers;
  throw new InvalidArgumentError(`expected a whole number from 0 to ${mostWorkers}`);
}

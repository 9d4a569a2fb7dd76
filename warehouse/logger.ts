/** What the warehouse needs of a logger; pino's logger is one. */
export interface WarehouseLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: WarehouseLogger = { info: () => {}, warn: () => {}, error: () => {} };

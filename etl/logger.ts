/** What connectors and stages need of a logger; pino's logger is one. */
export type { WarehouseLogger as Logger } from '../warehouse/logger.ts';

import { isTimezone } from '../../domain/time.ts';

/** A zone by name, as ClickHouse knows them too: an offset such as +03:00, which Node would take, is not one. */
export const isReportTimezone = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name) && isTimezone(name);

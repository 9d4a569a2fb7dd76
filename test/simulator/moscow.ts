/** Moscow has kept UTC+3 without summer time since 2014, so the shop's wall clock is plain arithmetic. */
export const moscowOffsetMs = 3 * 3_600_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Wall-clock text of Moscow, `2026-01-10T14:02:11`. */
export const moscowText = (ms: number): string => new Date(ms + moscowOffsetMs).toISOString().slice(0, 19);

export const moscowDate = (ms: number): string => moscowText(ms).slice(0, 10);

/** ISO 8601 with the offset, to the second, as a Bitrix24 portal in Moscow prints it. */
export const moscowIso = (ms: number): string => `${moscowText(ms)}+03:00`;

/** Instant of a Moscow day and wall-clock time `HH:mm[:ss]`. */
export function moscowInstant(date: string, time = '00:00:00'): number {
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}+03:00`);
  if (Number.isNaN(ms)) throw new Error(`not a Moscow time: ${date} ${time}`);
  return ms;
}

export const shiftDate = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** Sources of the shop keep whole seconds. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

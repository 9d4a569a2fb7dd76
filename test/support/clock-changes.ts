const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

/**
 * Zones whose clocks change in every way there is: at midnight and one minute after it, back onto midnight and over it, by half an hour, two,
 * three and a whole day, and with changes of the zone itself.
 */
export const changingZones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Asuncion',
  'America/Caracas',
  'America/Havana',
  'America/New_York',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/Scoresbysund',
  'America/St_Johns',
  'Antarctica/Casey',
  'Antarctica/Troll',
  'Asia/Amman',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kamchatka',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Europe/Moscow',
  'Europe/Volgograd',
  'Pacific/Apia',
  'Pacific/Fakaofo',
] as const;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show: `2026-10-25 00:30`. */
export function shownIn(zone: string, ms: number): string {
  const clock =
    clocks.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  clocks.set(zone, clock);
  return clock.format(ms);
}

const asUtcMs = (shown: string): number => Date.parse(`${shown.replace(' ', 'T')}Z`);

const offsetMs = (zone: string, ms: number): number => asUtcMs(shownIn(zone, ms)) - ms;

/** The first minute after a change between two instants that are a whole number of minutes. */
function changeBetween(zone: string, from: number, to: number): number {
  const old = offsetMs(zone, from);
  let [before, after] = [from, to];
  while (after - before > 60_000) {
    const middle = Math.floor((before + after) / 120_000) * 60_000;
    if (offsetMs(zone, middle) === old) before = middle;
    else after = middle;
  }
  return after;
}

/** Every change of a zone's clocks from 2005 to 2030, but for two that undo each other within a week. */
export function clockChanges(zone: string): readonly number[] {
  const changes: number[] = [];
  for (let ms = Date.UTC(2005, 0, 1); ms < Date.UTC(2031, 0, 1); ms += weekMs) {
    if (offsetMs(zone, ms) !== offsetMs(zone, ms + weekMs)) changes.push(changeBetween(zone, ms, ms + weekMs));
  }
  return changes;
}

/** Calendar days beside a change, each once. */
export function daysBesideChanges(zone: string): readonly string[] {
  const days = clockChanges(zone).flatMap((ms) => {
    const midday = Date.parse(`${shownIn(zone, ms).slice(0, 10)}T12:00:00Z`);
    return [-24, 0, 24].map((hours) => new Date(midday + hours * hourMs).toISOString().slice(0, 10));
  });
  return [...new Set(days)];
}

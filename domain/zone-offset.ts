const formats = new Map<string, Intl.DateTimeFormat>();

/** One per zone: to build one takes longer than to use it fifty times. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const key = zone.toLowerCase();
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(key, format);
  return format;
}

/**
 * What the clocks of a zone show more than UTC at an instant, ms. Read from the calendar of the runtime itself: the zone of the machine has
 * no say in it. Throws RangeError for a zone that there is not.
 */
export function zoneOffsetMs(ms: number, zone: string): number {
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(formatOf(zone).format(ms));
  const [, sign, hours = 0, minutes = 0, seconds = 0] = match ?? [];
  const offsetMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -offsetMs : offsetMs;
}

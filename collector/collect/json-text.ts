/** JSON.stringify writes a lone surrogate as an escape, which ClickHouse refuses; this finds one that may be there. */
const maybeLoneSurrogate = /\\ud[89a-f]/;

function deepWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(deepWellFormed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key.toWellFormed(), deepWellFormed(part)]);
  return Object.fromEntries(entries);
}

/** JSON on one line whose every text, keys too, is valid Unicode. The value must not be deeply nested. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return maybeLoneSurrogate.test(text) ? JSON.stringify(deepWellFormed(value)) : text;
}

const lists = ['metrics', 'dimensions'];
const numbers = ['limit', 'horizon_days'];
const flags = ['include_bots'];

function readNumber(text: string): unknown {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function readFlag(text: string): unknown {
  if (['true', '1'].includes(text)) return true;
  return ['false', '0'].includes(text) ? false : text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `-revenue,channel`: a minus means from the greatest down. */
function readSort(text: string): unknown {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('-') ? { field: part.slice(1), desc: true } : { field: part, desc: false }));
}

function readField(name: string, text: string): unknown {
  if (lists.includes(name)) return text === '' ? [] : text.split(',');
  if (numbers.includes(name)) return readNumber(text);
  if (flags.includes(name)) return readFlag(text);
  if (name === 'filters') return readJson(text);
  return name === 'sort' ? readSort(text) : text;
}

/**
 * The query parameters of GET /api/v1/report as the body that POST takes: lists by comma, filters as JSON, sort as `-revenue,channel`,
 * the attribution as `model` and `window_days`. Checks nothing: parseReport does.
 */
export function requestFromParameters(parameters: URLSearchParams): Record<string, unknown> {
  const plain: [string, unknown][] = [];
  const attribution: [string, unknown][] = [];
  for (const [name, text] of parameters) {
    if (name === 'model') attribution.push([name, text]);
    else if (name === 'window_days') attribution.push([name, readNumber(text)]);
    else plain.push([name, readField(name, text)]);
  }
  const group: [string, unknown][] = attribution.length > 0 ? [['attribution', Object.fromEntries(attribution)]] : [];
  return Object.fromEntries([...plain, ...group]);
}

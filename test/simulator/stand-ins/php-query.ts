/** Values as PHP builds them from `filter[>ID]=10&select[]=ID`: maps, and lists where all keys are numbers. */
export type PhpValue = string | PhpValue[] | { [key: string]: PhpValue };

/** Reads a query string or form body with PHP brackets. */
export function parsePhpQuery(text: string): Record<string, PhpValue> {
  const root: Record<string, PhpValue> = {};
  for (const [name, value] of new URLSearchParams(text)) put(root, keysOf(name), value);
  return toLists(root) as Record<string, PhpValue>;
}

function keysOf(name: string): string[] {
  const head = name.split('[')[0] ?? name;
  return [head, ...[...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')];
}

function put(target: Record<string, PhpValue>, keys: readonly string[], value: string): void {
  const [raw = '', ...rest] = keys;
  const key = raw === '' ? String(Object.keys(target).length) : raw;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const map = typeof inner === 'object' && !Array.isArray(inner) ? inner : {};
  target[key] = map;
  put(map, rest, value);
}

function toLists(value: PhpValue): PhpValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, toLists(part)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

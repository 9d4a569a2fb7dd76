export type OdataRow = Readonly<Record<string, unknown>>;
type Test = (row: OdataRow) => boolean;

const tokenPattern = /\s*(\(|\)|,|datetime'[^']*'|guid'[^']*'|'(?:[^']|'')*'|[^\s()',]+)/gy;

/** A condition of `$filter`: and, or, parentheses, comparisons of a field with a literal. Throws on anything else. */
export function parseFilter(text: string): Test {
  const tokens = [...text.trim().matchAll(tokenPattern)].map((match) => match[1] ?? '');
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const take = (): string => {
    const token = tokens[position++];
    if (token === undefined) throw new Error('the condition ends too early');
    return token;
  };
  const parseOr = (): Test => {
    let left = parseAnd();
    while (peek() === 'or') {
      take();
      const [first, second] = [left, parseAnd()];
      left = (row) => first(row) || second(row);
    }
    return left;
  };
  const parseAnd = (): Test => {
    let left = parseOne();
    while (peek() === 'and') {
      take();
      const [first, second] = [left, parseOne()];
      left = (row) => first(row) && second(row);
    }
    return left;
  };
  const expect = (wanted: string): void => {
    const token = take();
    if (token !== wanted) throw new Error(`«${wanted}» is expected, not «${token}»`);
  };
  const parseFunction = (name: string): Test => {
    expect('(');
    const first = take();
    expect(',');
    const second = take();
    expect(')');
    // 1C takes the function alone and compared with true.
    if (peek() === 'eq') {
      take();
      expect('true');
    }
    return functionTest(name, first, second);
  };
  const parseOne = (): Test => {
    const name = peek() ?? '';
    if (name in functions) return parseFunction(take());
    if (name !== '(') return comparison(take(), take(), take());
    take();
    const inner = parseOr();
    expect(')');
    return inner;
  };
  const test = parseOr();
  if (position < tokens.length) throw new Error(`unexpected «${peek()}»`);
  return test;
}

const functions: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  substringof: (text, part) => text.includes(part),
  startswith: (text, part) => text.startsWith(part),
  endswith: (text, part) => text.endsWith(part),
};

/** `substringof('part', Field)`, but `startswith(Field, 'part')`. */
function functionTest(name: string, first: string, second: string): Test {
  const [field, literal] = name === 'substringof' ? [second, first] : [first, second];
  const part = String(readLiteral(literal));
  return (row) => {
    if (!(field in row)) throw new Error(`no property ${field}`);
    return functions[name]?.(String(row[field]), part) ?? false;
  };
}

function comparison(field: string, operator: string, literal: string): Test {
  const wanted = readLiteral(literal);
  return (row) => {
    if (!(field in row)) throw new Error(`no property ${field}`);
    const value = row[field] as string | number | boolean;
    switch (operator) {
      case 'eq':
        return value === wanted;
      case 'ne':
        return value !== wanted;
      case 'gt':
        return value > wanted;
      case 'ge':
        return value >= wanted;
      case 'lt':
        return value < wanted;
      case 'le':
        return value <= wanted;
      default:
        throw new Error(`unknown operator ${operator}`);
    }
  };
}

function readLiteral(literal: string): string | number | boolean {
  const quoted = /^(?:datetime|guid)?'(.*)'$/s.exec(literal);
  if (quoted) return (quoted[1] ?? '').replaceAll("''", "'");
  if (literal === 'true' || literal === 'false') return literal === 'true';
  const number = Number(literal);
  if (Number.isNaN(number)) throw new Error(`«${literal}» is no literal`);
  return number;
}

/** `Date asc, Ref_Key desc`. */
export function orderRows(rows: readonly OdataRow[], text: string): OdataRow[] {
  const keys = text.split(',').map((part) => part.trim().split(/\s+/));
  return [...rows].sort((a, b) => {
    for (const [field = '', direction] of keys) {
      const [left, right] = [String(a[field]), String(b[field])];
      if (left !== right) return left < right === (direction === 'desc') ? 1 : -1;
    }
    return 0;
  });
}

/** `$select`: plain fields, `*`, `**` (without tabular parts), and fields of a tabular part as `Товары/Сумма`. */
export function selectFields(row: OdataRow, select: string | null): OdataRow {
  if (select === null || select.split(',').includes('*')) return row;
  const wanted = select.split(',').map((part) => part.trim());
  const entries = Object.entries(row).flatMap(([field, value]) => {
    if (!Array.isArray(value)) return wanted.includes(field) || wanted.includes('**') ? [[field, value]] : [];
    const parts = wanted.filter((name) => name.startsWith(`${field}/`)).map((name) => name.slice(field.length + 1));
    if (wanted.includes(field)) return [[field, value]];
    return parts.length === 0 ? [] : [[field, value.map((line: OdataRow) => keep(line, parts))]];
  });
  return Object.fromEntries(entries);
}

const keep = (line: OdataRow, fields: readonly string[]): OdataRow =>
  Object.fromEntries(Object.entries(line).filter(([field]) => fields.includes(field)));

/** Characters that end, or hide the end of, a quoted name or text. ClickHouse reads backslash escapes in both. */
const SPECIAL = /[\\`'"\0\b\f\n\r\t]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeChar(char: string): string {
  return ESCAPES[char] ?? `\\${char}`;
}

/**
 * The text with every lone surrogate replaced by U+FFFD, as UTF-8 does to it on the way to the server anyway: doing it
 * here makes every path do the same.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** A name as it stands in SQL. Throws RangeError for an empty name, which ClickHouse does not have. */
export function quoteIdentifier(name: string): string {
  if (name === '') {
    throw new RangeError('An identifier in SQL cannot be empty.');
  }
  return `\`${wellFormed(name).replace(SPECIAL, escapeChar)}\``;
}

/** A constant text of the program's own, such as a comment. Outside values travel as parameters instead. */
export function quoteText(text: string): string {
  return `'${wellFormed(text).replace(SPECIAL, escapeChar)}'`;
}

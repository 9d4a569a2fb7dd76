import { createHash, timingSafeEqual } from 'node:crypto';
import iconv from 'iconv-lite';

/** A 1C that may exchange files with us. */
export interface ExchangeSource {
  readonly id: string;
  readonly login: string;
  readonly password: string;
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Login and password as the bytes of a Basic header: UTF-8, and what older 1C sends, if windows-1251 has all of the letters. */
function spellings({ login, password }: ExchangeSource): Buffer[] {
  const text = `${login}:${password}`;
  const cyrillic = iconv.encode(text, 'windows-1251');
  const isWhole = iconv.decode(cyrillic, 'windows-1251') === text;
  return isWhole ? [Buffer.from(text), cyrillic] : [Buffer.from(text)];
}

/** The source whose login and password a Basic header carries. Takes as long for a wrong password as for a right one. */
export function authenticate(
  sources: readonly ExchangeSource[],
  header: string | undefined,
): ExchangeSource | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const given = digest(Buffer.from(encoded, 'base64'));
  let found: ExchangeSource | undefined;
  for (const source of sources) {
    for (const bytes of spellings(source)) {
      if (timingSafeEqual(digest(bytes), given)) found = source;
    }
  }
  return found;
}

import { createHash, timingSafeEqual } from 'node:crypto';

/** A 1C that may exchange files with us. */
export interface ExchangeSource {
  readonly id: string;
  readonly login: string;
  readonly password: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The source whose login and password a Basic header carries. Takes as long for a wrong password as for a right one. */
export function authenticate(
  sources: readonly ExchangeSource[],
  header: string | undefined,
): ExchangeSource | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const given = digest(Buffer.from(encoded, 'base64').toString('utf8'));
  let found: ExchangeSource | undefined;
  for (const source of sources) {
    if (timingSafeEqual(digest(`${source.login}:${source.password}`), given)) found = source;
  }
  return found;
}

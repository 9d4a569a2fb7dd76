import { z } from 'zod';

/** What the client hints of a browser say beyond its User-Agent; empty texts where they say nothing. */
export interface ClientHints {
  /** Names of the brands, without the made-up one that keeps servers from matching the list. */
  readonly brands: readonly string[];
  /** `Windows`, `macOS`, `Android` … */
  readonly platform: string;
  readonly platformVersion: string;
  readonly model: string;
  /** undefined: not told. */
  readonly isMobile: boolean | undefined;
}

const stored = z.record(z.string(), z.string());
const silent: ClientHints = { brands: [], platform: '', platformVersion: '', model: '', isMobile: undefined };

/** `"Windows"` → Windows. Structured Fields (RFC 8941): a text in quotes, with backslashes before quotes and backslashes. */
const unquote = (text: string): string =>
  /^\s*"((?:[^"\\]|\\["\\])*)"\s*$/
    .exec(text)?.[1]
    ?.replace(/\\(["\\])/g, '$1')
    .trim() ?? '';

const isMadeUp = (brand: string): boolean => /^[^\p{L}]*not.*brand[^\p{L}]*$/iu.test(brand);

const brandsOf = (list: string): string[] =>
  [...list.matchAll(/"((?:[^"\\]|\\["\\])*)"\s*;\s*v=/g)]
    .map((found) => found[1] ?? '')
    .filter((brand) => !isMadeUp(brand));

/**
 * Reads `raw_events.client_hints`: a JSON object of the headers `Sec-CH-UA…` by their names in lower case without `sec-ch-ua-`; the list of
 * brands has the empty name. What cannot be read says nothing. https://wicg.github.io/ua-client-hints/
 */
export function readClientHints(text: string): ClientHints {
  const { data } = stored.safeParse(parseJson(text));
  if (data === undefined) return silent;
  const mobile = (data['mobile'] ?? '').trim();
  return {
    brands: brandsOf(data['full-version-list'] ?? data[''] ?? ''),
    platform: unquote(data['platform'] ?? ''),
    platformVersion: unquote(data['platform-version'] ?? ''),
    model: unquote(data['model'] ?? ''),
    isMobile: mobile === '?1' ? true : mobile === '?0' ? false : undefined,
  };
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

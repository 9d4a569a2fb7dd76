import type { IncomingHttpHeaders } from 'node:http';

/** Headers by which browsers of the Chromium family say what they are, by the name they are kept under; the most telling first. */
const headerOf: readonly (readonly [name: string, header: string])[] = [
  ['', 'sec-ch-ua'],
  ['mobile', 'sec-ch-ua-mobile'],
  ['platform', 'sec-ch-ua-platform'],
  ['platform-version', 'sec-ch-ua-platform-version'],
  ['model', 'sec-ch-ua-model'],
  ['full-version-list', 'sec-ch-ua-full-version-list'],
];

const maxChars = 1024;

/**
 * What `raw_events.client_hints` keeps of a request: a JSON object, as text, of its Sec-CH-UA headers by their names without `sec-ch-ua-`,
 * the list of brands under the empty name; '' when there are none. Those that would make it longer than 1 KB are left out.
 * https://wicg.github.io/ua-client-hints/
 */
export function clientHintsOf(headers: IncomingHttpHeaders): string {
  let text = '';
  for (const [name, header] of headerOf) {
    const value = headers[header];
    if (typeof value !== 'string' || value === '') continue;
    const pair = `${text === '' ? '{' : ','}"${name}":${JSON.stringify(value)}`;
    if (text.length + pair.length < maxChars) text += pair;
  }
  return text === '' ? '' : `${text}}`;
}

/** What a script asks browsers to say of themselves to its own origin, beside what they say anyway. */
export const wantedHints = 'Sec-CH-UA-Platform-Version, Sec-CH-UA-Model, Sec-CH-UA-Full-Version-List';

import { ids, mayChange } from './core.ts';

let shown: string | undefined;

/** Shows the code of the visit wherever the page asks for it. */
export function showCode(): void {
  if (!mayChange()) return;
  const [code = ''] = ids();
  for (const place of document.querySelectorAll('[data-throughline-code]'))
    if (place.textContent !== code && (code || place.textContent === shown)) place.textContent = code;
  shown = code || shown;
}

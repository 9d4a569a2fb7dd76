import { ids } from './core.ts';

/** Shows the code of the visit wherever the page asks for it. */
export function showCode(): void {
  const [code] = ids();
  for (const place of document.querySelectorAll('[data-throughline-code]'))
    if (code && place.textContent !== code) place.textContent = code;
}

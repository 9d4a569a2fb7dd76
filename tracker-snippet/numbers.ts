import { config } from './config.ts';

const pattern = /(\+7|\b[78])[\s(-]*\d{3}([\s)-]*\d){7}\b/g;
const maxNumbers = 10;
// By the digits of the page's number, those to show instead; '' until the collector has answered.
const shown: Record<string, string> = {};

/** The telephone numbers of the page, in digits. */
export const numbersFound = (): string[] | undefined =>
  'calls' in config ? Object.keys(shown).slice(0, maxNumbers) : undefined;

/** Notes the numbers in the text, and puts those to show instead into its own format. */
const replaceIn = (text: string): string =>
  text.replace(pattern, (written) => {
    const digits = written.replace(/\D/g, '').replace(/^8/, '7');
    const other = shown[digits] || '';
    shown[digits] = other;
    let place = 0;
    return written.replace(/\d/g, (digit) => (place++ && other[place - 1]) || digit);
  });

/** Looks at all texts and links of the page. */
export function replaceNumbers(): void {
  if (!('calls' in config)) return;
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    const text = replaceIn(node.data);
    if (text !== node.data) node.data = text;
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^=tel]')) link.href = replaceIn(link.href);
}

/** Takes the collector's numbers, in digits, for those of the page. */
export function learnNumbers(numbers: Record<string, string> | undefined): void {
  Object.assign(shown, numbers);
}

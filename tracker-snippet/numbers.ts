import { config, numbers } from './core.ts';

const pattern = /(\+7|\b[78])[\s(-]*\d{3}([\s)-]*\d){7}\b/g;
/** Notes the numbers in the text, and puts those to show instead into its own format. */
const replaceIn = (text: string): string =>
  text.replace(pattern, (written) => {
    const digits = written.replace(/\D/g, '');
    const other = numbers[digits] || '';
    numbers[digits] = other;
    let place = 0;
    return written.replace(/\d/g, (digit) => (place++ && other[place - 1]) || digit);
  });

/** Looks at all texts and links of the page. */
export function replaceNumbers(): void {
  if (!('calls' in config)) return;
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  // All texts as one: a number may be written across elements. A digit is replaced by a digit, so the places stay.
  let text = replaceIn(nodes.map(({ data }) => data).join(' '));
  for (const node of nodes) {
    const { length, data } = node;
    if (!text.startsWith(data)) node.data = text.slice(0, length);
    text = text.slice(length + 1);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^=tel]')) link.href = replaceIn(link.href);
}

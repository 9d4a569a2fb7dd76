import { config } from './config.ts';
import { numbers } from './core.ts';

// Spaces, brackets, dots, hyphens and dashes of all kinds may stand between the digits of a number.
const pattern = /(\+7|\b[78])[\s().–—‐‑−-]*\d{3}([\s().–—‐‑−-]*\d){7}\b/g;

// So many the collector looks at.
const maxNumbers = 500;

/** Notes the numbers in the text, and puts those to show instead into its own format. */
const replaceIn = (text: string): string =>
  text.replace(pattern, (written) => {
    const digits = written.replace(/\D/g, '');
    const other = numbers[digits] || '';
    if (Object.keys(numbers).length < maxNumbers) numbers[digits] = other;
    let place = 0;
    return written.replace(/\d/g, (digit) => (place++ && other[place - 1]) || digit);
  });

// What a program reads, or a person has written.
const isText = ({ parentElement: parent }: Node): boolean =>
  !parent || !/^(SCRIPT|STYLE|TEXTAREA)$/.test(parent.nodeName);

/** Looks at all texts and links of the page. */
export function replaceNumbers(): void {
  if (!('calls' in config)) return;
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) if (isText(walker.currentNode)) nodes.push(walker.currentNode as Text);
  // All texts as one: a number may be written across elements. A digit is replaced by a digit, so the places stay.
  let text = replaceIn(nodes.map(({ data }) => data).join(' '));
  for (const node of nodes) {
    const { length, data } = node;
    if (!text.startsWith(data)) node.data = text.slice(0, length);
    text = text.slice(length + 1);
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^=tel i]')) {
    const { href } = link;
    const replaced = replaceIn(href);
    if (replaced !== href) link.href = replaced;
  }
}

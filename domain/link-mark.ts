/** Separators of an address as they are, or encoded in an address that another one carries, more than once too. */
const separator = '(?:[?&#]|%(?:25)*(?:3f|26|23))';
const mark = '(?:_|%(?:25)*5f)tl(?:=|%(?:25)*3d)(?:(?!%(?:25)*2[36])[^&#\\s"\'<>])*(?<next>&|%(?:25)*26)?';

/** The parameter that carries a visitor from one domain of the shop to another; the tag of the page it leads to takes it out of the address. */
const linkMark = new RegExp(`(?<before>${separator})(?:${mark})+`, 'gi');

/** Most texts hold none. */
const hint = /(?:_|5f)tl[=%]/i;

/**
 * An address, or a text that holds some, without the mark of a link between domains, which would name a visitor to whoever reads it. It
 * goes from addresses inside the address too: pages of sign-in and payment carry those to return to.
 */
export const withoutLinkMark = (text: string): string =>
  hint.test(text) ? text.replace(linkMark, separatorLeft) : text;

/** One stays where parameters follow that need it: that before the mark, unless the address inside ends here. */
function separatorLeft(_mark: string, before: string, next = ''): string {
  const endsInside = before.length > 1 && next.length === 1;
  return next === '' || endsInside ? next : before;
}

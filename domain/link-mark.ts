/** The parameter that carries a visitor from one domain of the shop to another; the tag of the page it leads to takes it out of the address. */
const linkMark = /(?<=[?&#])_tl=[^&#]*&?/g;

/** An address without the mark of a link between domains, which would name a visitor to whoever reads addresses. */
export const withoutLinkMark = (url: string): string =>
  url.includes('_tl=') ? url.replace(linkMark, '').replace(/[?&](?=#|$)/, '') : url;

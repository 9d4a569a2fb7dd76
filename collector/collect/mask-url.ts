const phoneName = /phone|tel(?![a-z])/i;
const email = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;
const phone = /^\+?[\d\s()-]{7,20}$/;

/**
 * Masks e-mails, and phones in parameters named so, in the query of an address: forms sent by GET leave them there. Other
 * numbers stay whatever they look like, because the ids of ads have as many digits as phones.
 */
export function maskUrl(url: string): string {
  const start = url.indexOf('?');
  if (start === -1 || !mayHoldContact(url)) return url;
  return url.slice(0, start + 1) + url.slice(start + 1).replace(/([^&#=]*)=([^&#]*)/g, maskParameter);
}

const mayHoldContact = (url: string): boolean => /@|%40|phone|tel/i.test(url);

function maskParameter(whole: string, name: string, value: string): string {
  const text = decode(value);
  if (email.test(text)) return `${name}=[e-mail]`;
  return phoneName.test(name) && phone.test(text) ? `${name}=[phone]` : whole;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' ')).trim();
  } catch {
    return value;
  }
}

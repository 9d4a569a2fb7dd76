import type { EventType } from './event.ts';
import { withoutLinkMark } from './link-mark.ts';
import { maskContacts } from './without-contacts.ts';

/** Clicks on a contact of the shop: which one it was is what they tell. */
export const contactClicks: ReadonlySet<EventType> = new Set(['call_click', 'mail_click', 'messenger_click']);

/** `https://api.whatsapp.com/send?phone=…`, `viber://chat?number=…` */
const number = /(?<=[?&](?:phone|number)=)(?:\+|%2b|%20)*\d[\d().-]{4,20}(?=[&#]|$)/i;
const maskedNumber = /(?<=[?&](?:phone|number)=)\[phone\]/i;

/**
 * The link of such a click with the phone, e-mail or account that it leads to. The rest is masked: texts and copies may speak of the
 * buyer. https://faq.whatsapp.com/5913398998672934, https://www.rfc-editor.org/rfc/rfc6068, https://www.rfc-editor.org/rfc/rfc3966
 */
export function maskContactLink(link: string): string {
  const [, contact = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(withoutLinkMark(link)) ?? [];
  const masked = String(maskContacts(rest));
  const ofContact = number.exec(rest)?.[0];
  return contact + (ofContact === undefined ? masked : masked.replace(maskedNumber, () => ofContact));
}

import { track } from './core.ts';
import { listen } from './safely.ts';

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => (byte + 256).toString(16).slice(1)).join('');
}

// Where a person writes; never a password, nor what the page itself has put into hidden inputs.
const writable = 'input:not([type]),[type=text],[type=tel],[type=email]';

const told = new WeakMap<HTMLFormElement, string>();

/** Tells the hashes of the first phone and the first e-mail of a form, if the site has asked for it by `data-throughline-contacts`. */
export async function tellContacts(form?: unknown): Promise<void> {
  if (!(form instanceof HTMLFormElement && form.hasAttribute('data-throughline-contacts'))) return;
  const fields = Array.from(form.querySelectorAll<HTMLInputElement>(writable), ({ type, name, value }) => ({
    kind: `${type} ${name}`,
    text: value.trim().toLowerCase(),
    // A number without a country is Russian.
    digits: value.replace(/\D/g, '').replace(/^8?(\d{10})$/, '7$1'),
  }));
  const email = fields.find(({ text }) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text));
  const phone = fields.find(({ kind, text, digits }) => /\btel|phone/i.test(kind) && !text.includes('@') && digits[10]);
  const found = `${phone ? phone.digits : ''} ${email ? email.text : ''}`;
  // One click may be heard twice, and a form that was found wrong is sent again with more in it.
  if (found === ' ' || told.get(form) === found) return;
  told.set(form, found);
  const user: { email_hash?: string; phone_hash?: string } = {};
  if (phone) user.phone_hash = await digest(`+${phone.digits}`);
  if (email) user.email_hash = await digest(email.text);
  track('identify', { user });
}

/** A page may empty its form as soon as it has taken the submit over, so it is read before. */
export function watchContacts(): void {
  listen('submit', ({ target }) => tellContacts(target));
}

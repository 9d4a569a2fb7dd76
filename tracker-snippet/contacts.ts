import { track } from './core.ts';

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => (byte + 256).toString(16).slice(1)).join('');
}

// Where a person writes; never a password, nor what the page itself has put into hidden inputs.
const writable = 'input:not([type]),[type=text],[type=tel],[type=email]';

/** Tells the hashes of the first phone and the first e-mail of a form, if the site has asked for it by `data-throughline-contacts`. */
export async function tellContacts(form?: unknown): Promise<void> {
  if (!(form instanceof HTMLFormElement && form.hasAttribute('data-throughline-contacts'))) return;
  const user: { phone_hash?: string; email_hash?: string } = {};
  for (const { type, name, value } of form.querySelectorAll<HTMLInputElement>(writable)) {
    const text = value.trim().toLowerCase();
    // A number without a country is Russian.
    const digits = text.replace(/\D/g, '').replace(/^8?(\d{10})$/, '7$1');
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) user.email_hash = user.email_hash || (await digest(text));
    else if (/tel|phone/i.test(type + name) && digits[10])
      user.phone_hash = user.phone_hash || (await digest(`+${digits}`));
  }
  track('identify', { user });
}

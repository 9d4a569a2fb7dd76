import { track } from './core.ts';

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => (byte + 256).toString(16).slice(1)).join('');
}

/** Tells the hashes of the phone and the e-mail of a form, if the site has asked for it by `data-throughline-contacts`. */
export async function tellContacts(form?: unknown): Promise<void> {
  if (!(form instanceof HTMLFormElement && form.hasAttribute('data-throughline-contacts'))) return;
  const user: Record<string, string> = {};
  for (const { type, name, value } of form.querySelectorAll('input')) {
    // A number without a country is Russian.
    const digits = value.replace(/\D/g, '').replace(/^8?(\d{10})$/, '7$1');
    if (value.includes('@')) user.email_hash = await digest(value.trim().toLowerCase());
    else if (/tel|phone/i.test(type + name) && digits[10]) user.phone_hash = await digest(`+${digits}`);
  }
  track('identify', { user });
}

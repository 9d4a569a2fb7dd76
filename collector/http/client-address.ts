import { isIP, isIPv4 } from 'node:net';
import type { RequestHead } from './request-head.ts';

/**
 * Address of the browser: the peer, or behind `proxies` of our own, one behind the other, that many entries from the end of
 * X-Forwarded-For, where the outermost of them wrote it; those before are the sender's word.
 */
export function clientAddress(request: RequestHead, proxies: number): string {
  const peer = request.socket.remoteAddress ?? '';
  if (proxies === 0) return peer;
  const entries = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const forwarded = withoutPort((entries.at(-proxies) ?? entries[0] ?? '').trim());
  return isIP(forwarded) !== 0 ? forwarded : peer;
}

/** `[2001:db8::1]:443` and `192.0.2.1:443` as some proxies write them. */
const withoutPort = (entry: string): string =>
  entry.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');

export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

/**
 * Whether the browser's side of the connection is https. Of several proxies the first entry is the browser's; who forges it harms nobody
 * but his own cookie.
 */
export function isHttps(request: RequestHead, proxies: number): boolean {
  if ('encrypted' in request.socket) return true;
  const [first = ''] = String(request.headers['x-forwarded-proto'] ?? '').split(',');
  return proxies > 0 && first.trim().toLowerCase() === 'https';
}

/** The eight numbers of an IPv6 address; the last two may be written as IPv4. */
function groupsOf(address: string): number[] {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [first = [], last] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = last === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...(last ?? [])].map((group) => Number.parseInt(group, 16));
}

const hex = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':');

const isMappedIpv4 = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);

/** The address cut to /24 (IPv4, mapped into IPv6 or not) or /48 (IPv6), so that it names no household; empty when it is none. */
export function truncateAddress(address: string): string {
  if (isIPv4(address)) return address.replace(/\d+$/, '0');
  if (isIP(address) !== 6) return '';
  const groups = groupsOf(address);
  if (!isMappedIpv4(groups)) return `${hex(groups.slice(0, 3))}::`;
  const [high = 0, low = 0] = groups.slice(6);
  return `${high >> 8}.${high & 255}.${low >> 8}.0`;
}

/** What the rate is counted by: an IPv4 address, or the /64 of an IPv6 one, because each customer has a whole one to choose from. */
export function rateKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  return isMappedIpv4(groups) ? hex(groups.slice(6)) : hex(groups.slice(0, 4));
}

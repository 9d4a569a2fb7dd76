import { BlockList, isIP } from 'node:net';

/** Own networks, loopback, links and carrier-grade NAT: RFC 6890. Nobody can say where they are. */
const reserved = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  reserved.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  reserved.addSubnet(network, prefix, 'ipv6');

/** Whether a text is an address of the public internet. */
export function isPublicAddress(text: string): boolean {
  const family = isIP(text);
  return family !== 0 && !reserved.check(text, family === 4 ? 'ipv4' : 'ipv6');
}

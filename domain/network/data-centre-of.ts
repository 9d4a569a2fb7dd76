import { isIPv4 } from 'node:net';
import { dataCentres } from './data-centres.ts';

interface Block {
  readonly first: number;
  readonly last: number;
  readonly name: string;
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function toBlock(cidr: string, name: string): Block {
  const [address = '', prefix = '32'] = cidr.split('/');
  const first = toNumber(address);
  return { first, last: first + 2 ** (32 - Number(prefix)) - 1, name };
}

const blocks: readonly Block[] = Object.entries(dataCentres)
  .flatMap(([name, list]) => list.map((cidr) => toBlock(cidr, name)))
  .sort((a, b) => a.first - b.first);

/** Name of the cloud that the address belongs to, `aws`; empty when none is known. IPv4 alone. Pure. */
export function dataCentreOf(address: string): string {
  if (!isIPv4(address)) return '';
  const number = toNumber(address);
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.first ?? Number.POSITIVE_INFINITY) <= number) low = middle + 1;
    else high = middle;
  }
  const block = blocks[low - 1];
  return block !== undefined && number <= block.last ? block.name : '';
}

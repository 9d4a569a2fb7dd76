import { expect, test } from 'vitest';
import { dataCentreOf } from '../../../domain/network/data-centre-of.ts';
import { dataCentres } from '../../../domain/network/data-centres.ts';
import { isPublicAddress } from '../../../domain/network/is-public-address.ts';

const clouds: readonly (readonly [address: string, name: string])[] = [
  ['51.250.0.0', 'yandex-cloud'],
  ['51.250.127.0', 'yandex-cloud'],
  ['51.250.128.0', ''],
  ['51.249.255.0', ''],
  ['3.80.0.0', 'aws'],
  ['34.127.255.0', 'google-cloud'],
  ['34.128.0.0', ''],
  ['5.9.1.0', 'hetzner'],
  ['77.88.8.0', ''],
  ['95.165.0.0', ''],
  ['0.0.0.0', ''],
  ['255.255.255.255', ''],
  ['', ''],
  ['garbage', ''],
  ['2a02:6b8::', ''],
];

for (const [address, name] of clouds) {
  test(`"${address}" is ${name || 'in no cloud that is known'}`, () => {
    expect(dataCentreOf(address)).toBe(name);
  });
}

test('every block of the clouds begins at its first address and lies in no other', () => {
  const blocks = Object.values(dataCentres)
    .flat()
    .map((cidr) => {
      const [address = '', prefix = ''] = cidr.split('/');
      const first = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
      return { cidr, first, size: 1n << (32n - BigInt(prefix)) };
    })
    .sort((a, b) => Number(a.first - b.first));
  for (const [number, { cidr, first, size }] of blocks.entries()) {
    expect(first % size, cidr).toBe(0n);
    expect((blocks[number + 1]?.first ?? 1n << 32n) >= first + size, cidr).toBe(true);
  }
});

test('own networks, loopback and what is no address are not of the public internet', () => {
  const inside = [
    '127.0.0.0',
    '10.1.2.0',
    '192.168.0.0',
    '172.31.0.0',
    '100.64.0.0',
    '169.254.0.0',
    '::1',
    'fe80::',
    'fd00::',
  ];
  expect(inside.filter(isPublicAddress)).toEqual([]);
  expect(['', 'x', '1.2.3'].filter(isPublicAddress)).toEqual([]);
  const outside = ['172.32.0.0', '8.8.8.0', '95.165.0.0', '2a02:6b8:1::'];
  expect(outside.filter(isPublicAddress)).toEqual(outside);
});

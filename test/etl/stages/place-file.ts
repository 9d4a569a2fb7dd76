import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

const control = (type: number, size: number): Buffer =>
  type > 7 ? Buffer.from([size, type - 7]) : Buffer.from([(type << 5) | size]);

/** The data format of MaxMind, for texts, lists and maps of fewer than 29: https://maxmind.github.io/MaxMind-DB/ */
function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

/** A file in which every IPv4 address has this entry. */
export function writePlaceFile(entry: Value): string {
  const path = join(mkdtempSync(join(tmpdir(), 'places-')), 'places.mmdb');
  const toData = 1 + 16;
  const tree = Buffer.from([0, 0, toData, 0, 0, toData]);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'test',
    description: {},
    ip_version: 4,
    languages: [],
    node_count: 1,
    record_size: 24,
  });
  const mark = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  writeFileSync(path, Buffer.concat([tree, Buffer.alloc(16), encode(entry), mark, metadata]));
  return path;
}

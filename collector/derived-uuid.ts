import { createHash } from 'node:crypto';

/**
 * A UUID made of other values (version 5, RFC 9562): the same values always give the same one, so that a retry after a lost
 * answer lands where the first attempt did.
 */
export function derivedUuid(...parts: readonly string[]): string {
  return uuidOf(createHash('sha1').update(JSON.stringify(parts)).digest(), 5);
}

/** A UUID of the first 16 bytes of a hash; the bytes are changed. */
export function uuidOf(hash: Buffer, version: 5 | 8): string {
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | (version << 4), 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

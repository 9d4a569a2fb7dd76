import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Unpacked size to declare instead of the true one. */
  readonly declaredSize?: number;
  readonly isEncrypted?: boolean;
  /** Put in as it is, not deflated. */
  readonly isStored?: boolean;
  /** What the archive holds instead of the content, whose checksum it still bears: damage on the way. */
  readonly damaged?: Uint8Array;
}

/** A zip archive with deflated or stored entries (PKWARE APPNOTE 6.3, 4.3), able to lie about sizes and content. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const held = entry.damaged ?? entry.content;
    const packed = entry.isStored ? Buffer.from(held) : deflateRawSync(held);
    const name = Buffer.from(entry.name);
    const common = commonHeader(entry, packed.length, name.length);
    const local = Buffer.concat([Buffer.from('504b03041400', 'hex'), common, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    locals.push(local);
    central.push(Buffer.concat([Buffer.from('504b010214001400', 'hex'), common, place, name]));
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** From the general purpose flag to the length of the extra field: the same in both headers. */
function commonHeader(entry: ZipEntry, packedSize: number, nameLength: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0x0800 | (entry.isEncrypted ? 1 : 0), 0);
  header.writeUInt16LE(entry.isStored ? 0 : 8, 2);
  header.writeUInt32LE(crc32(entry.content), 8);
  header.writeUInt32LE(packedSize, 12);
  header.writeUInt32LE(entry.declaredSize ?? entry.content.length, 16);
  header.writeUInt16LE(nameLength, 20);
  return header;
}

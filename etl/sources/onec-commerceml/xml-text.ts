import iconv from 'iconv-lite';

/** XML text of a byte stream. Bytes that are not text become U+FFFD and are told by their offset, so that the rest of the file can be read. */
export interface XmlDecoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

export class UnsupportedEncodingError extends Error {
  override readonly name = 'UnsupportedEncodingError';
}

const headBytes = 256;

/**
 * Decodes UTF-8 or windows-1251 as the byte order mark or the XML declaration says; UTF-8 when neither does.
 * `onBroken` gets the offset of each byte that has no meaning in that encoding. Throws UnsupportedEncodingError.
 */
export function createXmlDecoder(onBroken: (offset: number) => void): XmlDecoder {
  let head: Buffer = Buffer.alloc(0);
  let chosen: XmlDecoder | undefined;
  const choose = (): string => {
    chosen = decoderFor(head, onBroken);
    return chosen.write(head);
  };
  return {
    write(bytes) {
      if (chosen !== undefined) return chosen.write(bytes);
      head = Buffer.concat([head, bytes]);
      return head.length >= headBytes ? choose() : '';
    },
    end() {
      const text = chosen === undefined ? choose() : '';
      return text + (chosen?.end() ?? '');
    },
  };
}

function decoderFor(head: Buffer, onBroken: (offset: number) => void): XmlDecoder {
  if (head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return utf8Decoder(onBroken);
  if ([0xfeff, 0xfffe].includes(head.length < 2 ? 0 : head.readUInt16BE(0))) throw unsupported('UTF-16');
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(
    head.subarray(0, headBytes).toString('latin1'),
  );
  const name = (declared?.[1] ?? 'utf-8').toLowerCase();
  if (name === 'utf-8' || name === 'utf8') return utf8Decoder(onBroken);
  if (name === 'windows-1251' || name === 'cp1251') return windows1251Decoder(onBroken);
  throw unsupported(name);
}

const unsupported = (name: string): UnsupportedEncodingError =>
  new UnsupportedEncodingError(`the encoding ${name} is not read; save the file in UTF-8 or windows-1251`);

// XML has no place for control characters; 1C copies them into comments from the clipboard of its users.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters sought
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const isControl = (byte: number): boolean => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;

function windows1251Decoder(onBroken: (offset: number) => void): XmlDecoder {
  let offset = 0;
  return {
    write(bytes) {
      const text = iconv.decode(Buffer.from(bytes), 'win1251').replace(controls, '\ufffd');
      if (text.includes('\ufffd'))
        for (const [index, byte] of bytes.entries()) if (byte === 0x98 || isControl(byte)) onBroken(offset + index);
      offset += bytes.length;
      return text;
    },
    end: () => '',
  };
}

function utf8Decoder(onBroken: (offset: number) => void): XmlDecoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  let pending: Buffer = Buffer.alloc(0);
  let offset = 0;
  const take = (bytes: Buffer, isLast: boolean): string => {
    const text = decoder.decode(bytes, { stream: !isLast }).replace(controls, '\ufffd');
    if (text.includes('\ufffd')) tellBrokenUtf8(bytes, (index) => onBroken(offset + index));
    offset += bytes.length;
    return text;
  };
  return {
    write(bytes) {
      const all = Buffer.concat([pending, bytes]);
      const whole = all.length - unfinishedTail(all);
      pending = all.subarray(whole);
      return take(all.subarray(0, whole), false);
    },
    end: () => take(pending, true),
  };
}

const sequenceLength = (lead: number): number =>
  lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

/** Bytes at the end that may be the beginning of a character whose rest is in the next chunk. */
function unfinishedTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

function tellBrokenUtf8(bytes: Buffer, onBroken: (index: number) => void): void {
  for (let index = 0; index < bytes.length; ) {
    const lead = bytes[index] ?? 0;
    const length = sequenceLength(lead);
    const isGood = length === 1 ? !isControl(lead) : length > 1 && isCharacter(bytes, index, length);
    if (!isGood) onBroken(index);
    index += isGood ? length : 1;
  }
}

function isCharacter(bytes: Buffer, index: number, length: number): boolean {
  if (index + length > bytes.length) return false;
  const [lead = 0, second = 0] = bytes.subarray(index, index + 2);
  for (let next = index + 1; next < index + length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return false;
  // Overlong forms, surrogates and code points beyond the last one, by the second byte.
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}

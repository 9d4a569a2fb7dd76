import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { UnreadableFileError } from './exchange-problem.ts';

export interface ExchangeFile {
  readonly name: string;
  /** To be read to its end, or left, before the next file is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ArchiveLimits {
  readonly entries: number;
  readonly totalBytes: number;
  /** Unpacked ÷ packed size, of entries large enough to hurt. */
  readonly ratio: number;
}

const defaultLimits: ArchiveLimits = { entries: 2000, totalBytes: 4 * 1024 ** 3, ratio: 200 };
const smallEntryBytes = 16 * 1024 ** 2;

/**
 * The XML files of what 1C sent: the file itself, or the entries of a zip, told by its first bytes and not by its name.
 * Nothing is unpacked to disk. Throws UnreadableFileError naming the file, before the first file of it is given: cut off,
 * damaged, encrypted, without any XML, or made to exhaust memory.
 */
export async function* exchangeFiles(
  path: string,
  filename: string,
  limits: ArchiveLimits = defaultLimits,
): AsyncGenerator<ExchangeFile> {
  if (await isZip(path)) yield* archiveFiles(path, filename, limits);
  else yield { name: filename, bytes: createReadStream(path) };
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && ['504b0304', '504b0506'].includes(buffer.toString('hex'));
  } finally {
    await file.close();
  }
}

async function* archiveFiles(path: string, filename: string, limits: ArchiveLimits): AsyncGenerator<ExchangeFile> {
  const zip = await readArchive(filename, () => openPromise(path, { autoClose: false }));
  try {
    const entries = await readArchive(filename, () => entriesOf(zip, filename, limits));
    const documents = entries.filter((entry) => /\.xml$/i.test(entry.fileName));
    if (documents.length === 0)
      throw bad(filename, 'it holds no XML file; send the exchange file of 1C, packed or as it is');
    for (const entry of entries) await refuseDamaged(zip, entry, filename);
    for (const entry of documents)
      yield { name: `${filename}/${entry.fileName}`, bytes: entryBytes(zip, entry, filename) };
  } finally {
    zip.close();
  }
}

/** All entries are judged before the first is read: half of a dangerous archive is not taken. */
async function entriesOf(zip: ZipFile, filename: string, limits: ArchiveLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.entries)
    throw bad(filename, `it holds ${zip.entryCount} files, at most ${limits.entries} are read`);
  const entries: Entry[] = [];
  let totalBytes = 0;
  for await (const entry of zip.eachEntry()) {
    totalBytes += entry.uncompressedSize;
    const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
    if (totalBytes > limits.totalBytes || (entry.uncompressedSize > smallEntryBytes && ratio > limits.ratio))
      throw bad(filename, `${entry.fileName} would unpack to ${entry.uncompressedSize} bytes, which no export does`);
    if (entry.isEncrypted()) throw bad(filename, `${entry.fileName} is encrypted; send it without a password`);
    entries.push(entry);
  }
  return entries;
}

/** A changed digit unpacks as well as the right one: only the checksum tells, and only at the end of the entry. */
async function refuseDamaged(zip: ZipFile, entry: Entry, filename: string): Promise<void> {
  let checksum = 0;
  for await (const chunk of entryBytes(zip, entry, filename)) checksum = crc32(chunk, checksum);
  if (checksum !== entry.crc32)
    throw bad(filename, `${entry.fileName} is damaged, its checksum does not match; send the file again`);
}

async function* entryBytes(zip: ZipFile, entry: Entry, filename: string): AsyncGenerator<Uint8Array> {
  const stream = await readArchive(filename, () => zip.openReadStreamPromise(entry));
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw asArchiveError(error, filename);
  }
}

async function readArchive<Value>(filename: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    throw asArchiveError(error, filename);
  }
}

const asArchiveError = (error: unknown, filename: string): UnreadableFileError =>
  error instanceof UnreadableFileError
    ? error
    : bad(
        filename,
        `it is cut off or damaged (${error instanceof Error ? error.message : String(error)}); send the file again`,
      );

const bad = (filename: string, detail: string): UnreadableFileError =>
  new UnreadableFileError('bad_archive', filename, `the archive cannot be read: ${detail}`);

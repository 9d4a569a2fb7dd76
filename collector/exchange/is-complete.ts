import { open } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { isZip } from './file-name.ts';

const tailBytes = 1024;
const zipEnd = Buffer.from('PK\x05\x06', 'latin1');
const rootEnd = /<\/(?:[^\s<>:]+:)?КоммерческаяИнформация>\s*$/;

/** Whether a file received in pieces ends as a whole one does: with the root element's end, or a zip's directory. */
export async function isComplete(path: string, name: string): Promise<boolean> {
  const tail = await readTail(path);
  if (isZip(name)) return tail.includes(zipEnd);
  return rootEnd.test(tail.toString('utf8')) || rootEnd.test(iconv.decode(tail, 'windows-1251'));
}

async function readTail(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(tailBytes),
      position: Math.max(0, size - tailBytes),
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

import { open } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { isZip } from './file-name.ts';

const tailBytes = 8 * 1024;
const zipEnd = Buffer.from('PK\x05\x06', 'latin1');

/** The root element's end, or the whole root when it is empty. */
const rootEnd =
  /<\/(?:[^\s<>:/]+:)?КоммерческаяИнформация\s*>|<(?:[^\s<>:/]+:)?КоммерческаяИнформация(?:\s[^<>]*)?\/>/g;
/** What XML allows after it beside blanks: comments and processing instructions. */
const afterRoot = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g;

/** Whether a file received in pieces ends as a whole one does: with the root element's end, or a zip's directory. */
export async function isComplete(path: string, name: string): Promise<boolean> {
  const tail = await readTail(path);
  if (isZip(name)) return tail.includes(zipEnd);
  return endsRoot(tail.toString('utf8')) || endsRoot(iconv.decode(tail, 'windows-1251'));
}

function endsRoot(text: string): boolean {
  const end = [...text.matchAll(rootEnd)].at(-1);
  return (
    end !== undefined &&
    text
      .slice(end.index + end[0].length)
      .replace(afterRoot, '')
      .trim() === ''
  );
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

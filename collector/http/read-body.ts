import type { IncomingMessage } from 'node:http';
import { failed, ok, type Result } from '../../domain/result.ts';

/** Reads a whole body of at most `maxBytes`. The rest of a longer one is left to node, which discards it after the answer. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Result<Buffer, 'too_large' | 'broken_off'>> {
  const tooLarge = failed('too_large', 'body', `The body is larger than ${maxBytes} bytes: send it in parts.`);
  if (Number(request.headers['content-length']) > maxBytes) return Promise.resolve(tooLarge);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.off('data', take);
        request.resume();
        resolve(tooLarge);
      } else {
        chunks.push(chunk);
      }
    };
    request.on('data', take);
    request.on('end', () => resolve(ok(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))));
    request.on('close', () => resolve(failed('broken_off', 'body', 'The connection ended before the body did.')));
    request.on('error', () => resolve(failed('broken_off', 'body', 'The connection broke before the body ended.')));
  });
}

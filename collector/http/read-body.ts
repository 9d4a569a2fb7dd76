import type { IncomingMessage } from 'node:http';
import { failed, ok, type Result } from '../../domain/result.ts';

export type ReadBody = Result<Buffer, 'too_large' | 'broken_off' | 'overloaded'>;

/** What all bodies together have brought that are not whole yet, and how much that may be: each waits in memory for its end. */
export interface Reading {
  bytes: number;
  readonly maxBytes: number;
}

const brokenOff: ReadBody = failed('broken_off', 'body', 'The connection ended before the body did.');
const overloaded: ReadBody = failed(
  'overloaded',
  'body',
  'More arrives than can be read: send again in a few seconds.',
);

/**
 * Reads a whole body of at most `maxBytes` and calls `done` once. The rest of one that is not read is left to node, which discards it after
 * the answer. A callback, because every request of the hot path passes here.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reading: Reading,
  done: (body: ReadBody) => void,
): void {
  const tooLarge = (): ReadBody =>
    failed('too_large', 'body', `The body is larger than ${maxBytes} bytes: send it in parts.`);
  if (Number(request.headers['content-length']) > maxBytes) {
    done(tooLarge());
    return;
  }
  let first: Buffer | undefined;
  let rest: Buffer[] | undefined;
  let bytes = 0;
  let isDone = false;
  const finish = (body: ReadBody): void => {
    if (isDone) return;
    isDone = true;
    reading.bytes -= bytes;
    done(body);
  };
  const give = (refusal: ReadBody): void => {
    request.off('data', take);
    request.resume();
    finish(refusal);
  };
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    reading.bytes += chunk.length;
    if (bytes > maxBytes) {
      give(tooLarge());
    } else if (reading.bytes > reading.maxBytes) {
      give(overloaded);
    } else if (first === undefined) {
      first = chunk;
    } else {
      rest ??= [first];
      rest.push(chunk);
    }
  };
  request.on('data', take);
  request.on('end', () => finish(ok(rest === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest))));
  // Without a listener for errors node tells a broken connection by this event alone.
  request.on('close', () => finish(brokenOff));
}

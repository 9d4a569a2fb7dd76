import { constants } from 'node:os';
import { DataType, load, open } from 'ffi-rs';

const lockExclusive = 2;
const doNotWait = 4;
/** The name that our own process gets among the loaded libraries; Node itself is linked with the C library. */
const library = 'this-process';
let isOpen = false;

/** The file system cannot lock files; the message says what to do. */
export class LockError extends Error {
  override readonly name = 'LockError';
}

/**
 * Locks an open file by the kernel, without waiting; false while another open file of the same path holds it, in this process, another,
 * or another container. The kernel gives the lock back when the file is closed, also by the end of a killed process.
 * Throws LockError. https://man7.org/linux/man-pages/man2/flock.2.html
 */
export function tryFlock(fd: number, path: string): boolean {
  if (!isOpen) open({ library, path: '' });
  isOpen = true;
  const { value, errnoCode, errnoMessage } = load({
    library,
    funcName: 'flock',
    retType: DataType.I32,
    paramsType: [DataType.I32, DataType.I32],
    paramsValue: [fd, lockExclusive | doNotWait],
    errno: true as const,
  });
  if (value === 0) return true;
  if (errnoCode === constants.errno.EWOULDBLOCK) return false;
  throw new LockError(`${path} cannot be locked (${errnoMessage}): keep the data folder on a disk of this machine.`);
}

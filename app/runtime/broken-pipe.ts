/** What a shell says of a program that SIGPIPE ended. */
const brokenPipeCode = 141;

/**
 * Whoever read the output may stop before its end (`| head`). The command goes on in silence, for a half-done import is worse
 * than a message that nobody reads, and ends with the code that a shell gives in such a case.
 */
export function onBrokenPipe(own: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode'>): {
  readonly isBroken: boolean;
} {
  const pipe = { isBroken: false };
  for (const out of [own.stdout, own.stderr])
    out.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      pipe.isBroken = true;
      own.exitCode = brokenPipeCode;
    });
  return pipe;
}

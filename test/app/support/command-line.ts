import { vi } from 'vitest';
import { runCommandLine } from '../../../app/command-line.ts';
import type { Finished } from './product.ts';

/** One command in this process: what it writes is caught. */
export async function runHere(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      output[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      return true;
    }),
  );
  try {
    const code = await runCommandLine(args, { LOG_LEVEL: 'silent', ...env });
    return { code, ...output };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What a command said at its end: one that takes long on a slow machine tells before how far it is. */
export const atTheEnd = ({ stdout, ...finished }: Finished): Finished => ({
  ...finished,
  stdout: stdout.replace(/^(\w+ \d+\n)+/, ''),
});

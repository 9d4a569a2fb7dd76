import type { Writable } from 'node:stream';
import { visibleInLine } from './visible.ts';

export interface Progress {
  /** Says how far a step is: a line that renews itself on a terminal, a plain line now and then elsewhere. */
  step(name: string, done: number, total?: number): void;
  /** Says in words what is waited for; only on a terminal, where somebody looks at an unfinished line. */
  wait(name: string, words: string): void;
  /** Ends a step with its result, or with what it brought before it failed. */
  done(name: string, result: string, isGood?: boolean): void;
}

const plainEveryMs = 5_000;
const barWidth = 24;

export function createProgress(
  out: Writable & { isTTY?: boolean },
  now: () => number = () => performance.now(),
): Progress {
  const isTerminal = out.isTTY === true;
  let lastPlainMs = now();
  return {
    step: (name, done, total) => {
      if (isTerminal) {
        out.write(`\r\x1b[2K${bar(done, total)} ${visibleInLine(name)} ${count(done, total)}`);
      } else if (now() - lastPlainMs >= plainEveryMs) {
        lastPlainMs = now();
        out.write(`${visibleInLine(name)} ${count(done, total)}\n`);
      }
    },
    wait: (name, words) => {
      if (isTerminal) out.write(`\r\x1b[2K… ${visibleInLine(`${name}: ${words}`)}`);
    },
    done: (name, result, isGood = true) => {
      out.write(`${isTerminal ? '\r\x1b[2K' : ''}${isGood ? '✓' : '✗'} ${visibleInLine(`${name}: ${result}`)}\n`);
    },
  };
}

const count = (done: number, total?: number): string => (total === undefined ? String(done) : `${done}/${total}`);

function bar(done: number, total?: number): string {
  const filled = total === undefined || total === 0 ? 0 : Math.round((Math.min(done, total) / total) * barWidth);
  return `[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}]`;
}

import { addHistograms, emptyHistogram } from './histogram.ts';
import type { HotPathStats } from './hot-path.ts';

export const emptyStats: HotPathStats = {
  requests: {},
  spool: { lines: {}, flushes: emptyHistogram, pendingBytes: 0 },
};

/** What two processes did together. */
export function addStats(left: HotPathStats, right: HotPathStats): HotPathStats {
  const flushes = addHistograms(left.spool.flushes, right.spool.flushes);
  return {
    requests: addCounts(left.requests, right.requests),
    spool: {
      lines: addCounts(left.spool.lines, right.spool.lines),
      flushes,
      pendingBytes: left.spool.pendingBytes + right.spool.pendingBytes,
    },
  };
}

/** What stays of a process that ended: its counts. */
export const withoutPending = ({ requests, spool }: HotPathStats): HotPathStats => ({
  requests,
  spool: { ...spool, pendingBytes: 0 },
});

function addCounts<Counts extends Readonly<Partial<Record<string, number>>>>(left: Counts, right: Counts): Counts {
  const sum: Record<string, number | undefined> = { ...left };
  for (const [name, count = 0] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return { ...left, ...sum };
}

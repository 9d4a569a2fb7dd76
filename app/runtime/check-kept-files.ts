import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failedFiles } from '../../collector/exchange/failed-files.ts';
import { countRefused } from '../../collector/spool/refused.ts';
import { type Unreadable, type WaitingSegment, whatWaits } from '../../collector/spool/waiting.ts';
import type { Finding } from './check-installation.ts';
import type { Installation } from './installation.ts';
import { allSpools, mainSpool } from './spools.ts';

type Looked = Pick<Installation, 'dataDir' | 'clock'>;

const latestLagMinutes = 10;
const namedAtMost = 5;

/** What was acknowledged and is not in the database. */
export async function checkSpool({ dataDir, clock }: Looked): Promise<Finding[]> {
  const waiting = await Promise.all(allSpools(dataDir).map(whatWaits));
  const segments = waiting.flatMap((spool) => spool.segments);
  const bad = waiting.flatMap((spool) => spool.unreadable);
  const findings: Finding[] = [];
  for (const dir of allSpools(dataDir)) {
    const refused = await countRefused(dir, bad);
    if (refused === 0) continue;
    findings.push({
      what: 'spool',
      says: `the database refused ${refused} rows, which are in no report; they are kept in ${join(dir, 'refused')} and tried again at every start. See each with its cause: throughline doctor --rejected. Update throughline and start it again; report what stays as a fault of the product`,
      isGood: false,
    });
  }
  if (bad.length > 0) findings.push(cannotBeRead(bad));
  if (segments.length > 0) findings.push(waits(mainSpool(dataDir), segments, clock.now()));
  return findings.length > 0
    ? findings
    : [{ what: 'spool', says: 'everything that came is in the database', isGood: true }];
}

function cannotBeRead(files: readonly Unreadable[]): Finding {
  const named = files.slice(0, namedAtMost).map(({ path, code }) => `${path} (${code})`);
  const more = files.length > namedAtMost ? ` and ${files.length - namedAtMost} more` : '';
  return {
    what: 'spool',
    says: `what lies in ${named.join(', ')}${more} cannot be read and is in no report, while all else goes on: mend the rights, or the disk, or move away what is no file of throughline. It is tried again every 30 seconds while throughline runs`,
    isGood: false,
  };
}

function waits(dir: string, segments: readonly WaitingSegment[], nowMs: number): Finding {
  const sinceMs = Math.min(...segments.map((segment) => segment.sinceMs));
  const minutes = Math.floor((nowMs - sinceMs) / 60_000);
  const files = `${segments.length} ${segments.length === 1 ? 'file' : 'files'} with events and records`;
  const at = new Date(sinceMs).toISOString().slice(0, 19).replace('T', ' ');
  return minutes < latestLagMinutes
    ? {
        what: 'spool',
        says: `${files} in ${dir} ${segments.length === 1 ? 'waits' : 'wait'} for the database since ${at} UTC: while throughline up (or collector) runs, for some seconds`,
        isGood: true,
      }
    : {
        what: 'spool',
        says: `${files} have waited for the database for ${minutes} minutes in ${dir}: start throughline up (or collector) if it does not run; else its log says what the database has against them`,
        isGood: false,
      };
}

/** Files that 1C was told have come and that could not be imported. */
export async function checkExchangeFiles({ dataDir }: Looked): Promise<Finding[]> {
  const root = join(dataDir, 'exchange');
  const sources = await readdir(root).catch(() => []);
  const findings = await Promise.all(sources.sort().map((source) => checkSource(root, source)));
  return findings.flat();
}

async function checkSource(root: string, source: string): Promise<Finding[]> {
  const files = (await failedFiles(join(root, source))).filter(({ isTold }) => !isTold);
  const [first] = files;
  if (first === undefined) return [];
  const named = files
    .slice(-namedAtMost)
    .map(({ filename, failedAtMs }) => `${filename} (${minuteOf(failedAtMs)} UTC)`);
  const more = files.length > namedAtMost ? ` and ${files.length - namedAtMost} older ones` : '';
  const id = decodeURIComponent(source);
  return [
    {
      what: `files of ${id}`,
      says: `${files.length} files that 1C sent could not be imported and are in no report: ${named.join(', ')}${more}. They are kept in ${join(root, source, 'failed')} and tried again at every start. To see what is wrong with one: throughline import ${id} ${first.path}. Update throughline or have 1C send the orders again, start it again, and delete what is not needed any more`,
      isGood: false,
    },
  ];
}

const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

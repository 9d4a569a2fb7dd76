import { config } from './config.ts';
import { readCookie, readCookies, writeCookie } from './cookie.ts';
import { readLocal, writeLocal } from './local.ts';
import { attempt, safely } from './safely.ts';
import { isUuid, newUuid } from './uuid.ts';
import type { Answer } from './wire-event.ts';

/** The visitor's UUID. */
export let visitor = '';
/** UUID of the visit that goes on, shared by all tabs and hosts of the shop; empty after 30 minutes of silence. */
export let visit = '';
/** Hash of the source that began the visit; empty for a direct one. */
export let signature = '';
/** The short code of the visit that people can tell on the phone; empty until the collector has answered. */
export let code = '';
/** The last source this origin saw the visitor come from that was not direct, and the first; empty when it saw none. */
export let lastSource = '';
export let firstSource = '';

export const keptKey = 'tl_visitor';

let decision = '';
// The minute of the last event. Finer, and the cookie would have to be written with every event.
let minute: number | string = '';
let known = '';
let isRecalled: boolean | undefined;

/** granted: everything; pending: nothing leaves the page; denied: counts without a person; opt_out: nothing at all. */
export const consent = (): string => {
  return (
    decision ||
    ('gpc' in config &&
      ((navigator as never as { globalPrivacyControl: unknown }).globalPrivacyControl ||
        (navigator.doNotTrack as never) > 0) &&
      'denied') ||
    config.consent ||
    'granted'
  );
};

/** Whether the browser may keep anything of ours, and the visitor may be known again. */
export const mayKeep = (): boolean => consent() === 'granted' && !('cookieless' in config);

/** Brings up to date what this module exports, by one look at what the browser keeps for each turn of its event loop. */
export function recall(): void {
  if (isRecalled) return;
  const isFirst = isRecalled === undefined;
  isRecalled = true;
  keepAfterTurn();
  readCookies();
  const cookie = readCookie(keptKey);
  const local = readLocal(keptKey);
  // What this page knows and may not keep, or cannot, stays until another page has kept something.
  if (known !== cookie + local) {
    known = cookie + local;
    // The cookie, which all hosts of the shop share, has the first fields of the mirror, and is right where they differ.
    if (known)
      [
        decision = '',
        visitor = visitor,
        visit = '',
        minute = '',
        signature = '',
        code = '',
        lastSource = lastSource,
        firstSource = firstSource,
      ] = Object.assign(local.split('!'), cookie ? cookie.split('!') : '');
  }
  if (!isUuid(visitor)) visitor = newUuid();
  // The clock may have been set back meanwhile, so the distance counts in both directions.
  if (!isUuid(visit) || Math.abs(thisMinute() - +minute) > 30) visit = signature = code = '';
  if (isFirst) attempt(config.openPage);
}

const thisMinute = (): number => (Date.now() / 60_000) | 0;

const keepAfterTurn = safely(async () => {
  await undefined;
  isRecalled = false;
  const all = [decision, visitor, visit, minute, signature, code, lastSource, firstSource];
  const first = (count: number) => all.slice(0, mayKeep() ? count : 1).join('!');
  const shared = first(6);
  const local = first(8);
  if (!shared || known === shared + local) return;
  known = shared + local;
  attempt(() => {
    writeCookie(keptKey, shared);
    if ('roistat' in config) writeCookie('roistat_visit', mayKeep() ? code : '');
  });
  writeLocal(keptKey, local);
});

/**
 * Begins a visit with this moment. `source` is noted unless it cannot be known: '' for a direct arrival. `id` and `person` are those
 * that another domain of the shop knows.
 */
export function beginVisit(mark: string, source?: string, id = newUuid(), person = visitor): void {
  visitor = person;
  visit = id;
  signature = mark;
  code = '';
  minute = thisMinute();
  if (source === undefined) return;
  lastSource = source || lastSource || 'direct';
  firstSource = firstSource || source || 'direct';
}

/** The visit an event of this moment belongs to: the live one, prolonged, or a new one after the silence. */
export function continueVisit(): string {
  recall();
  if (!visit) beginVisit('');
  minute = thisMinute();
  return visit;
}

/** Takes up what the collector knows of the sender of a batch. */
export function learnIds(body: string, { visitor: person, visit: id, visit_code: given }: Answer): void {
  recall();
  // The server's cookie outlives ours in Safari: the id it remembers is the older and the better one.
  if (isUuid(person) && body.includes(visitor)) visitor = person;
  // The code of a visit that is over is of no use. Where nothing is kept the collector tells the visit too.
  if (isUuid(id) && (!mayKeep() || id === visit) && consent() === 'granted' && +(given as string)) {
    visit = id;
    code = given as string;
  }
}

/** Follows the visitor's decision, and keeps it even when nothing else is kept: a refusal must not be forgotten with the page. */
export function decide(state: string): void {
  decision = state;
  if (state !== 'granted') code = '';
}

/** What forms and widgets of the page may take to the site: code, visit, visitor, last and first source; nothing without consent. */
export function ids(): string[] {
  recall();
  return consent() === 'granted' ? [code, visit, visitor, lastSource, firstSource] : [];
}

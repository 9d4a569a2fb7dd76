import { createHash } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import type { ContactHasher } from '../../domain/contact.ts';
import { isProblemStatus, type ProblemStatus } from '../../domain/problem.ts';
import type { RecordEntity } from '../../domain/record/index.ts';
import type { Clock } from '../../domain/time.ts';
import type { Sites } from '../collect/sites.ts';
import { allowMethods } from '../http/allow-methods.ts';
import { type HttpProblem, sendProblem } from '../http/problem.ts';
import type { Spool } from '../spool.ts';
import type { Authorise } from './authorise.ts';
import { type CheckedEvents, checkEvents } from './check-events.ts';
import { checkRecords } from './check-records.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import { readRows } from './read-rows.ts';

export interface IngestDeps {
  readonly project: string;
  readonly sites: Sites;
  readonly spool: Pick<Spool, 'append'>;
  readonly hasher: ContactHasher;
  readonly storeContacts: boolean;
  readonly clock: Clock;
  readonly authorise: Authorise;
  readonly idempotency: IdempotencyStore;
}

const maxBodyBytes = 10 * 1024 * 1024;
const maxRows = 10_000;
const maxKeyChars = 255;

/** What a caller may send, by its name in the address. */
const entities: ReadonlyMap<string, RecordEntity | 'event'> = new Map([
  ['events', 'event'],
  ['touches', 'touch'],
  ['leads', 'lead'],
  ['deals', 'deal'],
  ['payments', 'payment'],
  ['costs', 'cost'],
  ['clients', 'client'],
  ['stages', 'stage'],
]);

type Outcome = { readonly ok: true; readonly accepted: number } | { readonly ok: false; readonly problem: HttpProblem };

/** `POST /api/v1/ingest/<entity>`: rows of another system, all of a request or none. */
export function ingestRouter(deps: IngestDeps): Router {
  const router = Router();
  const nextInstant = risingClock(deps.clock);
  const readBody = express.raw({ limit: maxBodyBytes, type: () => true });
  router.all('/api/v1/ingest/:entity', allowMethods('POST'));
  router.post('/api/v1/ingest/:entity', authorised(deps), readBody, async (request, response) => {
    send(response, await ingest(deps, nextInstant, request, response));
  });
  router.use('/api/v1/ingest', bodyProblem);
  return router;
}

/** Instants that never repeat: of two versions of a record the one that came later must be the newer one. */
function risingClock(clock: Clock): () => number {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(clock.now(), lastMs + 1);
    return lastMs;
  };
}

const authorised =
  ({ authorise }: IngestDeps): RequestHandler =>
  async (request, response, next) => {
    const decision = await authorise(request, 'ingest');
    if (decision.ok) {
      response.locals.tokenId = decision.value.tokenId;
      return next();
    }
    const status = decision.problem.reason === 'forbidden' ? 403 : 401;
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    return sendProblem(response, { status, detail: decision.problem.detail });
  };

async function ingest(
  deps: IngestDeps,
  nextInstant: () => number,
  request: Request,
  response: Response,
): Promise<Outcome> {
  const entity = entities.get(String(request.params.entity));
  if (entity === undefined) {
    return refused(404, `There is no such entity here. Known ones: ${[...entities.keys()].join(', ')}.`);
  }
  const body: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const write = () => takeRows(deps, entity, body, request.get('content-type') ?? '', nextInstant());
  const key = request.get('idempotency-key');
  if (key === undefined) return write();
  if (key.length > maxKeyChars) return refused(400, `Idempotency-Key is longer than ${maxKeyChars} characters.`);
  const scopedKey = JSON.stringify([response.locals.tokenId, entity, key]);
  return deps.idempotency.inTurn(scopedKey, () => writeOnce(deps.idempotency, scopedKey, body, write));
}

async function writeOnce(
  store: IdempotencyStore,
  key: string,
  body: Buffer,
  write: () => Promise<Outcome>,
): Promise<Outcome> {
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const found = await store.find(key, bodyHash);
  if (found.kind === 'same') return { ok: true, accepted: found.accepted };
  if (found.kind === 'other') {
    return refused(409, 'This Idempotency-Key came with another body within 24 hours: use a new key for new rows.');
  }
  const outcome = await write();
  // A key that could not be kept makes no error of rows that were: rows that come again do no harm.
  if (outcome.ok) await store.save(key, bodyHash, outcome.accepted).catch(() => undefined);
  return outcome;
}

async function takeRows(
  deps: IngestDeps,
  entity: RecordEntity | 'event',
  body: Buffer,
  contentType: string,
  fetchedAtMs: number,
): Promise<Outcome> {
  const rows = readRows(body, contentType);
  if (!rows.ok) return refused(rows.problem.reason === 'unknown_format' ? 415 : 400, rows.problem.detail);
  if (rows.value.length > maxRows) return refused(413, `At most ${maxRows} rows in a request: send them in parts.`);
  const { project, hasher, sites, storeContacts } = deps;
  const context = { project, hasher, storeContacts, fetchedAtMs };
  const checked: CheckedEvents =
    entity === 'event' ? checkEvents(rows.value, sites, context) : checkRecords(entity, rows.value, context);
  if (!checked.ok) {
    const detail = 'Nothing was taken: mend the rows named in errors and send the request again.';
    return { ok: false, problem: { status: 422, detail, errors: checked.errors } };
  }
  const noted = await deps.spool.append('rejected', checked.unread ?? []);
  const appended = noted.ok ? await deps.spool.append(entity === 'event' ? 'events' : 'records', checked.lines) : noted;
  if (appended.ok) return { ok: true, accepted: rows.value.length };
  return { ok: false, problem: { status: 503, detail: appended.problem.detail, retryAfterSeconds: 5 } };
}

const refused = (status: ProblemStatus, detail: string): Outcome => ({ ok: false, problem: { status, detail } });

function send(response: Response, outcome: Outcome): void {
  if (outcome.ok) response.json({ accepted: outcome.accepted });
  else sendProblem(response, outcome.problem);
}

const bodyDetails: Partial<Record<ProblemStatus, string>> = {
  413: `The body is larger than ${maxBodyBytes} bytes: send it in parts.`,
  415: 'This Content-Encoding is not known: send the rows plain, or compressed with gzip, deflate or br.',
};

/** The body could not be read: too large, cut off, or compressed in a way that is not known. */
const bodyProblem: ErrorRequestHandler = (error, _request, response, next) => {
  const status: unknown = error?.status;
  if (response.headersSent || !isProblemStatus(status) || status >= 500) return next(error);
  return sendProblem(response, { status, detail: bodyDetails[status] ?? 'The body could not be read.' });
};

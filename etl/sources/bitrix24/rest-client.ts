import { z } from 'zod';
import { toInstant } from '../../../domain/time.ts';
import { isWorthRetrying, SourceError } from '../../errors.ts';
import type { ReadContext } from '../../source.ts';
import { errorOfAnswer, errorOfBody, isErrorBody } from './errors.ts';
import type { Bitrix24Settings } from './settings.ts';

/** An answer's envelope: https://apidocs.bitrix24.ru/settings/how-to-call-rest-api/data-types.html */
const envelopeSchema = z.looseObject({
  result: z.unknown(),
  next: z.number().optional(),
  time: z
    .looseObject({
      date_start: z.string().optional(),
      operating_reset_at: z.union([z.number(), z.string()]).optional(),
    })
    .optional(),
});

/** PHP writes an empty map as `[]`. */
const mapSchema = z.union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))]);
const batchSchema = z.looseObject({ result: mapSchema, result_error: mapSchema });

export interface RestAnswer {
  readonly result: unknown;
  /** Offset of the next page; absent on the last. */
  readonly next: number | undefined;
  /** The portal's own time when it began to answer, UTC; ours when it does not say. */
  readonly portalTime: string;
}

export interface RestClient {
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<RestAnswer>;
  /** Runs commands (`crm.deal.productrows.get?id=5`) by name, 50 to a request. A command whose object is gone has no answer. */
  batch(commands: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>;
}

type Context = Pick<ReadContext<Bitrix24Settings>, 'settings' | 'http' | 'clock' | 'sleep'>;

const commandsPerBatch = 50;
const batchAttempts = 4;
const batchPauseMs = 5000;

export function createRestClient(context: Context): RestClient {
  // When the portal would lift a ban of a method, by its last good answer.
  const resetAtMs = new Map<string, number>();
  const call: RestClient['call'] = async (method, params = {}) => {
    const body = await context.http.json({
      url: `${context.settings.url.replace(/\/$/, '')}/${method}.json`,
      json: params,
      judge: (response, nowMs) => errorOfAnswer(response, nowMs, resetAtMs.get(method)),
    });
    const envelope = readEnvelope(body, method);
    const { date_start, operating_reset_at } = envelope.time ?? {};
    if (operating_reset_at !== undefined) resetAtMs.set(method, readResetMs(operating_reset_at));
    const startedMs = Date.parse(date_start ?? '');
    const portalTime = toInstant(Number.isNaN(startedMs) ? context.clock.now() : startedMs);
    return { result: envelope.result, next: envelope.next, portalTime };
  };
  return { call, batch: (commands) => runBatches({ call, context }, commands) };
}

function readEnvelope(body: unknown, method: string): z.output<typeof envelopeSchema> {
  const parsed = envelopeSchema.safeParse(body);
  if (parsed.success && 'result' in parsed.data) return parsed.data;
  throw new SourceError('bad_data', `the answer of ${method} has no result: it is not the Bitrix24 REST API`);
}

/** Seconds since the epoch; some portals write ISO 8601. */
const readResetMs = (value: number | string): number => (typeof value === 'number' ? value * 1000 : Date.parse(value));

interface Batcher {
  readonly call: RestClient['call'];
  readonly context: Context;
}

async function runBatches(
  batcher: Batcher,
  commands: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  const entries = Object.entries(commands);
  for (let start = 0; start < entries.length; start += commandsPerBatch) {
    Object.assign(
      results,
      await runOneBatch(batcher, Object.fromEntries(entries.slice(start, start + commandsPerBatch))),
    );
  }
  return results;
}

/** Each command has an error of its own inside a good answer; those that will pass are asked again, alone. */
async function runOneBatch(batcher: Batcher, commands: Record<string, string>): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  let open = commands;
  for (let attempt = 1; Object.keys(open).length > 0; attempt += 1) {
    const { result } = await batcher.call('batch', { halt: 0, cmd: open });
    const answer = batchSchema.safeParse(result);
    if (!answer.success) throw new SourceError('bad_data', 'the answer of batch has another shape than documented');
    Object.assign(results, answer.data.result);
    const failures = failuresOf(answer.data.result_error, open, batcher.context.clock.now());
    const grave = failures.find(({ error }) => !isWorthRetrying(error.kind) || attempt === batchAttempts);
    if (grave !== undefined) throw grave.error;
    open = Object.fromEntries(failures.map(({ name, command }) => [name, command]));
    if (failures.length > 0) await batcher.context.sleep(longestWaitMs(failures) + batchPauseMs * attempt);
  }
  return results;
}

interface CommandFailure {
  readonly name: string;
  readonly command: string;
  readonly error: SourceError;
}

function failuresOf(
  errors: Record<string, unknown>,
  commands: Record<string, string>,
  nowMs: number,
): CommandFailure[] {
  return Object.entries(commands).flatMap(([name, command]) => {
    const body = errors[name];
    if (body === undefined) return [];
    const error = errorOfBody(isErrorBody(body) ? body : { error: body }, { status: 200, nowMs });
    return error.kind === 'gone' ? [] : [{ name, command, error }];
  });
}

const longestWaitMs = (failures: readonly CommandFailure[]): number =>
  Math.max(...failures.map(({ error }) => error.retryAfterMs ?? 0));

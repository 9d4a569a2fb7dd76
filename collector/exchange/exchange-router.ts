import { setTimeout as delay } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import type { Clock } from '../../domain/time.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { allowMethods } from '../http/allow-methods.ts';
import { isHttps } from '../http/client-address.ts';
import { isCompressed } from '../http/is-compressed.ts';
import { authenticate, type ExchangeSource } from './credentials.ts';
import { emptyInfo, emptyOrders } from './documents.ts';
import { isDataFile, isZip, readFileName } from './file-name.ts';
import type { ImportFile } from './import-file.ts';
import { isComplete } from './is-complete.ts';
import { createSessions, type Session, type Sessions, sessionCookie } from './sessions.ts';
import { type Upload, Uploads } from './uploads.ts';

export interface ExchangeOptions {
  readonly sources: readonly ExchangeSource[];
  readonly dir: string;
  readonly importFile: ImportFile;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
  /** How many proxies of our own stand before us. */
  readonly proxies: number;
  /** All files of one session together. */
  readonly maxSessionBytes?: number;
  /** How long an answer waits for an import before it says `progress`. */
  readonly patienceMs?: number;
  /** How often sessions are looked for that are over. */
  readonly sweepMs?: number;
}

export interface Exchange {
  readonly router: Router;
  /** Imports what an earlier process had received. */
  resume(): Promise<void>;
  /** Waits for the imports in hand. */
  stop(): Promise<void>;
}

/** What 1C may send in one request; larger files come in pieces. */
const fileLimitBytes = 8 * 1024 * 1024;
const defaults = { maxSessionBytes: 512 * 1024 * 1024, patienceMs: 2000, sweepMs: 5 * 60 * 1000 };

interface Context extends Required<ExchangeOptions> {
  readonly sessions: Sessions;
  /** By source. */
  readonly uploads: ReadonlyMap<string, Uploads>;
  /** Sessions of each source whose files may still be on disk. */
  readonly recentSessions: Map<string, Session[]>;
}

interface Call {
  readonly context: Context;
  readonly session: Session;
  readonly uploads: Uploads;
  readonly request: Request;
  readonly type: string;
  readonly filename: string;
}

type Answer = string | { readonly xml: string | Buffer; readonly charset: string };

/**
 * The site's side of the exchange that every 1C knows. A file is imported as soon as it is whole for type=sale, because some
 * configurations never ask for it; otherwise at mode=import, complete, success or the next checkauth, whichever is first. What is
 * left when a session is over is read then, whole or cut off.
 * https://dev.1c-bitrix.ru/api_help/sale/algorithms/data_2_site.php
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const uploads = new Map(
    options.sources.map(({ id }) => {
      const dir = `${options.dir}/${encodeURIComponent(id)}`;
      return [id, new Uploads({ dir, sourceId: id, importFile: options.importFile, logger: options.logger })] as const;
    }),
  );
  const sessions = createSessions(options.clock);
  const context: Context = { ...defaults, ...options, sessions, uploads, recentSessions: new Map() };
  const router = Router();
  router.all('/exchange/1c', allowMethods('GET', 'POST'), async (request, response) => {
    await answer(context, request, response).catch((error: unknown) => {
      options.logger.error({ error: error instanceof Error ? error.stack : String(error) }, 'a call of 1C failed');
      send(response.status(500), failure('The collector failed on this call; its log says why.'));
    });
  });
  const all = async (action: (one: Uploads) => Promise<void>) => {
    await Promise.all([...uploads.values()].map(action));
  };
  const sweep = setInterval(() => {
    for (const { id } of options.sources) settleOver(context, id);
  }, context.sweepMs);
  sweep.unref();
  const stop = (): Promise<void> => {
    clearInterval(sweep);
    return all((one) => one.idle());
  };
  return { router, resume: () => all((one) => one.resume()), stop };
}

async function answer(context: Context, request: Request, response: Response): Promise<void> {
  const query = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
  const mode = query.get('mode') ?? '';
  if (mode === 'checkauth') return checkauth(context, request, response);
  const session = context.sessions.find(request.headers.cookie);
  const uploads = context.uploads.get(session?.sourceId ?? '');
  if (!session || !uploads) {
    request.resume();
    return send(response.status(401), failure('The session is over or unknown: begin again with mode=checkauth.'));
  }
  const handle = modes.get(mode);
  if (!handle) {
    request.resume();
    return send(
      response,
      failure(`There is no mode ${mode.slice(0, 40)}. Known ones: checkauth, ${[...modes.keys()].join(', ')}.`),
    );
  }
  const type = query.get('type') ?? '';
  const call = { context, session, uploads, request, type, filename: query.get('filename') ?? '' };
  send(response, await handle(call, query));
}

function checkauth(context: Context, request: Request, response: Response): void {
  request.resume();
  const source = authenticate(context.sources, request.headers.authorization);
  if (!source) {
    response.setHeader('WWW-Authenticate', 'Basic realm="1C exchange"');
    const cure = 'put the login and password of the configured source into the exchange settings of 1C.';
    send(response.status(401), failure(`Wrong login or password: ${cure}`));
    return;
  }
  const session = openSession(context, source.id);
  response.setHeader(
    'Set-Cookie',
    `${sessionCookie}=${session.id}; Path=/; HttpOnly; SameSite=Lax${isHttps(request, context.proxies) ? '; Secure' : ''}`,
  );
  send(response, `success\n${sessionCookie}\n${session.id}\n`);
}

/** A catalog and an order exchange of one 1C may run side by side, so an earlier session is over only when it has expired. */
function openSession(context: Context, sourceId: string): Session {
  const earlier = settleOver(context, sourceId);
  for (const session of earlier) void importWhole(context, session);
  const session = context.sessions.open(sourceId);
  context.recentSessions.set(sourceId, [...earlier, session]);
  return session;
}

/** Takes in what is left of the sessions that are over; gives the others. */
function settleOver({ sessions, recentSessions, uploads, logger }: Context, sourceId: string): Session[] {
  const recent = recentSessions.get(sourceId) ?? [];
  for (const { id } of recent.filter(sessions.isOver)) {
    uploads
      .get(sourceId)
      ?.settle(id)
      .catch((error: unknown) => {
        logger.error({ sourceId, error: String(error) }, 'the files of an exchange cannot be read');
      });
  }
  const open = recent.filter((session) => !sessions.isOver(session));
  recentSessions.set(sourceId, open);
  return open;
}

type Mode = (call: Call, query: URLSearchParams) => Answer | Promise<Answer>;

const modes: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['init', init],
  ['file', file],
  ['import', importNamed],
  ['query', ({ context }) => ({ xml: emptyOrders(context.clock.now()), charset: 'utf-8' })],
  ['info', () => ({ xml: emptyInfo(), charset: 'windows-1251' })],
  ['success', finish],
  ['complete', finish],
  ['deactivate', () => 'success\n'],
]);

async function init({ session, uploads, type }: Call, query: URLSearchParams): Promise<Answer> {
  // What was begun before and not asked for is sent anew after init, or not at all.
  for (const [key, upload] of session.uploads) {
    if (!key.startsWith(`${type}/`) || upload.state !== 'receiving') continue;
    if (await isComplete(upload.path, upload.filename)) void uploads.import(upload);
    else upload.state = 'abandoned';
  }
  const version = /^[\d.]{1,10}$/.exec(query.get('version') ?? '')?.[0];
  const lines = ['zip=yes', `file_limit=${fileLimitBytes}`, `sessid=${session.id}`];
  return `${[...lines, ...(version === undefined ? [] : [`version=${version}`])].join('\n')}\n`;
}

async function file(call: Call): Promise<Answer> {
  const { context, session, uploads, request, type } = call;
  const filename = readFileName(call.filename);
  if (filename === undefined || !isDataFile(filename)) {
    request.resume();
    if (filename !== undefined) return 'success\n';
    return failure(
      `The file name ${JSON.stringify(call.filename.slice(0, 100))} is not allowed: it needs a plain name.`,
    );
  }
  if (isCompressed(request.headers)) {
    request.resume();
    return failure(`${filename}: the piece is compressed by the header Content-Encoding: send it plain, or a zip.`);
  }
  const key = `${type}/${call.filename}`;
  const known = session.uploads.get(key);
  const upload = known?.state === 'receiving' ? known : uploads.begin(session.id, filename, known);
  session.uploads.set(key, upload);
  const onDisk = [...session.uploads.values()].filter(({ state }) => state === 'receiving' || state === 'importing');
  const usedBytes = onDisk.reduce((sum, one) => sum + one.bytes, 0);
  const appended = await uploads.append(upload, request, context.maxSessionBytes - usedBytes);
  if (!appended.ok) return failure(`${filename}: ${appended.problem.detail}`);
  if (type !== 'sale' || !(await isComplete(upload.path, filename))) return 'success\n';
  await Promise.race([uploads.import(upload), delay(context.patienceMs)]);
  return upload.state === 'failed' ? importFailure(uploads, upload) : 'success\n';
}

/** The file of that name; when it came inside a zip, the zips. */
function namedUploads({ session, type, filename }: Call): Upload[] {
  const sent = [...session.uploads].filter(([, { state }]) => state !== 'abandoned');
  const named = sent.find(([key]) => key === `${type}/${filename}`);
  if (named) return [named[1]];
  return sent
    .filter(([key, { filename: name }]) => key.startsWith(`${type}/`) && isZip(name))
    .map(([, upload]) => upload);
}

async function importNamed(call: Call): Promise<Answer> {
  const found = namedUploads(call);
  const { filename, uploads, context } = call;
  if (found.length === 0)
    return failure(`${filename.slice(0, 100)} was not sent in this session: send it with mode=file first.`);
  const imports = Promise.all(found.map((upload) => uploads.import(upload)));
  await Promise.race([imports, delay(context.patienceMs)]);
  const bad = found.find(({ state }) => state === 'failed');
  if (bad) return importFailure(uploads, bad);
  return found.every(({ state }) => state === 'imported')
    ? 'success\n'
    : `progress\n${filename.slice(0, 100)} is being imported\n`;
}

async function finish({ context, session }: Call): Promise<Answer> {
  void importWhole(context, session);
  return 'success\n';
}

/** Imports what arrived whole and nobody asked for. */
async function importWhole({ uploads, logger }: Context, session: Session): Promise<void> {
  try {
    for (const upload of session.uploads.values()) {
      const isWhole = upload.state === 'receiving' && (await isComplete(upload.path, upload.filename));
      if (isWhole) await uploads.get(session.sourceId)?.import(upload);
    }
  } catch (error) {
    logger.error({ sourceId: session.sourceId, error: String(error) }, 'the files of an exchange cannot be read');
  }
}

async function importFailure(uploads: Uploads, upload: Upload): Promise<string> {
  await uploads.told(upload);
  return failure(`${upload.filename}: ${upload.problem}`);
}

const failure = (text: string): string => `failure\n${text}\n`;

function send(response: Response, body: Answer): void {
  response.setHeader('Cache-Control', 'no-store');
  if (typeof body === 'string') response.type('text/plain').send(body);
  else response.setHeader('Content-Type', `application/xml; charset=${body.charset}`).end(body.xml);
}

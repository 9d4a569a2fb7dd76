import express from 'express';
import type { PlainTaker } from '../../collector/plain-http/plain-connection.ts';
import { createReports } from '../../reports/create-reports.ts';
import { errorHandler } from '../../reports/http/errors.ts';
import { sendProblem } from '../../reports/http/problem.ts';
import { createTokenStore, type TokenStore } from '../../warehouse/token-store.ts';
import { type CollectorRole, proxiesBefore, startCollectorRole } from './collector-role.ts';
import { type EtlRole, startEtlRole } from './etl-role.ts';
import { openFront, type Workers } from './front.ts';
import { handleStarting } from './handle-starting.ts';
import type { Handle, Listening, ListenOptions } from './http-server.ts';
import type { Installation } from './installation.ts';
import { operationOf } from './operation/of-roles.ts';
import { operationRouter } from './operation/operation-router.ts';
import { dashboardDir } from './paths.ts';

export type RoleName = 'collector' | 'etl' | 'reports';
export const allRoles: readonly RoleName[] = ['collector', 'etl', 'reports'];

export interface ServeOptions extends ListenOptions {
  readonly roles: readonly RoleName[];
  readonly hasConfigFile: boolean;
  /** Processes that take events beside this one. Default: 0, this one does. */
  readonly workers?: number;
  /** Of the workers. Default: warn. */
  readonly logLevel?: string;
  /** Reports need no token: only for the made-up shop of the demo, on loopback. */
  readonly isOpenToRead?: boolean;
}

export interface Served extends Listening {
  readonly collector: CollectorRole | undefined;
  readonly etl: EtlRole | undefined;
  readonly tokens: TokenStore;
}

/** Starts the roles of this process, and its workers, on one port. The port comes first: who cannot have it must not touch the data. Throws ListenError, InUseError. */
export async function serve(installation: Installation, options: ServeOptions): Promise<Served> {
  let handle: Handle = handleStarting;
  let taker: PlainTaker | undefined;
  const workers = options.roles.includes('collector') ? (options.workers ?? 0) : 0;
  const { logger } = installation;
  const front = await openFront((request, response) => handle(request, response), {
    ...options,
    workers,
    logger,
    plain: {
      take: (...request) => taker?.take(...request) ?? false,
      brokeOff: (path) => taker?.brokeOff(path),
    },
  });
  try {
    const roles = await startRoles(installation, options, front.workers);
    handle = roles.handle;
    taker = roles.collector?.collector.plain;
    return {
      url: front.url,
      port: front.port,
      ...roles,
      stop: async () => {
        await front.stop();
        await roles.stop();
      },
    };
  } catch (error) {
    await front.stop();
    throw error;
  }
}

interface Roles extends Omit<Served, keyof Listening> {
  readonly handle: Handle;
  stop(): Promise<void>;
}

async function startRoles(
  installation: Installation,
  options: ServeOptions,
  workers: Workers | undefined,
): Promise<Roles> {
  const { warehouse, config, clock, env, logger } = installation;
  const has = (role: RoleName): boolean => options.roles.includes(role);
  const tokens = createTokenStore({
    warehouse,
    project: config.project,
    clock,
    adminToken: env['THROUGHLINE_ADMIN_TOKEN'],
  });
  const afterLoading = { poke: (): void => {} };
  const onLoaded = (): void => afterLoading.poke();
  const collector = has('collector')
    ? await startCollectorRole(installation, { ...options, tokens, workers, onLoaded })
    : undefined;
  const etl = has('etl')
    ? await startEtlRole(installation).catch(async (error: unknown) => {
        await collector?.stop();
        throw error;
      })
    : undefined;
  if (etl) afterLoading.poke = etl.stages.poke;
  const operation = operationRouter(operationOf(installation, { collector, etl, workers, tokens }));
  const app = express().disable('x-powered-by').set('trust proxy', proxiesBefore(config, workers));
  app.use(operation);
  if (collector) app.use(collector.collector.router);
  if (has('reports')) app.use(reportsRouter(installation, tokens, options));
  app.use((request, response) =>
    sendProblem(response, 404, `There is nothing at ${request.method} ${request.path.slice(0, 200)}.`),
  );
  app.use(errorHandler(logger));
  return {
    handle: (request, response) => {
      if (!collector?.collector.handleHot(request, response)) app(request, response);
    },
    collector,
    etl,
    tokens,
    stop: async () => {
      await collector?.stop();
      await etl?.stop();
    },
  };
}

function reportsRouter(installation: Installation, tokens: TokenStore, options: ServeOptions): express.Router {
  const { warehouse, config, clock, logger } = installation;
  const project = {
    name: config.project,
    timezone: config.timezone,
    currency: config.currency,
    moneySource: config.money_source,
  };
  const auth = options.isOpenToRead ? ({ mode: 'open' } as const) : ({ mode: 'tokens', tokens } as const);
  return createReports({ warehouse, project, clock, logger, auth, dashboardDir }).router;
}

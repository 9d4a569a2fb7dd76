import express, { Router } from 'express';
import helmet from 'helmet';
import type { Clock } from '../domain/time.ts';
import type { WarehouseLogger } from '../warehouse/logger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Report } from './contract.ts';
import { allowMethods } from './http/allow-methods.ts';
import { authorise, type ReportsAuth } from './http/authorise.ts';
import { dashboardRoutes } from './http/dashboard-routes.ts';
import { errorHandler } from './http/errors.ts';
import { onlyJson } from './http/only-json.ts';
import { reportRoutes } from './http/report-routes.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { Sessions } from './http/sessions.ts';
import type { Outcome } from './query/problem.ts';
import type { ReportProject } from './query/project.ts';
import { type RunOptions, runReport } from './query/run.ts';

export interface ReportsOptions {
  readonly warehouse: Warehouse;
  readonly project: ReportProject;
  readonly clock: Clock;
  readonly logger: WarehouseLogger;
  readonly auth: ReportsAuth;
  /** Folder of the built dashboard; without it `/` is not served. */
  readonly dashboardDir?: string;
}

export interface Reports {
  /** Routes of the report API and of the dashboard, to be mounted at `/`; paths it does not know go on. */
  readonly router: Router;
  /** The same report for a caller in this process: a body as POST /api/v1/report takes it. Throws WarehouseError. */
  readonly runReport: (query: unknown, options?: RunOptions) => Promise<Outcome<Report>>;
}

const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // The process speaks plain HTTP on a loopback; whoever puts TLS before it decides on HSTS.
  strictTransportSecurity: false,
});

function apiRoutes(options: ReportsOptions): Router {
  const sessions = new Sessions(options.clock);
  const router = Router();
  const json = [onlyJson, express.json({ limit: '1mb', type: () => true })];
  router.all('/session', allowMethods('GET', 'HEAD', 'POST', 'DELETE'));
  router.all('/report', allowMethods('GET', 'HEAD', 'POST'));
  router.all(['/meta', '/values'], allowMethods('GET', 'HEAD'));
  router.use('/session', securityHeaders, json, sessionRoutes(options.auth, sessions));
  router.use(['/report', '/meta', '/values'], securityHeaders, authorise(options.auth, sessions, 'read'), json);
  router.use(reportRoutes(options));
  return router;
}

/** The reports of one project over one warehouse. */
export function createReports(options: ReportsOptions): Reports {
  const router = Router();
  router.use('/api/v1', apiRoutes(options));
  if (options.dashboardDir !== undefined) router.use(dashboardRoutes(options.dashboardDir, securityHeaders));
  router.use(errorHandler(options.logger));
  return { router, runReport: (query, runOptions) => runReport(options, query, runOptions) };
}

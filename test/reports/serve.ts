import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createReports, type ReportsOptions } from '../../reports/create-reports.ts';
import { silentLogger } from '../../warehouse/logger.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { clock, project } from './marts.ts';

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The reports on a free port of the loopback. */
export async function serveReports(warehouse: Warehouse, over: Partial<ReportsOptions> = {}): Promise<Served> {
  const reports = createReports({ warehouse, project, clock, logger: silentLogger, auth: { mode: 'open' }, ...over });
  const app = express().use(reports.router);
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

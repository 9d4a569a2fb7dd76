import { randomBytes } from 'node:crypto';
import { freePort } from '../../warehouse/embedded/free-port.ts';
import { type CollectorWorkers, startCollectorWorkers } from './collector-workers.ts';
import { workerHeader } from './forward.ts';
import { type Handle, type Listening, type ListenOptions, listen, urlOf } from './http-server.ts';
import type { Logger } from './logger.ts';

/** The port of the product, and the processes behind it. */
export interface Front extends Listening {
  /** Undefined when this process takes all requests itself. */
  readonly workers: Workers | undefined;
}

export interface Workers extends CollectorWorkers {
  readonly count: number;
}

export interface FrontOptions extends ListenOptions {
  /** Processes that take events; 0: this one does. */
  readonly workers: number;
  readonly logger: Logger;
}

/** Opens the port. `handle` gets what no worker takes. Throws ListenError. */
export async function openFront(handle: Handle, options: FrontOptions): Promise<Front> {
  if (options.workers === 0) return { ...(await listen(handle, options)), workers: undefined };
  const key = randomBytes(24).toString('hex');
  const behind = await listen(ofWorkersAlone(handle, key), {
    ...options,
    host: '127.0.0.1',
    port: 0,
    plain: undefined,
  });
  try {
    const port = options.port === 0 ? await freePort() : options.port;
    const forward = { port: behind.port, key };
    const pool = await startCollectorWorkers({ ...options, count: options.workers, port, forward });
    return {
      url: urlOf(options.host, port),
      port,
      workers: { ...pool, count: options.workers },
      stop: async () => {
        await pool.stop();
        await behind.stop();
      },
    };
  } catch (error) {
    await behind.stop();
    throw error;
  }
}

/** Nobody else may come past the workers: they say which address a request has. */
const ofWorkersAlone =
  (handle: Handle, key: string): Handle =>
  (request, response) => {
    if (request.headers[workerHeader] === key) handle(request, response);
    else request.destroy();
  };

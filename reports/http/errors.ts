import type { ErrorRequestHandler } from 'express';
import { z } from 'zod';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { isWarehouseError, type WarehouseErrorKind } from '../../warehouse/warehouse-error.ts';
import { sendProblem } from './problem.ts';

/** Failures of the database that the asker can do something about, in their words. */
const databaseAnswers: Partial<Record<WarehouseErrorKind, { status: number; detail: string }>> = {
  unreachable: { status: 503, detail: 'the database does not answer; try again in a minute' },
  busy: { status: 503, detail: 'the database is busy; try again in a minute' },
  timeout: { status: 503, detail: 'the report took too long; shorten the period or name fewer dimensions' },
  memory: {
    status: 503,
    detail: 'the report needs more memory than it may take; shorten the period or name fewer dimensions',
  },
  'too-large': { status: 413, detail: 'a list of values in the filters is too long' },
};

/** Errors of express.json: the body is not JSON, or too large. */
const bodyErrorSchema = z.object({ type: z.string().startsWith('e'), status: z.int() });

const bodyDetails: Readonly<Record<number, string>> = {
  400: 'the body is not JSON',
  413: 'the body is larger than 1 MB',
  415: 'the body is in an encoding we do not read; send UTF-8',
};

/** Last in the chain: no stack trace and no SQL leaves the process; the log keeps them. */
export function errorHandler(logger: WarehouseLogger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const body = bodyErrorSchema.safeParse(error);
    if (body.success && bodyDetails[body.data.status] !== undefined) {
      return sendProblem(response, body.data.status, bodyDetails[body.data.status] ?? '');
    }
    logger.error({ err: error, path: request.path }, 'a report could not be answered');
    const known = isWarehouseError(error) ? databaseAnswers[error.kind] : undefined;
    if (known?.status === 503) response.set('Retry-After', '30');
    return sendProblem(response, known?.status ?? 500, known?.detail ?? 'the log of the server says what happened');
  };
}

import type { ErrorRequestHandler } from 'express';
import { z } from 'zod';
import { isProblemStatus, type ProblemStatus } from '../../domain/problem.ts';
import type { WarehouseLogger } from '../../warehouse/logger.ts';
import { isWarehouseError, type WarehouseErrorKind } from '../../warehouse/warehouse-error.ts';
import { sendProblem } from './problem.ts';

interface Answer {
  readonly status: ProblemStatus;
  readonly detail: string;
}

/** Failures of the database that the asker can do something about, in their words. */
const databaseAnswers: Partial<Record<WarehouseErrorKind, Answer>> = {
  unreachable: { status: 503, detail: 'the database does not answer; try again in a minute' },
  busy: { status: 503, detail: 'the database is busy; try again in a minute' },
  timeout: { status: 503, detail: 'the report took too long; shorten the period or name fewer dimensions' },
  memory: {
    status: 503,
    detail: 'the report needs more memory than it may take; shorten the period or name fewer dimensions',
  },
  'too-large': { status: 413, detail: 'a list of values in the filters is too long' },
};

/** Errors of the sender, as express and its body parsers throw them; `type` tells which. */
const senderErrorSchema = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  code: z.string().optional(),
});

const senderDetails: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'the body is not JSON',
  'entity.too.large': 'the body is larger than 1 MB',
  'encoding.unsupported': 'the body is compressed in a way we do not read; send it plain, or as gzip, deflate or br',
  'charset.unsupported': 'the body is in an encoding we do not read; send UTF-8',
};

function senderAnswer(error: unknown): Answer | undefined {
  const known = senderErrorSchema.safeParse(error);
  if (!known.success) return undefined;
  const { type = '', code = '' } = known.data;
  const status = isProblemStatus(known.data.status) ? known.data.status : 400;
  if (error instanceof URIError) return { status, detail: 'the address holds a % that is not an escape; write %25' };
  if (code.startsWith('Z_') || code.startsWith('ERR_')) return { status, detail: 'the body cannot be unpacked' };
  return { status, detail: senderDetails[type] ?? 'the request could not be read' };
}

/** Last in the chain: no stack trace and no SQL leaves the process; the log keeps them. */
export function errorHandler(logger: WarehouseLogger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const fault = senderAnswer(error);
    if (fault !== undefined) return sendProblem(response, fault.status, fault.detail);
    const known = isWarehouseError(error) ? databaseAnswers[error.kind] : undefined;
    if (known?.status !== 413) {
      logger.error({ err: error, path: request.path }, 'a request could not be answered');
    }
    if (known?.status === 503) response.set('Retry-After', '30');
    return sendProblem(response, known?.status ?? 500, known?.detail ?? 'the log of the server says what happened');
  };
}

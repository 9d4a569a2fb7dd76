import type { Response } from 'express';
import type { ProblemDocument } from '../contract.ts';
import type { FieldError } from '../query/problem.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not right',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'Not found',
  406: 'No such format',
  413: 'Too large',
  415: 'Not JSON',
  500: 'Something broke on our side',
  503: 'Not available now',
};

/** Ends an answer with application/problem+json. */
export function sendProblem(response: Response, status: number, detail: string, errors?: readonly FieldError[]): void {
  const document: ProblemDocument = {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(document));
}

/** The same for fields that the asker has to mend. */
export function sendFieldErrors(response: Response, errors: readonly FieldError[]): void {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  sendProblem(response, 400, detail.slice(0, 2000), errors);
}

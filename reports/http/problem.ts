import type { Response } from 'express';
import { type FieldError, type ProblemStatus, problemBody, problemType } from '../../domain/problem.ts';

/** Ends an answer with application/problem+json. */
export function sendProblem(
  response: Response,
  status: ProblemStatus,
  detail: string,
  errors?: readonly FieldError[],
): void {
  const body = problemBody(status, detail, errors);
  response.statusCode = status;
  response.setHeader('Content-Type', problemType);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(body);
}

/** A request of 1 MB can be wrong in 100,000 places; the answer names as many as anybody mends at once. */
const maxErrors = 100;
const maxMessageChars = 500;
const maxDetailChars = 2000;

/** The same for fields that the asker has to mend. */
export function sendFieldErrors(response: Response, errors: readonly FieldError[]): void {
  const told = errors.slice(0, maxErrors).map(({ path, message }) => ({
    path: path.slice(0, maxMessageChars),
    message: message.slice(0, maxMessageChars),
  }));
  const detail = told.map(({ path, message }) => `${path}: ${message}`).join('; ');
  sendProblem(response, 400, detail.slice(0, maxDetailChars), told);
}

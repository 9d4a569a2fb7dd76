/** One place of the input that is wrong, and how to mend it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** `application/problem+json` (RFC 9457): every answer over HTTP that is not a success. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export const problemType = 'application/problem+json';

/** One wording per status, whichever part of the product answers. */
const titles = {
  400: 'The request is malformed',
  401: 'A valid token is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'This method is not for this address',
  406: 'No such format',
  408: 'The request took too long',
  409: 'In conflict with an earlier request',
  413: 'Too large',
  415: 'The body is in a form that is not read here',
  417: 'This expectation cannot be met',
  422: 'The data is not right',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'Something broke on our side',
  503: 'Not available now',
} as const satisfies Readonly<Record<number, string>>;

/** Statuses that the product answers with beside success. */
export type ProblemStatus = keyof typeof titles;

export const isProblemStatus = (status: unknown): status is ProblemStatus =>
  typeof status === 'number' && Object.hasOwn(titles, status);

/** The body of a problem answer; `detail` says what is wrong and how to mend it. */
export function problemBody(status: ProblemStatus, detail: string, errors?: readonly FieldError[]): string {
  const document: ProblemDocument = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
  };
  return JSON.stringify(document);
}

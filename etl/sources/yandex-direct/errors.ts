import { z } from 'zod';
import { SourceError, type SourceErrorKind } from '../../errors.ts';
import { excerpt, kindOfStatus, readJson, retryAfter } from '../../http-judge.ts';
import type { HttpResponse } from '../../http-response.ts';

/** https://yandex.ru/dev/direct/doc/ru/concepts/errors-list */
const kindOfCode: Readonly<Record<string, SourceErrorKind>> = {
  '52': 'transient',
  '53': 'auth',
  '54': 'auth',
  '58': 'settings',
  '152': 'limit',
  '506': 'limit',
  '513': 'settings',
  '1000': 'transient',
  '1001': 'transient',
  '1002': 'transient',
  '9000': 'limit',
};

const cures: Readonly<Record<string, string>> = {
  '53': 'get a new token and put it into the setting token',
  '54': 'the user of the token has no rights to this account; check the setting client_login',
  '58': 'the application of the token has not been approved for the API yet',
  '152': 'the points of the API are used up; they come back within the hour',
  '513': 'the login is not known to Direct; check the setting client_login',
};

const code = z.union([z.string(), z.number()]).transform(String);
const errorSchema = z.looseObject({
  error: z.looseObject({
    error_code: code,
    error_string: z.string().optional(),
    error_detail: z.string().optional(),
    request_id: code.optional(),
  }),
});

/** The error of an answer: by its code when the body has one, else by the status. */
export function errorOfAnswer(response: HttpResponse, nowMs: number): SourceError | undefined {
  const kind = kindOfStatus(response.status);
  if (kind === undefined) return undefined;
  const parsed = errorSchema.safeParse(readJson(response).value);
  if (!parsed.success) {
    return new SourceError(kind, `Yandex Direct answered HTTP ${response.status}: ${excerpt(response)}`, {
      ...retryAfter(response, nowMs),
    });
  }
  const { error_code, error_string, error_detail, request_id } = parsed.data.error;
  const text = [error_string, error_detail, cures[error_code]].filter(Boolean).join('; ');
  const request = request_id === undefined ? '' : ` (request ${request_id})`;
  const known = kindOfCode[error_code] ?? (response.status >= 500 ? 'transient' : 'bad_data');
  return new SourceError(known, `Yandex Direct answered error ${error_code}: ${text}${request}`, {
    code: error_code,
    ...retryAfter(response, nowMs),
  });
}

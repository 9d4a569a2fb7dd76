import type { Problem } from '../../../domain/result.ts';

/** Why a file, or a document in it, was not taken. */
export const exchangeReasons = [
  'not_commerceml',
  'commerceml_1',
  'malformed_xml',
  'broken_bytes',
  'unsupported_encoding',
  'bad_archive',
  'too_large',
  'bad_document',
] as const;
export type ExchangeReason = (typeof exchangeReasons)[number];
export type ExchangeProblem = Problem<ExchangeReason>;

/** The rest of the file cannot be read; what came before stays taken. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly problem: ExchangeProblem;

  constructor(reason: ExchangeReason, place: string, detail: string) {
    super(`${place}: ${detail}`);
    this.problem = { reason, place, detail };
  }
}

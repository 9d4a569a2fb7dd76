/**
 * Why a source could not be read. The kind decides what happens next: `transient` and `limit` are tried again, the rest
 * need a person (`settings`, `auth`), a newer connector (`bad_data`) or mean that the thing is no more (`gone`).
 */
export const sourceErrorKinds = ['settings', 'auth', 'transient', 'limit', 'bad_data', 'gone'] as const;
export type SourceErrorKind = (typeof sourceErrorKinds)[number];

export interface SourceErrorDetails {
  /** How long the vendor asks to wait before the next try. */
  readonly retryAfterMs?: number;
  /** The vendor's own code, compared by connectors: `insufficient_scope`, `53`. */
  readonly code?: string;
}

/** A source could not be read; the message says in plain words what is wrong and how to mend it, and holds no secret. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly kind: SourceErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly code: string | undefined;

  constructor(kind: SourceErrorKind, message: string, details: SourceErrorDetails = {}) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.code = details.code;
  }
}

export const isWorthRetrying = (kind: SourceErrorKind): boolean => kind === 'transient' || kind === 'limit';

import type { IncomingMessage } from 'node:http';
import type { Result } from '../../domain/result.ts';

/** Decides whether the Bearer token of a request has a scope; given by whoever keeps the tokens. */
export type Authorise = (
  request: IncomingMessage,
  scope: 'ingest',
) => Promise<Result<{ readonly tokenId: string }, 'unauthorised' | 'forbidden'>>;

import type { CodeBlock } from '../../collector/collect/code-blocks.ts';
import type { Site } from '../../collector/create-collector.ts';

/** What a worker needs to take events. */
export interface WorkerSettings {
  readonly project: string;
  readonly sites: readonly Site[];
  readonly isOpenOnLoopback: boolean;
  readonly proxies: number;
  /** Folder of its own spool. */
  readonly spoolDir: string;
  /** Key of the hashes of contacts. */
  readonly secret: string;
  readonly logLevel: string;
  /** Where everything but the hot path goes, and what shows there that it comes from a worker. */
  readonly forward: ForwardTarget;
}

export interface ForwardTarget {
  readonly port: number;
  readonly key: string;
}

/** From the main process to a worker: first `listen`, then `open`, at the end `stop`; `codes` answers a question. */
export type WorkerOrder =
  | { readonly kind: 'listen'; readonly host: string; readonly port: number }
  | { readonly kind: 'open'; readonly settings: WorkerSettings }
  | { readonly kind: 'codes'; readonly block: CodeBlock | undefined }
  | { readonly kind: 'stop' };

/** From a worker to the main process. Questions for codes are answered in their order. */
export type WorkerNews =
  /** It hears from now on. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'not_listening'; readonly problem: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'not_open'; readonly problem: string }
  | { readonly kind: 'codes_wanted' };

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Clock } from '../domain/time.ts';
import type { Warehouse } from './warehouse.ts';

export const tokenScopes = ['read', 'ingest', 'admin'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** A token as far as it may be shown: never the token itself. */
export interface TokenInfo {
  /** Short id to speak of it, for example to revoke it. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

/** `unknown`: never issued here, or revoked (HTTP 401). `scope`: a good token for other things (HTTP 403). */
export type TokenProblem = 'unknown' | 'scope';

export interface TokenStore {
  /** Issues a token. The text is given here once and kept nowhere. */
  createToken(token: { name: string; scopes: readonly TokenScope[] }): Promise<{ token: string; info: TokenInfo }>;
  /** Newest first, revoked ones included. */
  listTokens(): Promise<readonly TokenInfo[]>;
  /** Ends a token at once; `unknown` when there is no such id. Revoking twice keeps the first date. */
  revokeToken(id: string): Promise<Result<TokenInfo, 'unknown'>>;
  /** Whose token it is, if it is good for the scope; `admin` is good for everything. */
  verifyToken(token: string, scope: TokenScope): Promise<Result<TokenInfo, TokenProblem>>;
}

export interface TokenStoreOptions {
  readonly warehouse: Pick<Warehouse, 'query' | 'insertRows'>;
  /** A token belongs to one project and is unknown to the others. */
  readonly project: string;
  readonly clock: Clock;
  /** One more token of scope admin, from the environment of the process. */
  readonly adminToken?: string | undefined;
}

interface TokenRow {
  readonly token_hash: string;
  readonly token_id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created_at_ms: string;
  readonly revoked_at_ms: string | null;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const sameHash = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

const instant = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

function toInfo(row: TokenRow): TokenInfo {
  return {
    id: row.token_id,
    name: row.name,
    scopes: tokenScopes.filter((scope) => row.scopes.includes(scope)),
    createdAtMs: Number(row.created_at_ms),
    revokedAtMs: row.revoked_at_ms === null ? null : Number(row.revoked_at_ms),
  };
}

const selectTokens = `SELECT token_hash, token_id, name, scopes, toUnixTimestamp64Milli(created_at) AS created_at_ms,
  toUnixTimestamp64Milli(revoked_at) AS revoked_at_ms
FROM tokens FINAL WHERE project = {project:String}`;

const unknown = failed('unknown', 'authorization', 'this token is not known, or it has been revoked');

class WarehouseTokenStore implements TokenStore {
  readonly #options: TokenStoreOptions;

  constructor(options: TokenStoreOptions) {
    this.#options = options;
  }

  async createToken({ name, scopes }: { name: string; scopes: readonly TokenScope[] }) {
    const token = `tl_${randomBytes(32).toString('base64url')}`;
    const hash = sha256(token);
    const createdAtMs = this.#options.clock.now();
    const info = { id: hash.slice(0, 8), name, scopes, createdAtMs, revokedAtMs: null };
    await this.#write(hash, info, createdAtMs);
    return { token, info };
  }

  async listTokens(): Promise<readonly TokenInfo[]> {
    const rows = await this.#rows('ORDER BY created_at DESC, token_id');
    return rows.map(toInfo);
  }

  async revokeToken(id: string): Promise<Result<TokenInfo, 'unknown'>> {
    const [row] = await this.#rows('AND token_id = {id:String}', { id });
    if (row === undefined) return failed('unknown', 'id', `there is no token ${id}; "token list" shows them`);
    const info = toInfo(row);
    if (info.revokedAtMs !== null) return ok(info);
    const nowMs = this.#options.clock.now();
    const revoked = { ...info, revokedAtMs: nowMs };
    // A version must be newer than the one it replaces, also within the same millisecond.
    await this.#write(row.token_hash, revoked, Math.max(nowMs, info.createdAtMs + 1));
    return ok(revoked);
  }

  async verifyToken(token: string, scope: TokenScope): Promise<Result<TokenInfo, TokenProblem>> {
    const info = this.#isAdmin(token) ? adminInfo : await this.#find(token);
    if (info === undefined || info.revokedAtMs !== null) return unknown;
    if (info.scopes.includes(scope) || info.scopes.includes('admin')) return ok(info);
    return failed(
      'scope',
      'authorization',
      `this token is for ${info.scopes.join(', ')}; ask for one of scope ${scope}`,
    );
  }

  #isAdmin(token: string): boolean {
    const { adminToken } = this.#options;
    return adminToken !== undefined && adminToken !== '' && sameHash(sha256(token), sha256(adminToken));
  }

  async #find(token: string): Promise<TokenInfo | undefined> {
    const hash = sha256(token);
    const [row] = await this.#rows('AND token_hash = {hash:String}', { hash });
    return row !== undefined && sameHash(row.token_hash, hash) ? toInfo(row) : undefined;
  }

  #rows(condition: string, params: Record<string, string> = {}): Promise<TokenRow[]> {
    const { warehouse, project } = this.#options;
    return warehouse.query<TokenRow>(`${selectTokens} ${condition}`, { project, ...params });
  }

  #write(hash: string, info: TokenInfo, updatedAtMs: number): Promise<void> {
    const row = {
      project: this.#options.project,
      token_hash: hash,
      token_id: info.id,
      name: info.name,
      scopes: info.scopes,
      created_at: instant(info.createdAtMs),
      revoked_at: info.revokedAtMs === null ? null : instant(info.revokedAtMs),
      updated_at: instant(updatedAtMs),
    };
    return this.#options.warehouse.insertRows('tokens', [row]);
  }
}

const adminInfo: TokenInfo = {
  id: 'environment',
  name: 'admin token of the environment',
  scopes: ['admin'],
  createdAtMs: 0,
  revokedAtMs: null,
};

/** Access tokens: `tl_` and 32 random bytes, stored as SHA-256 alone. Nothing is cached, so that a revoked token ends at once. */
export const createTokenStore = (options: TokenStoreOptions): TokenStore => new WarehouseTokenStore(options);

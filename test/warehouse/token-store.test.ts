import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createTokenStore, type TokenStore } from '../../warehouse/token-store.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { clock } from '../reports/marts.ts';
import { testWarehouse } from '../support/clickhouse.ts';

let warehouse: Warehouse;
let store: TokenStore;

beforeAll(async () => {
  warehouse = await testWarehouse();
  store = createTokenStore({ warehouse, project: 'shop', clock, adminToken: 'from-the-environment' });
});

it('a token is shown once and only its hash is stored', async () => {
  const { token, info } = await store.createToken({ name: 'bi', scopes: ['read'] });
  expect(token).toMatch(/^tl_[A-Za-z0-9_-]{43}$/);
  const rows = await warehouse.query<{ token_hash: string }>('SELECT * FROM tokens WHERE token_id = {id:String}', {
    id: info.id,
  });
  expect(rows.map((row) => row.token_hash)).toEqual([createHash('sha256').update(token).digest('hex')]);
  expect(JSON.stringify(rows)).not.toContain(token.slice(3));
});

it('a token is good for its scopes alone', async () => {
  const { token } = await store.createToken({ name: 'site', scopes: ['ingest'] });
  expect(await store.verifyToken(token, 'ingest')).toMatchObject({ ok: true });
  expect(await store.verifyToken(token, 'read')).toMatchObject({ ok: false, problem: { reason: 'scope' } });
  expect(await store.verifyToken(`${token}x`, 'ingest')).toMatchObject({ ok: false, problem: { reason: 'unknown' } });
});

it('a revoked token is unknown at once, also within the millisecond it was made', async () => {
  const { token, info } = await store.createToken({ name: 'old', scopes: ['read'] });
  expect(await store.revokeToken(info.id)).toMatchObject({ ok: true });
  expect(await store.verifyToken(token, 'read')).toMatchObject({ ok: false, problem: { reason: 'unknown' } });
  expect((await store.listTokens()).find(({ id }) => id === info.id)?.revokedAtMs).toBe(clock.now());
  expect(await store.revokeToken('nothing')).toMatchObject({ ok: false, problem: { reason: 'unknown' } });
});

it('an admin token, made here or given by the environment, is good for everything', async () => {
  const { token } = await store.createToken({ name: 'admin', scopes: ['admin'] });
  expect(await store.verifyToken(token, 'read')).toMatchObject({ ok: true });
  expect(await store.verifyToken('from-the-environment', 'ingest')).toMatchObject({ ok: true });
});

it('a token of another project is unknown', async () => {
  const other = createTokenStore({ warehouse, project: 'other', clock });
  const { token } = await other.createToken({ name: 'bi', scopes: ['read'] });
  expect(await store.verifyToken(token, 'read')).toMatchObject({ ok: false });
  expect(await other.verifyToken('from-the-environment', 'read')).toMatchObject({ ok: false });
});

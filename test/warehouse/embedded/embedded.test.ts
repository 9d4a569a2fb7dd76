import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { connectWarehouse } from '../../../warehouse/client.ts';
import { freePort } from '../../../warehouse/embedded/free-port.ts';
import { isProcessAlive } from '../../../warehouse/embedded/process-alive.ts';
import { answers } from '../../../warehouse/embedded/server-child.ts';
import { writeServerConfig } from '../../../warehouse/embedded/server-config.ts';
import { type EmbeddedServer, startEmbedded } from '../../../warehouse/embedded/start-embedded.ts';
import { Supervisor } from '../../../warehouse/embedded/supervisor.ts';
import { silentLogger } from '../../../warehouse/logger.ts';
import { openWarehouse } from '../../../warehouse/open.ts';
import type { Warehouse } from '../../../warehouse/warehouse.ts';
import { isWarehouseError } from '../../../warehouse/warehouse-error.ts';

const folders: string[] = [];
const servers: EmbeddedServer[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-embedded-'));
  folders.push(folder);
  return folder;
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, memoryLimitMb: 1024 });
  servers.push(server);
  return server;
}

function connect(server: EmbeddedServer, database = 'system'): Warehouse {
  const { url, username, password } = server;
  return connectWarehouse({ url, username, password, database });
}

/** Waits for a condition that another process brings about. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await delay(20);
  }
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

afterAll(async () => {
  for (const server of servers) {
    await server.stop();
  }
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('an embedded server', () => {
  test('starts, answers, stops, and has its data when it starts again', async () => {
    const dataDir = newFolder();
    const first = await openWarehouse({ dataDir, env: {} });
    expect(first.mode).toBe('embedded');
    expect(await first.warehouse.ping()).toBe(true);
    await first.warehouse.command('CREATE TABLE kept (x UInt8) ENGINE = MergeTree ORDER BY x');
    await first.warehouse.insertRows('kept', [{ x: 7 }]);
    await first.stop();
    expect(await first.warehouse.ping()).toBe(false);
    expect(existsSync(join(dataDir, 'endpoint.json'))).toBe(false);

    const second = await openWarehouse({ dataDir, env: {} });
    expect(await second.warehouse.query('SELECT x FROM kept')).toEqual([{ x: 7 }]);
    const engines = await second.warehouse.query('SELECT engine FROM system.databases WHERE name = currentDatabase()');
    expect(engines).toEqual([{ engine: 'Atomic' }]);
    await second.stop();
  });

  test('keeps its password to the owner of the folder', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const endpoint = join(dataDir, 'endpoint.json');
    expect(modeOf(endpoint)).toBe('600');
    expect(JSON.parse(readFileSync(endpoint, 'utf8'))).toEqual({
      url: server.url,
      username: server.username,
      password: server.password,
      pid: server.pid,
      ownerPid: process.pid,
    });
    expect(modeOf(join(dataDir, 'clickhouse'))).toBe('700');
    const holders = filesUnder(dataDir).filter((file) => readFileSync(file).includes(server.password));
    expect(holders).toEqual([endpoint]);
    for (const file of filesUnder(join(dataDir, 'clickhouse', 'run'))) {
      expect(modeOf(file)).toBe('600');
    }
    const command = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8');
    expect(command).not.toContain(server.password);
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });

  test('lets a user without the password neither read, nor write, nor see files', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const { pid } = server;
    const own = connect(server);
    await own.command('CREATE DATABASE throughline ENGINE = Atomic');
    await own.command('CREATE TABLE throughline.secret (x UInt8) ENGINE = MergeTree ORDER BY x');
    const nobody = connectWarehouse({ url: server.url, username: 'default', password: '', database: 'default' });
    for (const sql of [
      'SELECT * FROM throughline.secret',
      'SELECT name FROM system.users',
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
      "SELECT * FROM remote('127.0.0.1:1', system.one)",
      "SELECT * FROM executable('id', 'TSV', 'x String')",
    ]) {
      await expect(nobody.query(sql), sql).rejects.toSatisfy(isWarehouseError);
    }
    for (const sql of [
      'CREATE TABLE throughline.mine (x UInt8) ENGINE = MergeTree ORDER BY x',
      'CREATE USER intruder',
      'INSERT INTO throughline.secret SELECT 1',
      "INSERT INTO FUNCTION file('/tmp/throughline-intruder', 'TSV', 'x UInt8') SELECT 1",
      'DROP DATABASE throughline',
      'SYSTEM STOP MERGES',
      'SYSTEM STOP LISTEN HTTP',
      'SELECT count() FROM system.numbers',
      'KILL QUERY WHERE 1',
    ]) {
      await expect(nobody.command(sql), sql).rejects.toSatisfy(isWarehouseError);
    }
    const wrong = connectWarehouse({ url: server.url, username: server.username, password: 'x', database: 'system' });
    await expect(wrong.query('SELECT 1')).rejects.toMatchObject({ kind: 'denied' });
    expect(await wrong.ping()).toBe(false);
    expect(await own.query('SELECT count() AS n FROM throughline.secret')).toEqual([{ n: '0' }]);
    expect(await answers(server)).toBe(true);
    expect(server.pid).toBe(pid);
    await Promise.all([own.close(), nobody.close(), wrong.close()]);
  });

  test('is shared by a second program on the same folder, and ends with the first', async () => {
    const dataDir = newFolder();
    const owner = await startEmbedded({ dataDir });
    const guest = await startEmbedded({ dataDir });
    expect([owner.owned, guest.owned]).toEqual([true, false]);
    expect([guest.url, guest.pid]).toEqual([owner.url, owner.pid]);
    await guest.stop();
    expect(await answers(owner)).toBe(true);
    await owner.stop();
    expect(await answers(owner)).toBe(false);
  });

  test('changes hands without one query failing: those on their way end, those that come wait', async () => {
    const dataDir = newFolder();
    const owner = await openWarehouse({ dataDir, env: {} });
    const guests = [await openWarehouse({ dataDir, env: {} }), await openWarehouse({ dataDir, env: {} })];
    await owner.warehouse.command('CREATE TABLE numbers (n UInt32) ENGINE = MergeTree ORDER BY n');
    const long = guests[0]?.warehouse.query('SELECT sum(sleepEachRow(1)) FROM numbers(3) SETTINGS max_block_size = 1');
    let isOver = false;
    let next = 0;
    const working = guests.map(async ({ warehouse }) => {
      while (!isOver) await warehouse.insertRows('numbers', [{ n: next++ }]);
    });
    await delay(100);
    const ending = owner.stop();
    const newcomer = await openWarehouse({ dataDir, env: {} });
    await Promise.all([long, ending]);
    isOver = true;
    await Promise.all(working);
    expect(await newcomer.warehouse.query('SELECT count() AS n FROM numbers')).toEqual([{ n: String(next) }]);
    await Promise.all([...guests, newcomer].map(({ stop }) => stop()));
    expect(readdirSync(join(dataDir, 'clickhouse', 'joined'))).toEqual([]);
  });

  test('taken over from a killed program, it takes the queries that came meanwhile', async () => {
    const dataDir = newFolder();
    const program = fileURLToPath(new URL('./opening-process.mjs', import.meta.url));
    const owner = spawn(process.execPath, [program, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    const guest = await openWarehouse({ dataDir, env: {} });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const answers: unknown[] = [];
    await until(async () => {
      answers.push(await guest.warehouse.query('SELECT 1 AS one').catch(String));
      return JSON.parse(readFileSync(join(dataDir, 'endpoint.json'), 'utf8')).ownerPid === process.pid;
    });
    answers.push(await guest.warehouse.query('SELECT 1 AS one').catch(String));
    // A query that was cut off is not sent again, for it may have been done; one that nobody heard is.
    const isCutOff = (answer: unknown) => /ECONNRESET|socket hang up/.test(String(answer));
    expect(new Set(answers.filter((answer) => !isCutOff(answer)).map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['[{"one":1}]']),
    );
    await guest.stop();
  });

  test('that does not answer is not told by a setting that nobody made', async () => {
    const dataDir = newFolder();
    const opened = await openWarehouse({ dataDir, env: {} });
    const exited = JSON.parse(readFileSync(join(dataDir, 'endpoint.json'), 'utf8')).pid;
    process.kill(exited, 'SIGKILL');
    const failure = await opened.warehouse.query('SELECT 1').catch((error: unknown) => error);
    expect(isWarehouseError(failure) && failure.message).toMatch(/^The embedded ClickHouse server does not answer/);
    await opened.stop();
  });

  test('is started once when several programs start on one folder at the same time', async () => {
    const dataDir = newFolder();
    const started = await Promise.all([start(dataDir), start(dataDir), start(dataDir)]);
    expect(started.filter((server) => server.owned)).toHaveLength(1);
    expect(new Set(started.map((server) => server.pid)).size).toBe(1);
    expect(readdirSync(join(dataDir, 'clickhouse', 'run'))).toHaveLength(1);
  });

  test('is not touched by a program that comes too late to start one', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const path = join(dataDir, 'clickhouse');
    const ofQuery = join(path, 'tmp', 'tmp-of-a-running-query');
    writeFileSync(ofQuery, '');
    const late = { dataDir, path, username: 'x', password: 'y', memoryLimitMb: 1024, logger: silentLogger };
    expect(await Supervisor.start(late)).toMatchObject({ ok: false, reason: 'locked' });
    expect(existsSync(ofQuery)).toBe(true);
    expect(await answers(server)).toBe(true);
  });

  test('is not looked for where a dead program left its endpoint', async () => {
    const dataDir = newFolder();
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    const endpoint = { url: 'http://127.0.0.1:1', username: 'x', password: 'y', pid: ended.pid, ownerPid: ended.pid };
    writeFileSync(join(dataDir, 'endpoint.json'), JSON.stringify(endpoint));
    const server = await start(dataDir);
    expect(server.owned).toBe(true);
    expect(await answers(server)).toBe(true);
  });

  test('comes back after being killed, at the same address, with every acknowledged row once', async () => {
    const dataDir = newFolder();
    const server = await start(dataDir);
    const warehouse = connect(server);
    await warehouse.command('CREATE DATABASE throughline ENGINE = Atomic');
    await warehouse.command(`CREATE TABLE throughline.numbers (n UInt32) ENGINE = MergeTree ORDER BY n
      SETTINGS non_replicated_deduplication_window = 1000`);
    const writer = connect(server, 'throughline');
    const insert = async (batch: number): Promise<void> => {
      const rows = Array.from({ length: 100 }, (_, index) => ({ n: batch * 100 + index }));
      await until(() =>
        writer.insertRows('numbers', rows, `batch-${batch}`).then(
          () => true,
          () => false,
        ),
      );
    };
    const pids = new Set<number>();
    const ended: number[] = [];
    server.onExit((pid) => ended.push(pid));
    for (let batch = 0; batch < 60; batch += 1) {
      const inserting = insert(batch);
      if (batch % 20 === 10) {
        pids.add(server.pid);
        process.kill(server.pid, 'SIGKILL');
      }
      await inserting;
    }
    expect(ended).toEqual([...pids]);
    expect(pids.size).toBe(3);
    const counts = await writer.query('SELECT count() AS rows, uniqExact(n) AS distinct, max(n) AS last FROM numbers');
    expect(counts).toEqual([{ rows: '6000', distinct: '6000', last: 5999 }]);
    expect(JSON.parse(readFileSync(join(dataDir, 'endpoint.json'), 'utf8')).pid).toBe(server.pid);
    await Promise.all([warehouse.close(), writer.close()]);
  });

  test('can be stopped while it is being restarted', async () => {
    const dataDir = newFolder();
    const server = await startEmbedded({ dataDir });
    const exited = new Promise<void>((resolve) => server.onExit(() => resolve()));
    process.kill(server.pid, 'SIGKILL');
    await exited;
    await server.stop();
    expect(await answers(server)).toBe(false);
    expect(await isProcessAlive(server.pid)).toBe(false);
  });

  test('ends when its parent is killed', async () => {
    const dataDir = newFolder();
    const path = join(dataDir, 'clickhouse');
    const account = { username: 'throughline', password: 'for-this-test' };
    const config = await writeServerConfig({ path, ...account, memoryLimitMb: 1024 });
    const port = await freePort();
    const files = [
      fileURLToPath(new URL('./owner-process.mjs', import.meta.url)),
      fileURLToPath(new URL('../../../warehouse/embedded/server-process.mjs', import.meta.url)),
    ];
    const parent = spawn(process.execPath, [...files, config.configFile, path, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    await until(() => answers({ url: `http://127.0.0.1:${port}`, ...account }));
    expect(await isProcessAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(async () => !(await isProcessAlive(pid)));
    expect(await answers({ url: `http://127.0.0.1:${port}`, ...account })).toBe(false);
  });

  test('that cannot start says where and why', async () => {
    const dataDir = newFolder();
    writeFileSync(join(dataDir, 'clickhouse'), 'a file stands in the way');
    await expect(startEmbedded({ dataDir })).rejects.toThrow(join(dataDir, 'clickhouse'));
  });
});

// The child process that is the embedded ClickHouse server. Plain JavaScript, because Node starts it directly, from the
// sources as well as from the build.
//
//   node server-process.mjs CONFIG_FILE DATA_PATH HTTP_PORT
//
// File descriptor 3 is a pipe that the parent holds open, 4 the locked file of the folder, which stays locked as long as this process lives.
//
// libchdb holds the whole engine, and its `chdb_query_cmdline(argc, argv)` is the main function of `clickhouse local`.
// `SYSTEM START LISTEN` turns that session into a server; the endless query after it keeps the session alive without
// reading any file, so the session's own user (`default`, open on loopback) needs almost no rights.
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { isMainThread, Worker } from 'node:worker_threads';

const LIFELINE_FD = 3;
const GRACE_MS = 15_000;

/** Where all processors are busy the engine gets less than a process that takes events: loading can wait, a buyer's page cannot. Otherwise it changes nothing. */
const NICENESS = 5;

// Short naps, because the session notices a cancelled query between two rows.
const SERVE = [
  'SYSTEM START LISTEN HTTP',
  'SELECT sleepEachRow(0.1) FROM system.numbers SETTINGS max_block_size = 1, max_execution_time = 0 FORMAT Null',
].join('; ');

/** Ends this process when the parent is gone. Runs beside the main thread, which stays inside the engine's call. */
function watchParent() {
  const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
  lifeline.on('error', () => lifeline.destroy());
  lifeline.on('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS);
  });
  lifeline.resume();
}

/** @param {readonly string[]} args */
async function serve(args) {
  const [configFile, dataPath, httpPort] = args;
  if (!configFile || !dataPath || !httpPort) {
    process.stderr.write('usage: server-process.mjs CONFIG_FILE DATA_PATH HTTP_PORT\n');
    process.exit(2);
  }
  const { open, load, DataType } = await import('ffi-rs');
  const { resolveLibchdb } = createRequire(import.meta.url)('chdb/libchdb');
  open({ library: 'chdb', path: resolveLibchdb().path });
  const argv = [
    'clickhouse-local',
    `--config-file=${configFile}`,
    `--path=${dataPath}`,
    '--listen_host=127.0.0.1',
    `--http_port=${httpPort}`,
    '--log-level=warning',
    '--query',
    SERVE,
  ];
  // The answer is a pointer that may be null and must not be read: the process ends instead.
  load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [argv.length, argv],
  });
  process.exit(0);
}

if (isMainThread) {
  // Before the engine starts: on Linux this is of one thread, and of those that it begins later.
  setPriority(NICENESS);
  new Worker(new URL(import.meta.url));
  await serve(process.argv.slice(2));
} else {
  watchParent();
}

import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { LeaseFileError, VisitCodesError } from '../collector/create-collector.ts';
import { LockError } from '../warehouse/flock.ts';
import { MigrationError } from '../warehouse/migration.ts';
import { isWarehouseError } from '../warehouse/warehouse-error.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addImport } from './commands/import.ts';
import { addMigrate } from './commands/migrate.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addReport } from './commands/report.ts';
import { addSync } from './commands/sync.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { ConfigError, type Env } from './config/load-config.ts';
import { readPort } from './options.ts';
import { InUseError } from './runtime/collector-role.ts';
import { DataFolderError } from './runtime/data-folder-error.ts';
import { ListenError } from './runtime/http-server.ts';
import { complain } from './terminal/tell.ts';

/** What a command gets beside its own options, and how it says that it failed. */
export interface CommandContext {
  readonly env: Env;
  /** 0 done, 1 failed, 2 wrong usage. */
  setExitCode(code: 0 | 1 | 2): void;
}

export type AddCommand = (program: Command, context: CommandContext) => void;

/** Every command there is; a new one is a file in commands/ and a line here. */
const commands: readonly AddCommand[] = [
  addUp,
  addDemo,
  addMigrate,
  addSync,
  addImport,
  addReport,
  addRebuild,
  addToken,
  addDoctor,
];

/** The command line of the product. Returns the exit code; never throws for a mistake of the user. */
export async function runCommandLine(args: readonly string[], env: Env): Promise<number> {
  let exitCode: number = 0;
  const program = createProgram({
    env,
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return tellError(error);
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command('throughline')
    .description('End-to-end marketing analytics for online stores: from the ad click to the money in 1C.')
    .version(packageVersion(), '--version', versionWords)
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', exitCodes)
    .showHelpAfterError(hint)
    .exitOverride();
  for (const add of commands) add(program, context);
  for (const command of program.commands) withCommonOptions(command);
  return program;
}

const versionWords = 'print the version';

const exitCodes = `
Exit codes: 0 done, 1 failed, 2 wrong usage. Ended from outside, as shells say it: 130 by Ctrl-C, 143 by SIGTERM
(up and the other servers end in order then: 0), 141 when whoever read the output stopped before its end.`;

const hint = '(add --help to see how it is used)';

function withCommonOptions(command: Command): void {
  command.helpOption('--help', 'print this help').showHelpAfterError(hint).exitOverride();
  if (command.commands.length > 0) {
    command.helpCommand(false);
    for (const part of command.commands) withCommonOptions(part);
    return;
  }
  command
    .option('--config <file>', 'configuration file (default: throughline.config.yaml)')
    .option('--data <dir>', 'data folder (default: ./data)')
    .version(packageVersion(), '--version', versionWords);
  if (!command.options.some(({ long }) => long === '--port'))
    command.option('--port <n>', 'port of the commands that listen; this one does not', readPort);
}

const expectedErrors = [
  ConfigError,
  ListenError,
  InUseError,
  DataFolderError,
  LeaseFileError,
  LockError,
  MigrationError,
  VisitCodesError,
];

/** Mistakes of the user and of the surroundings are told in a sentence; anything else is a bug and keeps its stack. */
function tellError(error: unknown): number {
  const isExpected = isWarehouseError(error) || expectedErrors.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (isExpected ? error.message : error.stack) : undefined;
  complain(`${text ?? String(error)}\n`);
  return error instanceof ConfigError ? 2 : 1;
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  // Compiled, the command lies one folder deeper than in the source.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { version } = require(path) as { readonly version: string };
      return version;
    } catch {}
  }
  return 'unknown';
}

import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../domain/time.ts';
import type { AddCommand, CommandContext } from '../command-line.ts';
import { readCount, readPort } from '../options.ts';
import { createLogger } from '../runtime/logger.ts';
import { untilAskedToStop } from '../runtime/stop-signal.ts';
import { type CommonOptions, readSettings } from '../settings.ts';
import { createProgress } from '../terminal/progress.ts';
import { tell } from '../terminal/tell.ts';

interface DemoCommandOptions extends CommonOptions {
  readonly exit?: boolean;
  readonly days: number;
  readonly seed: string;
}

/** Shorter, and refunds and second purchases would not fit into the life of the shop. */
const leastDays = 21;

function readDays(text: string): number {
  const days = readCount(text);
  if (days >= leastDays) return days;
  throw new InvalidArgumentError(`expected ${leastDays} days or more`);
}

export const addDemo: AddCommand = (program, context) => {
  program
    .command('demo')
    .description('a made-up shop through the real interfaces, then its report beside its own books')
    .option('--exit', 'stop after printing')
    .addOption(new Option('--days <n>', 'days of the shop').default(90).argParser(readDays))
    .option('--seed <text>', 'another shop', '1')
    .option('--port <n>', 'port to listen on (default: 8090; any free one with --exit)', readPort)
    .action((options: DemoCommandOptions) => demo(options, context));
};

async function demo(options: DemoCommandOptions, context: CommandContext): Promise<void> {
  const startedMs = performance.now();
  const settings = readSettings(options, context.env);
  // Loaded only now: no other command needs the made-up shop.
  const [{ runDemo }, { besideTheBooks, verdict }] = await Promise.all([
    import('../demo/run-demo.ts'),
    import('../demo/show.ts'),
  ]);
  const port = options.port ?? (options.exit ? 0 : settings.port);
  const running = await runDemo({
    ...settings,
    port,
    scale: 'demo',
    clock: systemClock,
    days: options.days,
    seed: options.seed,
    // The made-up shop never mixes with a real one.
    dataDir: join(settings.dataDir, 'demo'),
    env: { ...context.env, CLICKHOUSE_URL: undefined },
    logger: createLogger(settings.logLevel),
    progress: createProgress(process.stdout),
  });
  try {
    const { judged } = running;
    tell(`\n${besideTheBooks(judged.channels)}\n\n${besideTheBooks(judged.campaigns)}\n\n${verdict(judged)}\n`);
    tell(`Done in ${((performance.now() - startedMs) / 1000).toFixed(0)} s.\n`);
    if (judged.differences.length > 0) context.setExitCode(1);
    if (options.exit) return;
    tell(`\nThe same as a page: ${running.url}\nStop with Ctrl-C.\n`);
    await untilAskedToStop();
  } finally {
    await running.stop();
  }
}

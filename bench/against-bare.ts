import { machineLoad, say } from './lines.ts';
import { nextMessage, type ProgramName, startProgram } from './processes.ts';
import { startProduct } from './product.ts';
import { failedIn, measureRound, type Round, ratioLine, settle, targetOf, tellRounds } from './rounds.ts';

interface Comparison {
  /** The server that does less. */
  readonly program: ProgramName;
  readonly name: string;
  readonly connections: readonly number[];
  readonly targetRatio: number;
}

const rounds = 5;

/** The product with durability on beside a server that only parses. */
export const compareWithParsing = (): Promise<void> =>
  compare({ program: 'bare-server', name: 'bare node:http, parses only', connections: [256, 512], targetRatio: 0.7 });

/** The same beside one that parses and syncs its groups to disk: at few connections the disk's latency is the limit. */
export const compareWithSyncing = (): Promise<void> =>
  compare({
    program: 'bare-syncing-server',
    name: 'bare node:http, parses and syncs',
    connections: [64],
    targetRatio: 0.85,
  });

async function compare(comparison: Comparison): Promise<void> {
  const product = await startProduct();
  const bareServer = startProgram(comparison.program);
  const generator = startProgram('load-generator');
  try {
    const bareTarget = { port: await nextMessage<number>(bareServer), server: [bareServer.pid ?? 0] };
    for (const connections of comparison.connections) {
      const bare: Round[] = [];
      const ours: Round[] = [];
      for (let round = 0; round < rounds; round += 1) {
        bare.push(await measureRound(generator, bareTarget, connections));
        ours.push(await measureRound(generator, targetOf(product), connections));
        await settle(product);
      }
      say(`${connections} connections`);
      tellRounds({ [comparison.name]: bare, 'throughline up': ours });
      say(`${ratioLine(ours, bare, comparison.targetRatio)}; not taken: ${failedIn(bare, ours)}; ${machineLoad()}`);
      say();
    }
  } finally {
    generator.kill();
    bareServer.disconnect();
    await product.stop();
  }
}

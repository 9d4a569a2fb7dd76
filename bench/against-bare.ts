import { machineLoad, say } from './lines.ts';
import { type ProgramName, startProgram } from './processes.ts';
import { startProduct } from './product.ts';
import { bareTurn, failedIn, ratioLine, takeTurns, tellRounds, turnOf } from './rounds.ts';

interface Comparison {
  /** The server that does less. */
  readonly program: ProgramName;
  readonly name: string;
  readonly connections: readonly number[];
  readonly targetRatio: number;
}

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
    const turns = { first: await bareTurn(bareServer), second: turnOf(product) };
    for (const connections of comparison.connections) {
      const { first, second } = await takeTurns(generator, connections, turns);
      say(`${connections} connections`);
      tellRounds({ [comparison.name]: first, 'throughline up': second });
      say(
        `${ratioLine(second, first, comparison.targetRatio)}; not taken: ${failedIn(first, second)}; ${machineLoad()}`,
      );
      say();
    }
  } finally {
    generator.kill();
    bareServer.disconnect();
    await product.stop();
  }
}

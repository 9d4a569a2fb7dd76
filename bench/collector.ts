import { machineLoad, memoryLine, say } from './lines.ts';
import { startProgram } from './processes.ts';
import { startProduct } from './product.ts';
import {
  bareTurn,
  failedIn,
  measureMs,
  medianOf,
  type Round,
  ratioLine,
  rounds,
  takeTurns,
  tellRounds,
  turnOf,
} from './rounds.ts';

const connections = 256;
const targetRatio = 0.5;

/** The whole product against a server that only parses. */
export async function measureCollector(): Promise<void> {
  say(`Collector: POST /collect on ${connections} connections, one event each, answered when it is on disk`);
  const product = await startProduct();
  const bareServer = startProgram('bare-server');
  const generator = startProgram('load-generator');
  try {
    const turns = { first: await bareTurn(bareServer), second: turnOf(product) };
    const { first, second } = await takeTurns(generator, connections, turns);
    tell(first, second);
    say(await memoryLine('after the load', product));
  } finally {
    generator.kill();
    bareServer.kill();
    await product.stop();
  }
}

function tell(bare: readonly Round[], ours: readonly Round[]): void {
  tellRounds({ 'bare node:http, parses only': bare, 'throughline up': ours });
  const cpuRatio = medianOf(bare, 'serverUs') / medianOf(ours, 'serverUs');
  say(`${ratioLine(ours, bare, targetRatio)}; by CPU of the server alone ${cpuRatio.toFixed(2)}`);
  say(
    `not taken: ${failedIn(bare, ours)}; medians of ${rounds} rounds of ${measureMs / 1000} s each; ${machineLoad()}`,
  );
}

import { machineLoad, memoryLine, say } from './lines.ts';
import { nextMessage, startProgram } from './processes.ts';
import { startProduct } from './product.ts';
import {
  failedIn,
  measureMs,
  measureRound,
  medianOf,
  type Round,
  ratioLine,
  settle,
  targetOf,
  tellRounds,
} from './rounds.ts';

const connections = 256;
const rounds = 5;
const targetRatio = 0.5;

/** The whole product against a server that only parses, turn by turn, so that a busy machine slows both alike. */
export async function measureCollector(): Promise<void> {
  say(`Collector: POST /collect on ${connections} connections, one event each, answered when it is on disk`);
  const product = await startProduct();
  const bareServer = startProgram('bare-server');
  const generator = startProgram('load-generator');
  try {
    const bareTarget = {
      port: await nextMessage<number>(bareServer),
      server: [bareServer.pid ?? 0],
      database: product.databasePid,
    };
    const bare: Round[] = [];
    const ours: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await measureRound(generator, bareTarget, connections));
      ours.push(await measureRound(generator, targetOf(product), connections));
      await settle(product);
    }
    tell(bare, ours);
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

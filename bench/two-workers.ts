import { machineLoad, say } from './lines.ts';
import { startProgram } from './processes.ts';
import { startProduct } from './product.ts';
import { failedIn, measureMs, medianOf, type Round, ratioLine, takeTurns, tellRounds, turnOf } from './rounds.ts';

const connections = 256;
const targetRatio = 1.6;

/** The product with two workers beside the same with one. The load generator and the database use the same two cores: their share is told. */
export async function compareWorkers(): Promise<void> {
  const one = await startProduct(['--workers', '1']);
  const two = await startProduct(['--workers', '2']);
  const generator = startProgram('load-generator');
  try {
    const turns = { first: turnOf(one), second: turnOf(two) };
    const { first: ofOne, second: ofTwo } = await takeTurns(generator, connections, turns);
    tellRounds({ 'one worker': ofOne, 'two workers': ofTwo });
    say(`${ratioLine(ofTwo, ofOne, targetRatio)}; not taken: ${failedIn(ofOne, ofTwo)}; ${machineLoad()}`);
    say(`cores in use of 2, one worker: ${coresLine(ofOne)}; two workers: ${coresLine(ofTwo)}`);
  } finally {
    generator.kill();
    await one.stop();
    await two.stop();
  }
}

function coresLine(list: readonly Round[]): string {
  const cores = (key: 'serverUs' | 'loadUs' | 'databaseUs'): string =>
    ((medianOf(list, key) * medianOf(list, 'perSecond')) / 1e6).toFixed(2);
  return `product ${cores('serverUs')}, database ${cores('databaseUs')}, load generator ${cores('loadUs')} (${measureMs / 1000} s rounds)`;
}

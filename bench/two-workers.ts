import { machineLoad, say } from './lines.ts';
import { startProgram } from './processes.ts';
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
const targetRatio = 1.6;

/** The product with two workers beside the same with one. The load generator and the database use the same two cores: their share is told. */
export async function compareWorkers(): Promise<void> {
  const one = await startProduct(['--workers', '1']);
  const two = await startProduct(['--workers', '2']);
  const generator = startProgram('load-generator');
  try {
    const ofOne: Round[] = [];
    const ofTwo: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ofOne.push(await measureRound(generator, targetOf(one), connections));
      await settle(one);
      ofTwo.push(await measureRound(generator, targetOf(two), connections));
      await settle(two);
    }
    tellRounds({ 'one worker': ofOne, 'two workers': ofTwo });
    say(`${ratioLine(ofTwo, ofOne, targetRatio)}; not taken: ${failedIn(ofOne, ofTwo)}; ${machineLoad()}`);
    say(`cores in use of 2, one worker: ${coresLine(ofOne)}; two workers: ${coresLine(ofTwo)}`);
  } finally {
    generator.kill();
    await one.stop();
    await two.stop();
  }
}

function coresLine(rounds: readonly Round[]): string {
  const cores = (key: 'serverUs' | 'loadUs' | 'databaseUs'): string =>
    ((medianOf(rounds, key) * medianOf(rounds, 'perSecond')) / 1e6).toFixed(2);
  return `product ${cores('serverUs')}, database ${cores('databaseUs')}, load generator ${cores('loadUs')} (${measureMs / 1000} s rounds)`;
}

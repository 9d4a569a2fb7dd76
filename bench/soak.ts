import { setTimeout as delay } from 'node:timers/promises';
import { machineLoad, memoryLine, say } from './lines.ts';
import type { LoadNews, LoadOrder } from './load-generator.ts';
import { memoryOf, nextMessage, startProgram } from './processes.ts';
import { type Product, startProduct } from './product.ts';

const connections = 256;
const soakMs = 10 * 60_000;
const everyMs = 30_000;
const targetMb = 200;

const number = '74951234567';
/** Far fewer numbers than visits: most are remembered for nothing. */
const callTracking = `call_tracking:
  pools:
    - { name: maps, replace: "${number}", number: "74950000010", sources: [yandex-maps] }
    - { name: ads, replace: "${number}", numbers: ["74950000001", "74950000002"], campaigns: ["c*"] }
    - { name: all, replace: "${number}", number: "74950000011" }
`;

/** Ten minutes at full load without a pause, with call tracking on each page: what the processes that take events hold. */
export async function soak(): Promise<void> {
  const product = await startProduct([], callTracking);
  const generator = startProgram('load-generator');
  try {
    const order: LoadOrder = { port: product.port, connections, warmUpMs: 1_000, measureMs: soakMs, number };
    generator.send(order);
    await nextMessage<LoadNews>(generator);
    const ended = nextMessage<LoadNews>(generator);
    await watch(product, ended);
    const news = await ended;
    if (news.kind !== 'done') throw new Error('the load generator spoke out of turn');
    const peaks = await Promise.all(product.workerPids.map(async (pid) => (await memoryOf(pid)).peakMb));
    say(
      `${news.perSecond.toFixed(0)} requests/s for ${soakMs / 60_000} minutes; not taken: ${news.failed}; ${machineLoad()}`,
    );
    say(`a worker held at most ${Math.max(...peaks).toFixed(0)} MB (target ≤ ${targetMb})`);
    say(await memoryLine('after the soak', product));
  } finally {
    generator.kill();
    await product.stop();
  }
}

async function watch(product: Product, ended: Promise<unknown>): Promise<void> {
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  for (const startedAt = Date.now(); !isOver && Date.now() - startedAt < soakMs; ) {
    await delay(everyMs);
    say(await memoryLine(`after ${Math.round((Date.now() - startedAt) / 1000)} s`, product));
  }
}

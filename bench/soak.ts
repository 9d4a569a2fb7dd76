import { setTimeout as delay } from 'node:timers/promises';
import { machineLoad, memoryLine, say } from './lines.ts';
import type { LoadNews, LoadOrder } from './load-generator.ts';
import { memoryOf, nextMessage, startProgram } from './processes.ts';
import { type Product, startProduct } from './product.ts';

const connections = 256;
const soakMs = 10 * 60_000;
const everyMs = 30_000;
const targetMb = 200;

/** Ten minutes at full load without a pause: what the processes that take events hold. */
export async function soak(): Promise<void> {
  const product = await startProduct();
  const generator = startProgram('load-generator');
  try {
    const order: LoadOrder = { port: product.port, connections, warmUpMs: 1_000, measureMs: soakMs };
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

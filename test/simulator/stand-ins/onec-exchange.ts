import iconv from 'iconv-lite';
import { minuteMs } from '../moscow.ts';
import type { Phase, World } from '../world.ts';
import { exchangeOrders, file31, file205 } from './commerceml.ts';
import { zipOne } from './zip.ts';

export interface PushOptions {
  readonly login: string;
  readonly password: string;
  /** Bytes of one chunk when the site allows more; small chunks show that they are put together. */
  readonly chunkBytes?: number;
}

export interface Pushed {
  readonly files: readonly string[];
  readonly orders: number;
  readonly payments: number;
}

/** 1C pushes its orders to the site: checkauth, init, file in chunks, import until it is done. Throws on any `failure`. */
export async function pushOneC(world: World, phase: Phase, baseUrl: string, options: PushOptions): Promise<Pushed> {
  const orders = exchangeOrders(world.state(phase));
  const madeAt = world.period.nowMs - (phase === 'initial' ? 8 * minuteMs : 0);
  const old = orders.filter((_, index) => index % 2 === 0);
  const modern = orders.filter((_, index) => index % 2 === 1);
  const session = await openSession(`${baseUrl}/exchange/1c`, options);
  await session.send('orders-205.xml', iconv.encode(file205(old, madeAt), 'win1251'), false);
  await session.send('orders-31.xml', Buffer.from(file31(modern, madeAt), 'utf8'), true);
  return {
    files: ['orders-205.xml', 'orders-31.xml'],
    orders: orders.length,
    payments: orders.reduce((sum, order) => sum + order.payments.length, 0),
  };
}

interface Session {
  send(name: string, content: Buffer, mayZip: boolean): Promise<void>;
}

async function openSession(url: string, options: PushOptions): Promise<Session> {
  const authorization = `Basic ${Buffer.from(`${options.login}:${options.password}`).toString('base64')}`;
  const opened = await ask(`${url}?type=sale&mode=checkauth`, { headers: { authorization } });
  const [, cookieName = '', cookieValue = '', ...more] = opened;
  const headers = { authorization, cookie: `${cookieName}=${cookieValue}` };
  const sessid = more.find((line) => line.startsWith('sessid='));
  const call = (query: string, body?: Buffer): Promise<string[]> =>
    ask(`${url}?type=sale&${query}${sessid ? `&${sessid}` : ''}`, {
      headers,
      ...(body ? { method: 'POST', body: new Uint8Array(body) } : {}),
    });
  const terms = await call('mode=init&version=3.1');
  const term = (name: string): string | undefined =>
    terms.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const limit = Math.min(Number(term('file_limit') ?? 204_800), options.chunkBytes ?? 32_768);
  return {
    send: async (name, content, mayZip) => {
      const isZip = mayZip && term('zip') === 'yes';
      const sentName = isZip ? name.replace('.xml', '.zip') : name;
      const bytes = isZip ? zipOne(name, content) : content;
      for (let start = 0; start < bytes.length; start += limit) {
        await call(`mode=file&filename=${sentName}`, bytes.subarray(start, start + limit));
      }
      await importFile(call, name);
    },
  };
}

/** 1C asks again and again while the site says `progress`. */
async function importFile(call: (query: string) => Promise<string[]>, name: string): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const [word] = await call(`mode=import&filename=${name}`);
    if (word !== 'progress') return;
  }
  throw new Error(`the site never finishes the import of ${name}`);
}

/** Lines of the answer; HTTP is 200 even for a failure, which the first line tells. */
async function ask(url: string, request: RequestInit): Promise<string[]> {
  const response = await fetch(url, request);
  const text = await response.text();
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (response.ok && lines[0] !== 'failure') return lines;
  throw new Error(`the exchange refused ${new URL(url).search}: ${response.status} ${text.slice(0, 300)}`);
}

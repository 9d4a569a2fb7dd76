// Keeps a number of connections busy with POST /collect, one request at a time on each, and tells how many were answered.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

const { port, connections, warmUpMs, measureMs } = workerData;
const uuid = (prefix, number) => `${prefix}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const seed = Date.now() * 1000;
const visitors = 2000;

let sent = 0;
let answered = 0;
let failed = 0;
let isMeasuring = false;

function nextRequest() {
  const number = sent++;
  const visitor = uuid('a', number % visitors);
  const event = {
    id: uuid('e', seed + number),
    type: 'pageview',
    ts: Date.now(),
    visit: uuid('b', number % visitors),
    url: 'https://shop.example/catalog/kettles?utm_source=yandex&utm_medium=cpc&utm_campaign=123456789&yclid=1234567890123456789',
    referrer: 'https://yandex.ru/',
    title: 'Чайники — купить в магазине',
  };
  const body = JSON.stringify({ site: 'demo', visitor, events: [event] });
  const head = [
    'POST /collect HTTP/1.1',
    'Host: stats.shop.example',
    'Origin: https://shop.example',
    `Cookie: tl_vid=${visitor}`,
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Whether a whole answer has come. */
function isWhole(answer) {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
  return answer.length >= end + 4 + length;
}

function keepBusy() {
  const socket = connect(port, '127.0.0.1', () => socket.write(nextRequest()));
  socket.setNoDelay(true);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    if (!isWhole(answer)) return;
    if (!answer.startsWith('HTTP/1.1 200')) failed += 1;
    if (isMeasuring) answered += 1;
    answer = '';
    socket.write(nextRequest());
  });
  return socket;
}

const sockets = Array.from({ length: connections }, keepBusy);
setTimeout(() => {
  isMeasuring = true;
  const startedAt = performance.now();
  setTimeout(() => {
    parentPort.postMessage({ perSecond: (answered * 1000) / (performance.now() - startedAt), failed });
    for (const socket of sockets) socket.destroy();
  }, measureMs);
}, warmUpMs);

// Parses the bodies that the collector gets, keeps them on disk and answers: one synced write at a time, and everything that arrives
// meanwhile shares the next one. What durability costs a server that does nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
const file = await open(join(directory, 'bodies'), 'w');
let waiting: { readonly body: Buffer; readonly answer: () => void }[] = [];
let isWriting = false;

async function writeAll(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.write(Buffer.concat(group.map(({ body }) => body)));
    await file.datasync();
    for (const { answer } of group) answer();
  }
  isWriting = false;
}

function send(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const bytes = Buffer.concat(chunks);
    const body = JSON.stringify(Object.keys(JSON.parse(bytes.toString())));
    waiting.push({ body: bytes, answer: () => send(response, body) });
    if (!isWriting) void writeAll();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => {
  rmSync(directory, { recursive: true, force: true });
  process.exit();
});

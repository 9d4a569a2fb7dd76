import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ProblemStatus, problemBody, problemType } from '../../domain/problem.ts';

interface Refusal {
  readonly status: ProblemStatus;
  readonly detail: string;
}

const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'The address and the headers together are longer than 16 KiB.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: 'The extensions of the chunks of the body are too long.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'The request did not arrive in time: send it again.' },
};

const malformed: Refusal = { status: 400, detail: 'This is not HTTP/1.1 as we read it.' };

const noTunnel: Refusal = { status: 405, detail: 'This server is no proxy.' };

/** What node refuses before a request reaches us: answered with a problem document too, then the connection ends. */
export function answerWhatNodeRefuses(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', ({ socket }, response) => answers.set(socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer a second one would be read as a part of it.
    if (!socket.writable || isBeingAnswered(answers.get(socket))) socket.destroy();
    else hangUp(socket, refusals[error.code ?? ''] ?? malformed);
  });
  server.on('connect', (_request, socket) => hangUp(socket, noTunnel, ['Allow: GET, HEAD, POST, DELETE, OPTIONS']));
  server.on('checkExpectation', (request, response) => {
    request.resume();
    const body = problemBody(417, 'Leave out the header Expect.');
    response.writeHead(417, { 'Content-Type': problemType, 'Content-Length': Buffer.byteLength(body) }).end(body);
  });
}

const isBeingAnswered = (response: ServerResponse | undefined): boolean =>
  response?.headersSent === true && !response.writableFinished;

function hangUp(socket: Duplex, { status, detail }: Refusal, more: readonly string[] = []): void {
  const body = problemBody(status, detail);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...more,
  ];
  socket.on('error', () => undefined);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

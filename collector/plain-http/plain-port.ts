import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { PlainConnection, type PlainTaker } from './plain-connection.ts';

const maxHeldBytes = 16 * 1024 * 1024;

export interface PlainPort {
  /** Connections that wait for their next request end, the others with their answer. */
  stop(): void;
  destroyAll(): void;
}

/**
 * Takes plain requests of a server before node reads them. A connection goes to node with the first request that is not plain or that
 * `taker` does not take, and stays there.
 */
export function openPlainPort(server: Server, keepAliveMs: number, taker: PlainTaker): PlainPort {
  const open = new Map<Socket, PlainConnection>();
  const held = { bytes: 0, maxBytes: maxHeldBytes };
  const keepAlive = `keep-alive\r\nKeep-Alive: timeout=${keepAliveMs / 1000}`;
  let isStopping = false;
  const nodesOwn = server.listeners('connection');
  const giveToNode = (socket: Socket, bytes: Buffer): void => {
    open.delete(socket);
    socket.pause().unshift(bytes);
    for (const listener of nodesOwn) listener.call(server, socket);
    socket.resume();
  };
  server.removeAllListeners('connection');
  const options = { taker, giveToNode, keepAliveMs, keepAlive, held, isStopping: () => isStopping };
  server.on('connection', (socket) => {
    open.set(socket, new PlainConnection(socket, options));
    socket.on('close', () => open.delete(socket));
  });
  return {
    stop: () => {
      isStopping = true;
      for (const [socket, connection] of open) if (connection.isIdle) socket.destroy();
    },
    destroyAll: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

/**
 * One line of an operator, one line of the server, and the connection is over. Nobody who is let in
 * can hold the server up: lines are short, connections few, and each has so long and no longer.
 */
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { JsonObject } from '../wire/json.ts';
import { bounds } from './bounds.ts';
import { BadOperatorPlace, prepareOperatorPlace } from './operator-place.ts';

export interface OperatorPortOptions {
  /** The data directory, whose lock the caller holds. */
  readonly directory: string;
  readonly answer: (line: string) => JsonObject;
  /** From the connection to the end of the answer. */
  readonly patienceMs?: number;
}

export interface OperatorPort {
  /** Rejects with BadOperatorPlace. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

const tooLong: JsonObject = {
  norc: 'refused',
  why: 'malformed',
  detail: `a line of more than ${bounds.operatorLineBytes} bytes`,
};

export function createOperatorPort(options: OperatorPortOptions): OperatorPort {
  const { answer, patienceMs = bounds.operatorMs } = options;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const patience = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('close', () => {
      open.delete(socket);
      clearTimeout(patience);
    });
    socket.on('error', () => socket.destroy());
    readLine(socket, (line) => reply(socket, line === null ? tooLong : answer(line)));
  });
  server.maxConnections = bounds.operatorConnections;
  return {
    async listen() {
      const path = prepareOperatorPlace(options.directory);
      await listening(server, path);
      chmodSync(path, 0o600);
    },
    close() {
      for (const socket of open) socket.destroy();
      // The path goes with the server. One that has never listened is closed already.
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Null: it is too long. What follows the first line is not read. */
function readLine(socket: Socket, take: (line: string | null) => void): void {
  let text = Buffer.alloc(0);
  const more = (bytes: Buffer): void => {
    text = Buffer.concat([text, bytes]);
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= bounds.operatorLineBytes) return;
    socket.off('data', more).pause();
    const isShort = end !== -1 && end <= bounds.operatorLineBytes;
    take(isShort ? text.toString('utf8', 0, end) : null);
  };
  socket.on('data', more);
}

function reply(socket: Socket, message: JsonObject): void {
  socket.end(`${JSON.stringify(message)}\n`, () => socket.destroy());
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException) => {
      const mend = 'choose a data folder on a disk of this machine';
      reject(new BadOperatorPlace(`${path}: no socket can be made there (${code}); ${mend}`));
    };
    server.once('error', fail);
    server.listen(path, () => {
      server.off('error', fail);
      // Too many open files and the like: whoever asked asks again.
      server.on('error', () => {});
      resolve();
    });
  });
}

/** Asks the server of a data folder something, on the socket that it keeps for its operator. */
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { operatorSocket } from '../../reference/transport/operator-place.ts';
import type { JsonObject } from '../../reference/wire/json.ts';
import { quoted } from '../quoted.ts';
import { SubjectSilent, UsageError } from '../usage-error.ts';

/** A server that is alive answers in no time. */
const PATIENCE_MS = 15_000;
/** Of an answer; a list of as many requests as there can be peers is far shorter. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Throws UsageError where there is no such folder, SubjectSilent where no server answers there. */
export async function askServer(
  folder: string,
  question: JsonObject,
  patienceMs = PATIENCE_MS,
): Promise<JsonObject> {
  const text = await exchange(socketOf(folder), folder, JSON.stringify(question), patienceMs);
  try {
    return JSON.parse(text);
  } catch {
    throw new SubjectSilent(`${folder}: what answers there is no server of ours`);
  }
}

function socketOf(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  const mend = 'name the folder that norc serve was given as --data-dir';
  if (!found) throw new UsageError(`--data ${folder}: no such folder; ${mend}`);
  if (!found.isDirectory()) throw new UsageError(`--data ${folder}: is no folder; ${mend}`);
  try {
    return operatorSocket(folder);
  } catch (thrown) {
    throw new UsageError(`--data ${(thrown as Error).message}`);
  }
}

function exchange(path: string, folder: string, line: string, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      socket.destroy();
      reject(new SubjectSilent(`${folder}: ${why}`));
    };
    let text = '';
    const socket = connect(path, () => socket.write(`${line}\n`));
    const patience = setTimeout(() => fail('the server does not answer'), patienceMs);
    socket.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.length > MOST_BYTES) fail('what answers there is no server of ours');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(whyNot(error, folder)));
    socket.on('close', () => {
      clearTimeout(patience);
      if (text.endsWith('\n')) resolve(text);
      else fail('the server broke off; ask again');
    });
  });
}

function whyNot({ code, message }: NodeJS.ErrnoException, folder: string): string {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return `no server runs there; start it with: norc serve --data-dir ${quoted(folder)}`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return 'the server is somebody else’s; ask as the user that it runs as';
  }
  if (code === 'EPIPE' || code === 'ECONNRESET') return 'the server broke off; ask again';
  return message;
}

/** What `norc trust requests|approve|reject` ask of a running server, and print. */
import type { JsonObject } from '../../reference/wire/json.ts';
import { plainText } from '../../reports/characters.ts';
import { quoted } from '../quoted.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { askServer } from './operator-client.ts';
import { readRequests, requestLines, requestName } from './request-lines.ts';

type Form = 'text' | 'json';

export interface Verdict {
  readonly of: string;
  readonly decision: 'approve' | 'refuse';
  readonly reason?: string;
}

export async function listRequests(
  folder: string,
  form: Form,
  terminal: Terminal = createTerminal(),
): Promise<void> {
  const answer = judged(await askServer(folder, { norc: 'requests' }), folder);
  const now = Date.now() / 1000;
  const requests = readRequests(answer.requests);
  const waiting = requests.filter(({ state }) => state === 'waiting');
  if (form === 'json') {
    const aged = waiting.map((one) => ({ ...one, age_seconds: Math.floor(now - one.asked_at) }));
    return terminal.print(JSON.stringify({ server_id: answer.server_id, requests: aged }));
  }
  for (const line of requestLines(waiting, { now, terminal })) terminal.print(line);
  const [first] = waiting;
  const proving = requests.filter(({ state }) => state === 'proving').length;
  if (proving > 0)
    terminal.print(terminal.paint('gray', `${proving} more have yet to prove themselves.`));
  if (first) {
    terminal.print();
    const id = quoted(plainText(first.request_id));
    terminal.print(`  norc trust approve ${id} --data ${quoted(folder)}`);
  }
}

export async function decide(
  folder: string,
  { of, decision, reason }: Verdict,
  form: Form,
  terminal: Terminal = createTerminal(),
): Promise<void> {
  const words = reason === undefined ? {} : { reason };
  const answer = judged(
    await askServer(folder, { norc: 'decide', of, decision, ...words }),
    folder,
  );
  const [request] = readRequests([answer.request ?? null]);
  if (!request) throw new UsageError(`${folder}: what answers there is no server of this version`);
  if (form === 'json') return terminal.print(JSON.stringify({ decision, request }));
  const mark = decision === 'approve' ? terminal.paint('green', '✓ approved') : '✗ rejected';
  terminal.print(`${mark}  ${requestName(request)}`);
}

/** Throws UsageError with the reason that the server gives, and what to do about it. */
function judged(answer: JsonObject, folder: string): JsonObject {
  if (answer.norc !== 'refused') return answer;
  const list = `norc trust requests --data ${quoted(folder)}`;
  const hint = answer.why === 'no-such-request' ? `; see ${list}` : '';
  throw new UsageError(`${plainText(String(answer.detail))}${hint}`);
}

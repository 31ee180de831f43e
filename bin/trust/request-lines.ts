/** Trust requests that wait for an operator, as their server tells of them. */
import { isObject, type Json } from '../../reference/wire/json.ts';
import { plainText } from '../../reports/characters.ts';
import type { Terminal } from '../terminal.ts';

export interface WaitingRequest {
  readonly request_id: string;
  readonly peer: string;
  readonly level: string;
  readonly method: string;
  readonly server_public_key: string;
  readonly renewal: boolean;
  /** Seconds since 1970. */
  readonly asked_at: number;
  readonly deadline: number;
  readonly trust_score: number | null;
  readonly state: string;
}

/** What is not of that form is left out. */
export function readRequests(value: Json | undefined): readonly WaitingRequest[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRequest);
}

function isRequest(value: Json): value is Json & WaitingRequest {
  if (!isObject(value)) return false;
  const { request_id, peer, level, method, server_public_key, state, asked_at, deadline } = value;
  const texts = [request_id, peer, level, method, server_public_key, state];
  const numbers = [asked_at, deadline];
  return (
    texts.every((text) => typeof text === 'string') &&
    numbers.every((number) => typeof number === 'number')
  );
}

export function requestLines(
  waiting: readonly WaitingRequest[],
  { now, terminal }: { readonly now: number; readonly terminal: Terminal },
): readonly string[] {
  if (waiting.length === 0) return ['No trust request waits for an operator.'];
  const dim = (text: string) => terminal.paint('gray', text);
  const noun = waiting.length === 1 ? 'request waits' : 'requests wait';
  return [
    `${waiting.length} trust ${noun} for an operator:`,
    ...waiting.flatMap((one) => [
      '',
      `  ${terminal.paint('bold', plainText(one.peer))}  ${what(one)}`,
      `    ${dim('request')}  ${plainText(one.request_id)}`,
      `    ${dim('key    ')}  ${plainText(one.server_public_key)}`,
      `    ${dim('asked  ')}  ${spanText(now - one.asked_at)} ago, ends in ${spanText(one.deadline - now)}`,
    ]),
  ];
}

export function requestName(request: WaitingRequest): string {
  return plainText(`${request.peer}  ${what(request)}  ${request.request_id}`);
}

function what({ level, method, renewal, trust_score: score }: WaitingRequest): string {
  const points = score === null ? '' : `, score ${score.toFixed(1)}`;
  return plainText(`${renewal ? 'renewal to ' : ''}${level} by ${method}${points}`);
}

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** The two largest units: `1 d 3 h`, `12 min 5 s`, `0 s`. Clocks may differ: never below nought. */
function spanText(seconds: number): string {
  let left = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}

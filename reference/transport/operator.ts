/**
 * What an operator may ask of a running server on its socket, and what it answers, a JSON line each:
 *
 *   {"norc":"requests"}                                         → {"norc":"requests", "requests": […]}
 *   {"norc":"decide","of":…,"decision":"approve","reason":…}    → {"norc":"decided", "request": {…}}
 *
 * Anything that cannot be done is answered {"norc":"refused","why":…,"detail":…}. `of` is the id of
 * a request, or the server that it came from.
 */
import type { Command } from '../core.ts';
import type { PendingRequest } from '../ports.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';

export interface OperatorHands {
  readonly serverId: string;
  pending(): readonly PendingRequest[];
  /** Done when it returns. */
  command(command: Command): void;
}

/** Why something cannot be done; the command line says so in its own words. */
export type RefusedWhy = 'malformed' | 'no-such-request' | 'not-waiting' | 'expired' | 'failed';

type Decision = Extract<Command, { command: 'approve-trust' }>['decision'];
interface Verdict {
  readonly of: string;
  readonly decision: Decision;
  readonly reason?: string;
}

export function answerOperator(line: string, hands: OperatorHands): JsonObject {
  const question = parse(line);
  if (!isObject(question)) return refused('malformed', 'not a JSON object');
  if (question.norc === 'requests') {
    return {
      norc: 'requests',
      server_id: hands.serverId,
      requests: hands.pending().map(factsOf),
    };
  }
  const verdict = verdictIn(question);
  return verdict ? decide(verdict, hands) : refused('malformed', 'an unknown question');
}

function verdictIn({ norc, of, decision, reason }: JsonObject): Verdict | null {
  if (norc !== 'decide' || typeof of !== 'string') return null;
  if (decision !== 'approve' && decision !== 'refuse') return null;
  if (reason === undefined) return { of, decision };
  return typeof reason === 'string' ? { of, decision, reason } : null;
}

function decide({ of, decision, reason }: Verdict, hands: OperatorHands): JsonObject {
  // One peer has one request at a time, so either name says which.
  const find = () => hands.pending().find(({ peer, requestId }) => of === peer || of === requestId);
  const found = find();
  const fault = found ? faultOf(found) : refused('no-such-request', `${of}: no such request`);
  if (!found || fault) return fault ?? {};
  const { peer: server, requestId: request } = found;
  const words = reason === undefined ? {} : { reason };
  hands.command({ command: 'approve-trust', server, decision, request, ...words });
  const now = find()?.state;
  if (now === 'waiting') return refused('failed', `${of}: still waits; see the log`);
  // What an operator approves is judged again as it stands then. A renewal leaves no request behind.
  const isGranted = decision === 'refuse' || found.isRenewal || now === 'decided';
  if (!isGranted) return refused('failed', `${of}: its evidence holds no more; it is refused`);
  return { norc: 'decided', decision, request: factsOf(found) };
}

/** Null: an operator may decide. */
function faultOf({ state, peer, requestId }: PendingRequest): JsonObject | null {
  const which = `request ${requestId} of ${peer}`;
  if (state === 'expired') return refused('expired', `${which}: its deadline has passed`);
  if (state === 'decided') return refused('not-waiting', `${which}: decided already`);
  if (state === 'proving') return refused('not-waiting', `${which}: has yet to prove itself`);
  return null;
}

function refused(why: RefusedWhy, detail: string): JsonObject {
  return { norc: 'refused', why, detail };
}

function factsOf(request: PendingRequest): JsonObject {
  const { scoreTenths } = request;
  return {
    request_id: request.requestId,
    peer: request.peer,
    level: request.level,
    method: request.method,
    server_public_key: request.serverKey,
    renewal: request.isRenewal,
    asked_at: request.askedAtSeconds,
    deadline: request.deadlineSeconds,
    trust_score: scoreTenths === null ? null : scoreTenths / 10,
    state: request.state,
  };
}

/** What is not JSON is no object either. */
function parse(line: string): Json {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

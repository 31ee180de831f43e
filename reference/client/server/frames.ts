/**
 * Every frame of a device comes through here: size, JSON, state, rate, shape, and then to whoever
 * handles its type. Nothing of a frame is believed before it has passed all of them.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { ConnectionId, Context, Frame } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { readFrame, sizeOf, typeOf } from '../frame-reading.ts';
import { bounds } from './bounds.ts';
import { dispatch } from './dispatch.ts';
import { type Legality, legality } from './legality.ts';
import { malformedFrame } from './malformed.ts';
import { abort, closeCode, refuseMessage } from './refusal.ts';
import { oversizeRefused, sendFault, sendRateExceeded } from './send-envelope.ts';
import { isOver } from './session.ts';
import type { Connection, Server } from './state.ts';

/** At which a first frame is judged: no version is agreed yet, so what 1.0 tolerates passes. */
const FIRST_FRAME_VERSION = '1.0';

export function frameReceived(
  server: Server,
  id: ConnectionId,
  frame: Frame,
  context: Context,
): void {
  const connection = server.connections.get(id);
  if (!connection) return;
  if (isOver(server, connection, context)) return; // C-SES-01
  const sizeBytes = sizeOf(frame);
  const limitBytes = limitOf(server, connection);
  const isOversized = connection.session !== null && sizeBytes > limitBytes;
  if (isOversized && oversizeRefused(server, connection, sizeBytes, context)) return;
  const maxBytes = isOversized ? sizeBytes : limitBytes;
  const read = readFrame(frame, maxBytes, context.must);
  if (!read.ok) return malformedFrame(server, connection, read.error, context);
  objectReceived(server, connection, read.value, context);
}

/** Strangers get little room: what they send is kept while they are (S-17). */
function limitOf({ config }: Server, { session }: Connection): number {
  const { maxClientMessageBytes } = config.policy;
  return session ? maxClientMessageBytes : Math.min(bounds.entryFrameBytes, maxClientMessageBytes);
}

function objectReceived(
  server: Server,
  connection: Connection,
  value: JsonObject,
  context: Context,
): void {
  const type = typeOf(value);
  if (type === null) {
    const fault = { requirement: 'X-FMT-05', detail: 'no type' } as const;
    return malformedFrame(server, connection, fault, context);
  }
  // X-ERR-05: an error is never answered, in whatever state and however it looks.
  if (!context.must('X-ERR-05', type !== 'error')) return ignored(connection, type, context);
  const judged = legality(connection.phase, type, connection.agreed?.version ?? null);
  if (!isHeard(server, connection, { type, judged }, context)) return;
  if (type === 'message_send' && sendRateExceeded(server, connection, context)) return;
  shapeJudged(server, connection, value, context);
}

/** X-ERR-06, X-ERR-07: false when the frame has been dealt with. */
function isHeard(
  server: Server,
  connection: Connection,
  { type, judged }: { readonly type: string; readonly judged: Legality },
  context: Context,
): boolean {
  if (judged.kind === 'unknown') {
    if (context.must('X-ERR-06', false)) return true;
    ignored(connection, type, context);
    return false;
  }
  if (judged.kind === 'legal' || context.must(judged.requirement, false)) return true;
  const refusal = {
    requirement: judged.requirement,
    code: errorCode.common.protocolError,
    reason: 'unexpected_message',
    detail: `${type} while ${connection.phase}`,
  } as const;
  abort(server, connection, refusal, closeCode.protocol, context);
  return false;
}

function shapeJudged(
  server: Server,
  connection: Connection,
  value: JsonObject,
  context: Context,
): void {
  const version = connection.agreed?.version ?? FIRST_FRAME_VERSION;
  const shape = server.validation.under(context.must)(value, version);
  if (shape.ok) return dispatch(server, connection, shape.value, context);
  if (value.type !== 'message_send') {
    return malformedFrame(server, connection, shape.error, context);
  }
  refuseMessage(connection, sendFault(shape.error), context);
}

function ignored(connection: Connection, type: string, context: Context): void {
  const detail = `${type.slice(0, 64)} ignored`;
  context.emit({ type: 'log', entry: { event: 'noted', detail, peer: connection.id } });
}

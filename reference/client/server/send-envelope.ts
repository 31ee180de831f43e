/**
 * What is judged of a `message_send` before its shape is known, in the order of spec/choices.md: rate
 * (X-RATE-01), size (C-MSG-04); and how a wrong shape of it is answered (C-MSG-15, X-CS-06, L-C09).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { Context } from '../../core.ts';
import type { Fault } from '../../wire/result.ts';
import { charge } from './rates.ts';
import { type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Server } from './state.ts';

/** True when the rate is exceeded and the device has been told so. */
export function sendRateExceeded(
  server: Server,
  connection: Connection,
  context: Context,
): boolean {
  const { session } = connection;
  if (!session) return false;
  const { accepted, retryAfterSeconds } = charge(server, 'message', session.deviceId, context);
  if (context.must('X-RATE-01', accepted)) return false;
  const refusal: Refusal = {
    requirement: 'X-RATE-01',
    code: errorCode.client.messageRate,
    detail: 'too many messages',
    retryAfterSeconds,
  };
  refuseMessage(connection, refusal, context);
  return true;
}

/** A frame above the limit is not parsed, whatever it is; it costs what a message costs. */
export function oversizeRefused(
  server: Server,
  connection: Connection,
  sizeBytes: number,
  context: Context,
): boolean {
  if (sendRateExceeded(server, connection, context)) return true;
  if (context.must('C-MSG-04', false)) return false;
  const refusal: Refusal = {
    requirement: 'C-MSG-04',
    code: errorCode.client.messageTooLarge,
    detail: `${sizeBytes} bytes`,
  };
  refuseMessage(connection, refusal, context);
  return true;
}

/** 3004 tells a sender of the past which algorithm to leave behind; all else is an envelope at fault. */
export function sendFault({ requirement, detail, path }: Fault): Refusal {
  if (requirement === 'C-E2E-07') {
    return { requirement, code: errorCode.client.algorithmUnsupported, detail };
  }
  return {
    requirement,
    code: errorCode.client.encryptionFailed,
    reason: 'malformed',
    detail: `${detail} at ${path ?? ''}`,
  };
}

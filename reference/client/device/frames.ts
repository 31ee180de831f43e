/**
 * Every frame of the server comes through here. What does not belong is dropped; during the handshake
 * it ends the connection, without an answer (Part 2.1 client guard a).
 */

import { limits } from '../../../spec/limits.ts';
import type { Direction } from '../../../spec/message.ts';
import { messages, type NorcMessage } from '../../../spec/messages.ts';
import type { Frame } from '../../core.ts';
import type { Fault } from '../../wire/result.ts';
import { readFrame } from '../frame-reading.ts';
import { acknowledged, conversationEchoed, keysAnswered, refused } from './answers.ts';
import { timeSynced } from './clock.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { authenticated, authenticationChallenged, registrationChallenged } from './entering.ts';
import { connectionAccepted, giveUp, versionConfirmed } from './handshake.ts';
import { messageArrived } from './inbox.ts';
import { pinged, ponged } from './keepalive.ts';
import { registrationSucceeded } from './pinning.ts';
import { revocationReceived } from './revocations.ts';
import type { DeviceState } from './state.ts';

export function frameArrived(
  device: DeviceState,
  connection: string,
  frame: Frame,
  context: DeviceContext,
): void {
  if (device.link?.id !== connection) return;
  const read = readFrame(frame, 2 * limits.clientFrameBytes, context.must);
  if (!read.ok) return unreadable(device, read.error, context);
  const version = device.link.agreed?.version ?? '1.0';
  const shape = device.validation.under(context.must)(read.value, version);
  if (shape.ok) return messageReceived(device, shape.value, context);
  // X-ERR-06: an unknown type is ignored, except where only one thing may come.
  if (shape.error.kind === 'unknown-type' && device.phase !== 'connecting') return;
  unreadable(device, shape.error, context);
}

function unreadable(
  device: DeviceState,
  { requirement, detail }: Fault,
  context: DeviceContext,
): void {
  if (device.phase === 'connecting') return giveUp(device, requirement, detail, context);
  drop(requirement, detail, context);
}

/** Directions in which a server sends. */
const fromServer: ReadonlySet<Direction> = new Set<Direction>([
  'server-to-client',
  'client-server-both',
  'client-to-client',
]);

function messageReceived(device: DeviceState, message: NorcMessage, context: DeviceContext): void {
  const { direction, legalIn } = messages[message.type];
  const isLegal = fromServer.has(direction) && legalIn.includes(device.phase);
  if (!context.must('X-ERR-07', isLegal)) {
    const detail = `${message.type} while ${device.phase}`;
    return giveUp(device, 'X-ERR-07', detail, context);
  }
  if (device.phase === 'authenticated') inSession(device, message, context);
  else entering(device, message, context);
}

function entering(device: DeviceState, message: NorcMessage, context: DeviceContext): void {
  switch (message.type) {
    case 'connection_accepted':
      return connectionAccepted(device, message, context);
    case 'version_confirmation':
      return versionConfirmed(device, message, context);
    case 'registration_challenge':
      return registrationChallenged(device, message, context);
    case 'registration_success':
      return registrationSucceeded(device, message, context);
    case 'auth_challenge':
      return authenticationChallenged(device, message, context);
    case 'auth_success':
      return authenticated(device, message, context);
    default:
      return always(device, message, context);
  }
}

function inSession(device: DeviceState, message: NorcMessage, context: DeviceContext): void {
  switch (message.type) {
    case 'message_received':
      return messageArrived(device, message, context);
    case 'message_ack':
      return acknowledged(device, message, context);
    case 'key_response':
      return keysAnswered(device, message, context);
    case 'conversation_create':
      return conversationEchoed(device, message, context);
    case 'device_revoke':
      return revocationReceived(device, message, context);
    default:
      return always(device, message, context);
  }
}

function always(device: DeviceState, message: NorcMessage, context: DeviceContext): void {
  switch (message.type) {
    case 'ping':
      return pinged(device, message, context);
    case 'pong':
      return ponged(device);
    case 'time_sync':
      return timeSynced(device, message, context);
    case 'error':
      return refused(device, message, context);
  }
}

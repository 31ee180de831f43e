/**
 * What this device asks of its server, one at a time, because an `error` does not say what it refuses.
 * Keys come before the message that needs them (C-E2E-10).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { seconds } from '../../time.ts';
import { uuidOf } from '../../wire/uuid.ts';
import { bounds } from './bounds.ts';
import type { DeviceContext } from './device.ts';
import { note } from './dropping.ts';
import { usersToAsk } from './key-directory.ts';
import { sendSealed } from './outbox.ts';
import { tellProgress } from './progress.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState, Request } from './state.ts';
import { timerName } from './timer-names.ts';

export function enqueue(device: DeviceState, request: Request, context: DeviceContext): void {
  if (device.requests.length >= bounds.requests) return note('too many requests wait', context);
  device.requests.push(request);
  advanceRequests(device, context);
}

/** Asks for the keys of these users next, unless that is being done. */
export function enqueueKeys(
  device: DeviceState,
  users: readonly string[],
  context: DeviceContext,
): void {
  const asked = [device.outstanding, ...device.requests].flatMap((request) =>
    request?.kind === 'keys' ? request.users : [],
  );
  const wanted = users.filter((userId) => !asked.includes(userId));
  if (wanted.length === 0) return;
  enqueue(device, { kind: 'keys', users: wanted, requestId: uuidOf(context.entropy(16)) }, context);
}

/** Starts the next request if none is outstanding. */
export function advanceRequests(device: DeviceState, context: DeviceContext): void {
  while (isIdle(device, context)) {
    const request = device.requests.shift();
    if (!request) return;
    start(device, request, context);
  }
}

function isIdle(device: DeviceState, { now }: DeviceContext): boolean {
  return (
    device.phase === 'authenticated' && device.outstanding === null && now >= device.pausedUntil
  );
}

function start(device: DeviceState, request: Request, context: DeviceContext): void {
  switch (request.kind) {
    case 'create':
      expectAnswer(device, request, context);
      return sendMessage(device, request.message, context);
    case 'keys':
      expectAnswer(device, request, context);
      return askKeys(device, request, context);
    case 'send':
      return startSending(device, request, context);
  }
}

function expectAnswer(device: DeviceState, request: Request, context: DeviceContext): void {
  device.outstanding = request;
  const at = context.now + seconds(bounds.answerSeconds);
  context.emit({ type: 'set-timer', timer: timerName('answer'), at });
}

/** Answered, refused or not needed: the next one may go. */
export function settleOutstanding(device: DeviceState, context: DeviceContext): void {
  device.outstanding = null;
  context.emit({ type: 'cancel-timer', timer: timerName('answer') });
}

function askKeys(
  device: DeviceState,
  { users, requestId }: Request & { kind: 'keys' },
  context: DeviceContext,
): void {
  sendMessage(
    device,
    {
      type: 'key_request',
      request_id: requestId,
      user_ids: [...users],
      device_filter: 'all',
      include_revoked: true,
    },
    context,
  );
}

function startSending(
  device: DeviceState,
  request: Request & { kind: 'send' },
  context: DeviceContext,
): void {
  const { text } = request;
  const users = [...new Set([...text.recipients, device.config.userId])];
  const unknown = usersToAsk(device, users, context.now);
  if (unknown.length > 0) {
    device.requests.unshift(request);
    const requestId = uuidOf(context.entropy(16));
    return start(device, { kind: 'keys', users: unknown, requestId }, context);
  }
  expectAnswer(device, request, context);
  if (sendSealed(device, text, context)) return;
  settleOutstanding(device, context);
  const code = errorCode.client.invalidRecipient;
  tellProgress(device, { messageId: text.messageId, status: 'failed', errorCode: code }, context);
}

/**
 * What the server answers: acknowledgments, keys, echoes and refusals (C15, C20, L-C09, L-C10,
 * X-RATE-06). Whatever it is, the next request follows.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { ConversationCreate } from '../../../spec/messages/client/conversation-create.ts';
import type { KeyResponse } from '../../../spec/messages/client/key-response.ts';
import type { MessageAck } from '../../../spec/messages/client/message-ack.ts';
import type { ErrorMessage } from '../../../spec/messages/common/error.ts';
import { seconds } from '../../time.ts';
import { bounds } from './bounds.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { retryParked } from './inbox.ts';
import { askAgain, learn } from './key-directory.ts';
import { chainOf, notSent, sealAnew, sent } from './outbox.ts';
import { tellProgress } from './progress.ts';
import { advanceRequests, settleOutstanding } from './requests.ts';
import type { DeviceState, Request } from './state.ts';
import { timerName } from './timer-names.ts';

export function acknowledged(device: DeviceState, ack: MessageAck, context: DeviceContext): void {
  const { outstanding } = device;
  const isAwaited = outstanding?.kind === 'send' && outstanding.text.messageId === ack.message_id;
  if (isAwaited) {
    const chain = chainOf(device, outstanding.text.conversationId, context);
    if (chain.inFlight) sent(chain, chain.inFlight.contentHash, context);
    settleOutstanding(device, context);
  }
  const { message_id: messageId, status, error_code: code = null } = ack;
  tellProgress(device, { messageId, status, errorCode: code }, context);
  advanceRequests(device, context);
}

/** C-KEY-01: an answer to what was asked, or the announcement of a new device of our own (C-REG-10). */
export function keysAnswered(
  device: DeviceState,
  response: KeyResponse,
  context: DeviceContext,
): void {
  const { outstanding, config } = device;
  const isAnswer = outstanding?.kind === 'keys' && outstanding.requestId === response.request_id;
  const users = isAnswer ? outstanding.users : [config.userId];
  for (const [userId, keys] of Object.entries(response.keys)) {
    if (!context.must('C-KEY-01', users.includes(userId))) {
      drop('C-KEY-01', 'keys that were not asked for', context);
      continue;
    }
    learn(device, userId, keys, isAnswer ? 'complete' : 'addition', context);
  }
  if (!isAnswer) return;
  for (const userId of users)
    if (!Object.hasOwn(response.keys, userId)) known(device, userId, context);
  finish(device, context);
}

export function conversationEchoed(
  device: DeviceState,
  echo: ConversationCreate,
  context: DeviceContext,
): void {
  const { outstanding } = device;
  if (outstanding?.kind !== 'create') return;
  if (outstanding.message.conversation_id !== echo.conversation_id) return;
  const conversationId = echo.conversation_id;
  context.emit({ type: 'conversation-created', conversationId });
  finish(device, context);
}

/** X-ERR-05: never answered. */
export function refused(device: DeviceState, error: ErrorMessage, context: DeviceContext): void {
  const { outstanding } = device;
  if (device.phase !== 'authenticated') return entryRefused(device, error, context);
  if (!outstanding) return report('unasked', error, context);
  settleOutstanding(device, context);
  if (isWait(error)) return pause(device, outstanding, error, context);
  switch (outstanding.kind) {
    case 'create':
      report('conversation_create', error, context);
      break;
    case 'keys':
      // Any other code says nothing of the users, and the same may be asked a little later.
      if (error.error_code !== errorCode.client.keyNotFound) {
        return pause(device, outstanding, { ...error, retry_after: bounds.retrySeconds }, context);
      }
      for (const userId of outstanding.users) known(device, userId, context);
      break;
    case 'send':
      sendRefused(device, outstanding, error, context);
      break;
  }
  finish(device, context);
}

function finish(device: DeviceState, context: DeviceContext): void {
  settleOutstanding(device, context);
  retryParked(device, context);
  advanceRequests(device, context);
}

/** Asked for and without devices, which is all that a device can know of it (C-KEY-04). */
function known(device: DeviceState, userId: string, context: DeviceContext): void {
  learn(device, userId, {}, 'complete', context);
}

function entryRefused(device: DeviceState, error: ErrorMessage, context: DeviceContext): void {
  const what = device.registration ? 'registration' : 'authentication';
  // Asking again would only use up the attempts that the connection has.
  if (device.registration) device.registration = null;
  else if (error.error_code === errorCode.client.deviceRevoked) device.wantsSession = false;
  report(what, error, context);
}

function report(
  what: string,
  { error_code: errorCode }: ErrorMessage,
  context: DeviceContext,
): void {
  context.emit({ type: 'refused', what, errorCode });
}

function isWait({ error_category, retry_after }: ErrorMessage): boolean {
  return error_category === 'rate_limit' && retry_after !== undefined;
}

/** X-RATE-06: as long as we were told, and no longer. */
function pause(
  device: DeviceState,
  request: Request,
  { retry_after = 1 }: ErrorMessage,
  context: DeviceContext,
): void {
  device.requests.unshift(request);
  device.pausedUntil = context.now + seconds(retry_after);
  const timer = timerName('retry');
  context.emit({ type: 'set-timer', timer, at: device.pausedUntil });
}

function sendRefused(
  device: DeviceState,
  { text, attempts }: Request & { kind: 'send' },
  { error_code: code, details }: ErrorMessage,
  context: DeviceContext,
): void {
  const { messageId } = text;
  const chain = chainOf(device, text.conversationId, context);
  const { inFlight } = chain;
  if (code === errorCode.client.encryptionFailed && details?.reason === 'conflict' && inFlight) {
    // Ids are ours alone: the server has this message, as it was sealed before.
    sent(chain, inFlight.earlier[0] ?? inFlight.contentHash, context);
    return tellProgress(device, { messageId, status: 'sent', errorCode: null }, context);
  }
  const isRetried = attempts < bounds.attempts && mayHelp(code, details?.reason);
  if (isRetried) {
    askAgain(device, [...text.recipients, device.config.userId]);
    sealAnew(chain);
    device.requests.unshift({ kind: 'send', text, attempts: attempts + 1 });
    return;
  }
  notSent(chain, context);
  tellProgress(device, { messageId, status: 'failed', errorCode: code }, context);
}

/** Other devices, or a later timestamp, and the same message may pass. */
function mayHelp(code: number, reason: unknown): boolean {
  const { invalidRecipient, keyExpired, keyRevoked, encryptionFailed } = errorCode.client;
  const isDirectory = code === invalidRecipient || code === keyExpired || code === keyRevoked;
  return isDirectory || (code === encryptionFailed && reason === 'stale');
}

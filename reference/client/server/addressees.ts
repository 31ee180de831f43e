/**
 * Whom a message is for (C-MSG-01, C-MSG-02, L-C09): every active device of every local recipient and
 * the sender's other devices, no more and no less. Payloads for devices of other servers are told
 * apart by server, so that each peer sees only its own (X-META-04).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { Context } from '../../core.ts';
import type { SealedBlob } from '../../crypto/crypto.ts';
import { accept, type Refused, type Result } from '../../wire/result.ts';
import { serverOf } from '../identifiers.ts';
import { activeDevices, isKeyExpired, isRevoked } from './directory.ts';
import type { Refusal } from './refusal.ts';
import type { Conversation, Device, Server, Session } from './state.ts';

export interface Addressees {
  readonly local: readonly { readonly device: Device; readonly blob: SealedBlob }[];
  readonly remote: readonly RemotePart[];
}

export interface RemotePart {
  readonly server: string;
  readonly users: readonly string[];
  readonly payloads: { readonly [deviceId: string]: SealedBlob };
}

export function addresseesOf(
  server: Server,
  session: Session,
  conversation: Conversation,
  message: MessageSend,
  context: Context,
): Result<Addressees, Refusal> {
  const { must, now } = context;
  const recipients = message.recipients;
  const areMembers = recipients.every((userId) => conversation.members.has(userId));
  if (!must('C-MSG-02', areMembers)) return refused('C-MSG-02', 'a recipient is not a member');
  const scope = scopeOf(server, session, conversation, recipients);
  const sorted = sortPayloads(server, scope, message);
  if (!must('C-MSG-02', sorted.foreign.length === 0)) {
    return refused('C-MSG-02', 'a payload for a device that is not addressed');
  }
  const missing = expectedDevices(server, session, scope, context).filter(
    ({ id }) => !Object.hasOwn(message.encrypted_content, id),
  );
  const isComplete = missing.length === 0 && haveDevices(server, scope, context);
  if (!must('C-MSG-01', isComplete)) return stale('a device has no payload');
  const devices = sorted.local.map(({ device }) => device);
  if (!must('X-KEY-04', !devices.some((device) => isRevoked(device, now)))) {
    return keyFault('X-KEY-04', errorCode.client.keyRevoked);
  }
  if (!must('C-KEY-03', !devices.some((device) => isKeyExpired(device, now)))) {
    return keyFault('C-KEY-03', errorCode.client.keyExpired);
  }
  return accept({ local: sorted.local, remote: sorted.remote });
}

/** Whose devices may have a payload. */
interface Scope {
  readonly sendingDevice: string;
  readonly conversation: Conversation;
  readonly localUsers: ReadonlySet<string>;
  /** Local users among the recipients: each must have a device to receive it. */
  readonly localRecipients: readonly string[];
  /** Recipients of other servers, by server. */
  readonly remoteUsers: ReadonlyMap<string, readonly string[]>;
}

function scopeOf(
  { config }: Server,
  session: Session,
  conversation: Conversation,
  recipients: readonly string[],
): Scope {
  const isLocal = (userId: string): boolean => serverOf(userId) === config.serverId;
  const localRecipients = recipients.filter(isLocal);
  const remoteUsers = new Map<string, string[]>();
  for (const userId of recipients.filter((one) => !isLocal(one))) {
    const users = remoteUsers.get(serverOf(userId)) ?? [];
    remoteUsers.set(serverOf(userId), [...users, userId]);
  }
  return {
    sendingDevice: session.deviceId,
    conversation,
    localUsers: new Set([...localRecipients, session.userId]),
    localRecipients,
    remoteUsers,
  };
}

interface Sorted {
  readonly local: { readonly device: Device; readonly blob: SealedBlob }[];
  readonly remote: readonly RemotePart[];
  /** Device ids that have no place in this message. */
  readonly foreign: string[];
}

function sortPayloads(server: Server, scope: Scope, message: MessageSend): Sorted {
  const local: Sorted['local'] = [];
  const foreign: string[] = [];
  const remote = new Map<string, { [deviceId: string]: SealedBlob }>();
  for (const name of scope.remoteUsers.keys()) remote.set(name, {});
  for (const [deviceId, blob] of Object.entries(message.encrypted_content)) {
    const device = server.devices.get(deviceId);
    const payloads = device ? undefined : remote.get(remoteServerOf(scope, deviceId) ?? '');
    if (device && scope.localUsers.has(device.userId) && deviceId !== scope.sendingDevice) {
      local.push({ device, blob });
    } else if (payloads) payloads[deviceId] = blob;
    else foreign.push(deviceId);
  }
  const parts = [...remote].map(([name, payloads]) => ({
    server: name,
    users: scope.remoteUsers.get(name) ?? [],
    payloads,
  }));
  return { local, remote: parts.filter((part) => Object.keys(part.payloads).length > 0), foreign };
}

/**
 * The server whose user has this device. Devices of others are not in our directory: with one other
 * server it can only be that one; with several, it must be known from an earlier relay.
 */
function remoteServerOf({ conversation, remoteUsers }: Scope, deviceId: string): string | null {
  const owner = conversation.remoteDevices.get(deviceId);
  if (owner !== undefined) return serverOf(owner);
  const [only] = remoteUsers.size === 1 ? remoteUsers.keys() : [];
  return only ?? null;
}

function expectedDevices(
  server: Server,
  session: Session,
  { localUsers }: Scope,
  { now }: Context,
): Device[] {
  const devices = [...localUsers].flatMap((userId) => activeDevices(server, userId, now));
  return devices.filter((device) => device.id !== session.deviceId);
}

/** A recipient without devices cannot be told from one that does not exist (C-KEY-04). */
function haveDevices(server: Server, { localRecipients }: Scope, { now }: Context): boolean {
  return localRecipients.every((userId) => activeDevices(server, userId, now).length > 0);
}

function refused(requirement: 'C-MSG-02', detail: string): Refused<Refusal> {
  const code = errorCode.client.invalidRecipient;
  return { ok: false, error: { requirement, code, reason: 'stale_devices', detail } };
}

/** L-C09: the sender should look again; which device is missing it must find out itself. */
function stale(detail: string): Refused<Refusal> {
  const code = errorCode.client.invalidRecipient;
  const details = { stale: true };
  return {
    ok: false,
    error: { requirement: 'C-MSG-01', code, reason: 'stale_devices', details, detail },
  };
}

function keyFault(
  requirement: 'X-KEY-04' | 'C-KEY-03',
  code: typeof errorCode.client.keyRevoked | typeof errorCode.client.keyExpired,
): Refused<Refusal> {
  return { ok: false, error: { requirement, code, detail: 'sealed for a key that is over' } };
}

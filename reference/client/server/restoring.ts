/**
 * A restart: users, devices, conversations, undelivered messages and message ids come back from the
 * rows that were persisted (X-SEQ-16, C-MSG-05, C-MSG-12). Our own rows: what does not fit is a defect.
 */
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { DeviceCertificate } from '../../../spec/messages/common/device-certificate.ts';
import { invariant } from '../../assert.ts';
import type { Row, Table } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { isObject } from '../../wire/json.ts';
import { keepConversation } from './conversations.ts';
import { keepDevice } from './directory.ts';
import { keepStored } from './mailbox.ts';
import { keepTracked } from './progress.ts';
import type { Conversation, Device, MessageStatus, Server, TrackedMessage } from './state.ts';

export function restoreRows(server: Server, rows: readonly Row[]): void {
  each(rows, 'user', (id, row) =>
    server.users.set(id, {
      id,
      masterKey: row.master_key as string | null,
      devices: new Set(),
      permissions: row.permissions as string[],
    }),
  );
  each(rows, 'device', (id, row) => keepDevice(server, deviceOf(id, row)));
  each(rows, 'conversation', (id, row) => keepConversation(server, conversationOf(id, row)));
  restoreMailboxes(server, rows);
  const waiting = waitingByMessage(server);
  each(rows, 'message-id', (id, row) =>
    keepTracked(server, trackedOf(id, row, waiting.get(id) ?? new Set())),
  );
}

function each(
  rows: readonly Row[],
  table: Table,
  restore: (key: string, row: JsonObject) => void,
): void {
  for (const row of rows) {
    if (row.table !== table || row.value === null) continue;
    invariant(isObject(row.value), `a row of ${table} is an object`);
    restore(row.key, row.value);
  }
}

/** In the order of acceptance, whatever the order of the rows (C-MSG-12). */
function restoreMailboxes(server: Server, rows: readonly Row[]): void {
  const stored: { deviceId: string; row: JsonObject; position: number }[] = [];
  each(rows, 'message', (key, row) => {
    const deviceId = key.slice(0, key.indexOf('/'));
    stored.push({ deviceId, row, position: row.position as number });
  });
  stored.sort((a, b) => a.position - b.position);
  for (const { deviceId, row, position } of stored) {
    const message = row.message as MessageReceived;
    const expiresAt = row.expires_at as number;
    keepStored(server, deviceId, { message, expiresAt, position, sentOn: null });
    server.position = Math.max(server.position, position);
  }
}

function deviceOf(id: string, row: JsonObject): Device {
  return {
    id,
    userId: row.user_id as string,
    publicKey: row.public_key as string,
    kexPublicKey: row.kex_public_key as string,
    kexSignature: row.kex_signature as string,
    certificate: row.certificate as DeviceCertificate,
    createdAtSeconds: row.created_at as number,
    authorizer: row.authorizer as string | null,
    authorizerSignature: row.authorizer_signature as string | null,
    revokedAtSeconds: row.revoked_at as number | null,
    notices: row.notices as string[],
  };
}

function conversationOf(id: string, row: JsonObject): Conversation {
  return {
    id,
    kind: row.kind as string,
    createdBy: row.created_by as string,
    members: new Map(Object.entries(row.members as Record<string, string>)),
    messageTtlSeconds: row.message_ttl as number | null,
    origin: row.origin as Conversation['origin'],
    remoteDevices: new Map(Object.entries(row.remote_devices as Record<string, string>)),
  };
}

/** What still lies in a mailbox has not been confirmed. */
function waitingByMessage(server: Server): Map<string, Set<string>> {
  const waiting = new Map<string, Set<string>>();
  for (const [deviceId, { messages }] of server.mailboxes) {
    for (const id of messages.keys()) {
      waiting.set(id, (waiting.get(id) ?? new Set()).add(deviceId));
    }
  }
  return waiting;
}

function trackedOf(id: string, row: JsonObject, waiting: Set<string>): TrackedMessage {
  const devices = new Map(Object.entries(row.devices as Record<string, string>));
  const confirmed = [...devices].filter(([deviceId]) => !waiting.has(deviceId));
  return {
    id,
    hash: row.hash as string,
    origin: row.origin as TrackedMessage['origin'],
    conversationId: row.conversation_id as string,
    senderUserId: row.sender_user_id as string,
    senderDeviceId: row.sender_device_id as string,
    acceptedAt: row.accepted_at as number,
    via: null,
    devices,
    waitingDevices: waiting,
    waitingUsers: new Set(row.waiting_users as string[]),
    reached: new Set(confirmed.map(([, userId]) => userId)),
    unread: new Set(row.unread as string[]),
    failedCode: row.failed_code as number | null,
    status: row.status as MessageStatus,
    statusAt: row.status_at as number,
    announced: row.announced as MessageStatus | null,
  };
}

/** A device starts again with what it had made durable. Our own rows: what does not fit is a defect. */
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { DeviceCertificate } from '../../../spec/messages/common/device-certificate.ts';
import { invariant } from '../../assert.ts';
import type { Row } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { windowFromJson } from '../../guard/replay-window.ts';
import { isObject } from '../../wire/json.ts';
import type { OutgoingText } from './device.ts';
import { incomingKey } from './rows.ts';
import type { DeviceState, Held, InFlight, KnownDevice } from './state.ts';

export function restoreDevice(device: DeviceState, rows: readonly Row[]): void {
  for (const { table, key, value } of rows) {
    if (value === null) continue;
    if (table === 'last-version') device.lastVersion = String(value);
    else restoreRow(device, table, key, objectOf(value));
  }
}

function restoreRow(device: DeviceState, table: Row['table'], key: string, row: JsonObject): void {
  switch (table) {
    case 'device':
      device.serverKey = row.server_key as string;
      device.certificate = row.certificate as DeviceCertificate;
      return;
    case 'user':
      return restoreContact(device, key, row);
    case 'chain':
      return key.startsWith('out/')
        ? restoreOutgoing(device, key.slice('out/'.length), row)
        : restoreIncoming(device, key, row);
    default:
      return;
  }
}

function restoreContact(device: DeviceState, userId: string, row: JsonObject): void {
  const listed = row.devices as unknown as KnownDevice[];
  const devices = new Map(listed.map((known) => [known.deviceId, known]));
  device.contacts.set(userId, { userId, devices, fetchedAt: row.fetched_at as number | null });
}

/** What was under way is asked first: the server may have accepted it (X-SEQ-16). */
function restoreOutgoing(device: DeviceState, conversationId: string, row: JsonObject): void {
  const inFlight = row.in_flight === null ? null : inFlightOf(objectOf(row.in_flight));
  device.outgoing.set(conversationId, {
    conversationId,
    next: row.next as number,
    previousHash: row.previous_hash as string,
    depth: row.depth as number,
    inFlight,
  });
  if (inFlight) device.requests.unshift({ kind: 'send', text: inFlight.text, attempts: 1 });
}

function inFlightOf(row: JsonObject): InFlight {
  return {
    text: row.text as unknown as OutgoingText,
    message: row.message as MessageSend | null,
    contentHash: row.content_hash as string,
    sends: row.sends as number,
    earlier: row.earlier as string[],
  };
}

function restoreIncoming(device: DeviceState, key: string, row: JsonObject): void {
  const [, conversationId = '', deviceId = ''] = key.split('/');
  const held = (row.held as JsonObject[]).map((entry): [number, Held] => {
    const message = entry.message as MessageReceived;
    return [message.sequence_number ?? 0, { message, until: entry.until as number }];
  });
  device.incoming.set(incomingKey(conversationId, deviceId), {
    conversationId,
    deviceId,
    window: windowFromJson(row.window ?? null),
    position: row.position as number,
    hash: row.hash as string,
    depth: row.depth as number | null,
    held: new Map(held),
    recent: row.recent as string[],
  });
}

function objectOf(value: Row['value'] | undefined): JsonObject {
  invariant(value !== undefined && isObject(value), 'a row is an object');
  return value;
}

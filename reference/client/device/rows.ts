/** What a device must not forget (X-SEQ-16, C-KEY-05), as rows of its own store. */
import { windowToJson } from '../../guard/replay-window.ts';
import type { DeviceContext } from './device.ts';
import type { Contact, IncomingChain, OutgoingChain } from './state.ts';

export function saveContact(contact: Contact, context: DeviceContext): void {
  const { userId, devices, fetchedAt } = contact;
  const value = {
    fetched_at: fetchedAt,
    devices: [...devices.values()].map((known) => ({ ...known })),
  };
  context.emit({ type: 'persist', table: 'user', key: userId, value });
}

export function saveOutgoing(chain: OutgoingChain, context: DeviceContext): void {
  const { conversationId, next, previousHash, depth, inFlight } = chain;
  const value = {
    next,
    previous_hash: previousHash,
    depth,
    in_flight: inFlight && {
      text: { ...inFlight.text, recipients: [...inFlight.text.recipients] },
      message: inFlight.message,
      content_hash: inFlight.contentHash,
      sends: inFlight.sends,
      earlier: [...inFlight.earlier],
    },
  };
  context.emit({ type: 'persist', table: 'chain', key: `out/${conversationId}`, value });
}

export function incomingKey(conversationId: string, deviceId: string): string {
  return `in/${conversationId}/${deviceId}`;
}

export function saveIncoming(chain: IncomingChain, context: DeviceContext): void {
  const { conversationId, deviceId, window, position, hash, depth, held, recent } = chain;
  const value = {
    window: windowToJson(window),
    position,
    hash,
    depth,
    held: [...held.values()].map(({ message, until }) => ({ message, until })),
    recent: [...recent],
  };
  const key = incomingKey(conversationId, deviceId);
  context.emit({ type: 'persist', table: 'chain', key, value });
}

/**
 * Sequence and hash chain of what we send end to end, per conversation and sending device (L-E12,
 * L-E16). A chain moves on when a message leaves, not when it is composed; it outlives connections.
 */
import type { Hash } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { limits } from '../../../spec/limits.ts';
import type { Chance } from './environment.ts';

interface Position {
  readonly sequenceNumber: number;
  readonly previousHash: Hash;
}

export interface Chains {
  /** Where the next message of this device in this conversation stands. */
  next(conversationId: string, deviceId: string): Position;
  /** Remembers a composed message, by id, until it leaves. */
  composed(messageId: string, place: Place & Position & { readonly contentHash: Hash }): void;
  /** It has left. Ids that were not composed here are somebody else's. */
  left(messageId: string): void;
}

interface Place {
  readonly conversationId: string;
  readonly deviceId: string;
}

/** `prev_message_hash` of the first message of a chain, and of the first revocation. */
export const zeroHash: Hash = encodeBase64url(new Uint8Array(limits.hashBytes));

export function createChains(chance: Chance): Chains {
  const heads = new Map<string, Position>();
  const waiting = new Map<string, () => void>();
  return {
    next(conversationId, deviceId) {
      const key = `${conversationId} ${deviceId}`;
      const head = heads.get(key) ?? { sequenceNumber: start(chance), previousHash: zeroHash };
      heads.set(key, head);
      return head;
    },
    composed(messageId, { conversationId, deviceId, sequenceNumber, contentHash }) {
      waiting.set(messageId, () => {
        const head = { sequenceNumber: sequenceNumber + 1, previousHash: contentHash };
        heads.set(`${conversationId} ${deviceId}`, head);
      });
    },
    left(messageId) {
      waiting.get(messageId)?.();
      waiting.delete(messageId);
    },
  };
}

/** X-SEQ-01: uniform in 1 … 2^24 − 1. Zero, which means unsequenced, is drawn again. */
export function start(chance: Chance): number {
  const [high = 0, middle = 0, low = 0] = chance.entropy(3);
  const drawn = (high << 16) | (middle << 8) | low;
  return drawn === 0 ? start(chance) : drawn;
}

/** Ways to make the reference say something else than it means to. */
import type { Effect } from '../../../reference/core.ts';
import type { Crypto, JsonObject } from '../../../reference/crypto/crypto.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Change } from '../mutant.ts';

type Type = NorcMessage['type'];
type Members = { readonly [member: string]: unknown };

/** Changes every outgoing message of one type after it was made; null keeps it back. */
export function sends(type: Type, change: (message: NorcMessage) => Members | null): () => Change {
  return () => ({ effects: (effect) => replaced(effect, type, change) });
}

function replaced(
  effect: Effect,
  type: Type,
  change: (message: NorcMessage) => Members | null,
): readonly Effect[] {
  if (effect.type !== 'send' && effect.type !== 'answer' && effect.type !== 'request') {
    return [effect];
  }
  if (effect.message?.type !== type) return [effect];
  const changed = change(effect.message);
  if (changed) return [{ ...effect, message: { ...effect.message, ...changed } } as Effect];
  return effect.type === 'answer' ? [{ ...effect, message: null } as Effect] : [];
}

/** Never sends it. */
export const withholds = (type: Type): (() => Change) => sends(type, () => null);

/** Sends it twice. */
export function repeats(type: Type): () => Change {
  return () => ({
    effects: (effect) =>
      effect.type === 'send' && effect.message.type === type ? [effect, effect] : [effect],
  });
}

/**
 * Changes a message or record before it is signed, so that the signature, the transcript and all that
 * follows fit what is said. `undefined` takes a member out.
 */
export function signs(
  type: string,
  change: Members | ((value: JsonObject) => Members),
): () => Change {
  return signing((value) => {
    if (value.type !== type) return;
    const changes = typeof change === 'function' ? change(value) : change;
    Object.assign(value, changes);
    for (const [name, member] of Object.entries(changes)) {
      if (member === undefined) delete (value as Record<string, unknown>)[name];
    }
  });
}

/** Whoever composes a message gives the value itself to be signed, and sends it afterwards. */
function signing(bend: (value: JsonObject) => void): () => Change {
  return withCrypto((crypto) => ({
    sign(key, value) {
      bend(value);
      return crypto.sign(key, value);
    },
  }));
}

export function withCrypto(change: (crypto: Crypto) => Partial<Crypto>): () => Change {
  return () => ({
    environment: ({ crypto }) => ({ crypto: { ...crypto, ...change(crypto) } }),
  });
}

/** Drops effects of a kind. */
export function omits(isDropped: (effect: Effect) => boolean): () => Change {
  return () => ({ effects: (effect) => (isDropped(effect) ? [] : [effect]) });
}

export const zeros = 'A'.repeat(43);
export const noSignature = 'A'.repeat(86);
export const otherUuid = '0b8f4bd2-6f0e-4f2e-9a43-5f0d3c1b2a19';

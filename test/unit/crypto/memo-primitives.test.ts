import { expect, test } from 'vitest';
import { memoPrimitives } from '../../../reference/crypto/memo-primitives.ts';
import { createNoblePrimitives } from '../../../reference/crypto/noble-primitives.ts';
import type { Primitives } from '../../../reference/crypto/primitives.ts';

const seed = new Uint8Array(32).fill(7);
const other = new Uint8Array(32).fill(8);
const message = new TextEncoder().encode('said once');

function counting(): { primitives: Primitives; asked: string[] } {
  const real = createNoblePrimitives();
  const asked: string[] = [];
  const primitives: Primitives = {
    ...real,
    ed25519Sign: (...parts) => {
      asked.push('sign');
      return real.ed25519Sign(...parts);
    },
    ed25519Verify: (...parts) => {
      asked.push('verify');
      return real.ed25519Verify(...parts);
    },
  };
  return { primitives, asked };
}

test('the same question is computed once, and answered alike', () => {
  const { primitives, asked } = counting();
  const memo = memoPrimitives(primitives);
  const first = memo.ed25519Sign(seed, message);
  expect(memo.ed25519Sign(seed, message)).toEqual(first);
  expect(first).toEqual(createNoblePrimitives().ed25519Sign(seed, message));
  expect(asked).toEqual(['sign']);
});

test('what was signed here verifies, and with any other key, message or signature does not', () => {
  const { primitives, asked } = counting();
  const memo = memoPrimitives(primitives);
  const signature = memo.ed25519Sign(seed, message);
  const key = memo.ed25519PublicKey(seed);
  expect(memo.ed25519Verify(key, message, signature)).toBe(true);
  expect(asked).toEqual(['sign']);
  const changed = signature.slice();
  changed[40] = (changed[40] ?? 0) ^ 1;
  expect(memo.ed25519Verify(memo.ed25519PublicKey(other), message, signature)).toBe(false);
  expect(memo.ed25519Verify(key, message.subarray(1), signature)).toBe(false);
  expect(memo.ed25519Verify(key, message, changed)).toBe(false);
  expect(asked.filter((what) => what === 'verify')).toHaveLength(3);
});

test('whoever writes into an answer changes no other', () => {
  const memo = memoPrimitives(createNoblePrimitives());
  const first = memo.x25519(seed, memo.x25519PublicKey(other));
  const kept = first.slice();
  first.fill(0);
  expect(memo.x25519(seed, memo.x25519PublicKey(other))).toEqual(kept);
  const pair = memo.kemKeyPair(new Uint8Array(64).fill(3));
  pair.publicKey.fill(0);
  const again = memo.kemKeyPair(new Uint8Array(64).fill(3));
  expect(again).toEqual(createNoblePrimitives().kemKeyPair(new Uint8Array(64).fill(3)));
});

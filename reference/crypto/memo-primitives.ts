/**
 * Primitives that remember, for the suite and its subject, or all servers of a simulation, in one
 * process: most of what one computes another computes as well. Every operation here is a function of its arguments, so an
 * answer that was given once is the answer. Strictness is judged above, each time (X-SIG-03).
 *
 * Secrets stay in memory, which a server must not let happen (X-KEY-10); those of a test are none.
 */
import type { Primitives } from './primitives.ts';

/** Answers kept of one operation. */
const KEPT = 8192;
/** Longer messages are rare, and their answers would be kept at the price of their length. */
const LONGEST_BYTES = 8192;

type Bytes = Uint8Array;
type Answer = boolean | Bytes | { readonly [name: string]: Bytes };

export function memoPrimitives(primitives: Primitives): Primitives {
  const verified = createMemo<boolean>();
  const remembered = {
    publicKey: createMemo<Bytes>(),
    sign: createMemo<Bytes>(),
    exchangeKey: createMemo<Bytes>(),
    exchange: createMemo<Bytes>(),
    kemKeyPair: createMemo<ReturnType<Primitives['kemKeyPair']>>(),
    kemEncapsulate: createMemo<ReturnType<Primitives['kemEncapsulate']>>(),
    kemDecapsulate: createMemo<Bytes>(),
  };
  const publicKey = (seed: Bytes): Bytes =>
    remembered.publicKey([seed], () => primitives.ed25519PublicKey(seed));
  return {
    ...primitives,
    ed25519PublicKey: publicKey,
    ed25519Sign: (seed, message) =>
      remembered.sign([seed, message], () => {
        const signature = primitives.ed25519Sign(seed, message);
        // What was signed just now verifies: the property tests of the providers prove it.
        verified([publicKey(seed), signature, message], () => true);
        return signature;
      }),
    ed25519Verify: (key, message, signature) =>
      verified([key, signature, message], () => primitives.ed25519Verify(key, message, signature)),
    x25519PublicKey: (scalar) =>
      remembered.exchangeKey([scalar], () => primitives.x25519PublicKey(scalar)),
    x25519: (scalar, point) =>
      remembered.exchange([scalar, point], () => primitives.x25519(scalar, point)),
    kemKeyPair: (seed) => remembered.kemKeyPair([seed], () => primitives.kemKeyPair(seed)),
    kemEncapsulate: (key, entropy) =>
      remembered.kemEncapsulate([key, entropy], () => primitives.kemEncapsulate(key, entropy)),
    kemDecapsulate: (key, ciphertext) =>
      remembered.kemDecapsulate([key, ciphertext], () =>
        primitives.kemDecapsulate(key, ciphertext),
      ),
  };
}

type Memo<V> = (parts: readonly Bytes[], make: () => V) => V;

function createMemo<V extends Answer>(): Memo<V> {
  const answers = new Map<string, V>();
  return (parts, make) => {
    if (parts.some(({ length }) => length > LONGEST_BYTES)) return make();
    const key = keyOf(parts);
    const known = answers.get(key);
    if (known !== undefined) return copied(known);
    const made = make();
    if (answers.size >= KEPT) answers.clear();
    answers.set(key, copied(made));
    return made;
  };
}

/** All but the last part of an operation have a fixed length, so no two lists have one key. */
function keyOf(parts: readonly Bytes[]): string {
  let key = '';
  for (const { buffer, byteOffset, byteLength } of parts) {
    key += Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
  }
  return key;
}

/** Whoever gets an answer may write into it. */
function copied<V extends Answer>(value: V): V;
function copied(value: Answer): Answer {
  if (typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return value.slice();
  return Object.fromEntries(Object.entries(value).map(([name, bytes]) => [name, bytes.slice()]));
}

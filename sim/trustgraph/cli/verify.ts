/** The reference's own verification (X-SIG-01, X-SIG-03), for the reader of certificates. */
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { JsonObject, PublicKey } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { Verify } from '../read/signatures.ts';

export async function createVerifier(): Promise<Verify> {
  const crypto = createCrypto(await createNodePrimitives(), createMust());
  return (key, record) => {
    const { signature, signature_algorithm: algorithm } = record;
    if (typeof signature !== 'string' || algorithm !== 'ed25519') return false;
    try {
      const value = without(record as JsonObject, 'signature');
      return crypto.verify(key as PublicKey, value, signature);
    } catch {
      // A value without a canonical form, such as half a surrogate pair, is signed by nobody.
      return false;
    }
  };
}

/**
 * The symbolic tier at the height of the cores' interface, over the names of symbolic-primitives.ts:
 * who has made a signature or sealed a message in this world has it remembered together with what it
 * is of, as text. A question that is answered by that is answered without computing anything; every
 * other, and every refusal, goes the way of the real tiers. What is remembered is bounded, and what
 * has been forgotten is computed again, so nothing but time follows from it.
 */
import type { Must } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type {
  ContentHeader,
  ContentRecipient,
  Crypto,
  PublicKey,
  RequestProof,
  SealedBlob,
  Signature,
} from '../../reference/crypto/crypto.ts';
import { utf8 } from '../../reference/crypto/octets.ts';
import type { Primitives } from '../../reference/crypto/primitives.ts';
import { createSignatures, type Signatures } from '../../reference/crypto/signatures.ts';
import { canonicalText } from '../../reference/wire/canonical.ts';
import { accept } from '../../reference/wire/result.ts';
import type { Json } from '../../spec/schema.ts';

export function createSymbolicCrypto(primitives: Primitives, must: Must): Crypto {
  const plain = createCrypto(primitives, must);
  return {
    ...plain,
    ...rememberedSignatures(plain, createSignatures(primitives, must), must),
    ...rememberedProofs(plain, must),
    ...rememberedContent(plain, must),
  };
}

type Signing = Pick<Crypto, 'sign' | 'verify'>;
type Proving = Pick<Crypto, 'signRequest' | 'verifyRequest'>;
type Sealing = Pick<Crypto, 'sealContent' | 'openContent'>;

function rememberedSignatures(plain: Crypto, { signBytes }: Signatures, must: Must): Signing {
  const made = createRecent<Made>();
  return {
    sign(key, value) {
      const text = canonicalText(value);
      const signature = signBytes(key, utf8(text));
      made.set(signature, { publicKey: key.publicKey, text });
      return signature;
    },
    verify(publicKey, value, signature) {
      const known = made.get(signature);
      const isKnown = known?.publicKey === publicKey && known.text === canonicalText(value);
      return isKnown ? holds(must, signatureGuards) : plain.verify(publicKey, value, signature);
    },
  };
}

function rememberedProofs(plain: Crypto, must: Must): Proving {
  const made = createRecent<Made>();
  return {
    signRequest(key, proof) {
      const signature = plain.signRequest(key, proof);
      made.set(signature, { publicKey: key.publicKey, text: textOfProof(proof) });
      return signature;
    },
    verifyRequest(publicKey, proof, signature) {
      const known = made.get(signature);
      const isKnown = known?.publicKey === publicKey && known.text === textOfProof(proof);
      if (!isKnown) return plain.verifyRequest(publicKey, proof, signature);
      return holds(must, proofGuards);
    },
  };
}

interface Made {
  readonly publicKey: PublicKey;
  readonly text: string;
}

const signatureGuards = ['X-CAN-02', 'X-SIG-03', 'X-SIG-01'] as const;
const proofGuards = ['F-AUTH-02', ...signatureGuards] as const;
const contentGuards = [
  ...signatureGuards,
  ...(['C-E2E-06', 'C-E2E-07', 'C-E2E-02', 'C-E2E-04', 'X-CAN-16', 'X-KDF-07'] as const),
  ...(['C-E2E-05', 'X-AAD-03', 'X-PAD-01', 'X-PAD-03'] as const),
];

/** The guards that the way of the real tiers goes through, so that a run counts them. */
function holds(must: Must, guards: readonly Parameters<Must>[0][]): true {
  for (const id of guards) must(id, true);
  return true;
}

const textOfProof = (proof: RequestProof): string => canonicalText(proof as unknown as Json);

// --- content ------------------------------------------------------------------------------------------

interface SealedFor {
  readonly text: string;
  readonly exchangePublicKey: PublicKey;
  readonly plaintext: Uint8Array;
}

/** By the signature of the blob, which is of one message, one device and one ciphertext. */
function rememberedContent(plain: Crypto, must: Must): Sealing {
  const made = createRecent<SealedFor>();
  return {
    sealContent(header, plaintext, recipients, sender, entropy) {
      const sealed = plain.sealContent(header, plaintext, recipients, sender, entropy);
      for (const recipient of recipients) {
        const blob = sealed.blobs[recipient.deviceId];
        if (!blob) continue;
        const text = textOfContent(header, blob, recipient, sender.publicKey);
        const { exchangePublicKey } = recipient;
        made.set(blob.sender_signature, { text, exchangePublicKey, plaintext: plaintext.slice() });
      }
      return sealed;
    },
    openContent(header, blob, recipient, senderPublicKey) {
      const known = made.get(blob.sender_signature);
      const isKnown =
        known?.exchangePublicKey === recipient.key.publicKey &&
        known.text === textOfContent(header, blob, recipient, senderPublicKey);
      if (!isKnown) return plain.openContent(header, blob, recipient, senderPublicKey);
      holds(must, contentGuards);
      return accept(known.plaintext.slice());
    },
  };
}

/** Everything that opening it depends on. */
function textOfContent(
  header: ContentHeader,
  blob: SealedBlob,
  { userId, deviceId }: Pick<ContentRecipient, 'userId' | 'deviceId'>,
  sender: PublicKey,
): string {
  return canonicalText([header, blob, userId, deviceId, sender] as unknown as Json);
}

// --- what is remembered ---------------------------------------------------------------------------------

/** Of each kind: a few megabytes. What is asked is mostly asked within a round trip. */
const REMEMBERED = 2048;

interface Recent<V> {
  get(name: Signature): V | undefined;
  set(name: Signature, value: V): void;
}

/** Two generations: when the younger is full, the elder is forgotten. */
function createRecent<V>(): Recent<V> {
  let young = new Map<Signature, V>();
  let old = new Map<Signature, V>();
  return {
    get: (name) => young.get(name) ?? old.get(name),
    set(name, value) {
      if (young.size >= REMEMBERED / 2) {
        old = young;
        young = new Map();
      }
      young.set(name, value);
    },
  };
}

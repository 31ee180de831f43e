/** The front door of this room: the interface the cores know, over a provider of primitives. */
import type { Must } from '../assert.ts';
import { canonicalBytes } from '../wire/canonical.ts';
import { openContent } from './content-open.ts';
import { type ContentTools, sealContent } from './content-seal.ts';
import type { Crypto } from './crypto.ts';
import { domainValue } from './domain-value.ts';
import { createKeyExchange } from './key-exchange.ts';
import { createKeySchedule } from './key-schedule.ts';
import type { Primitives } from './primitives.ts';
import { createProofOfWork } from './proof-of-work.ts';
import { createRequestProofs } from './request-proof.ts';
import { createSignatures } from './signatures.ts';
import { createHashes } from './transcript.ts';

/** Guards of peer input go through `must`, so that a mutant can do without any one of them. */
export function createCrypto(primitives: Primitives, must: Must): Crypto {
  const signatures = createSignatures(primitives, must);
  const { signingKey, isSigningKey, signBytes, verifyBytes } = signatures;
  const tools: ContentTools = { primitives, must, signatures };
  return {
    signingKey,
    isSigningKey,
    sign: (key, value) => signBytes(key, canonicalBytes(value)),
    verify: (publicKey, value, signature) =>
      verifyBytes(publicKey, canonicalBytes(value), signature),
    ...createRequestProofs(primitives, must, signatures),
    ...createHashes(primitives),
    domainValue: (challenge) => domainValue(primitives, challenge),
    ...createProofOfWork(primitives),
    ...createKeyExchange(primitives, must),
    ...createKeySchedule(primitives, must),
    sealContent: (...content) => sealContent(tools, ...content),
    openContent: (...content) => openContent(tools, ...content),
  };
}

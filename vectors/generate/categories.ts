/** Every category, in the order of the profile's Part 6. */
import { aad } from './categories/aad.ts';
import { auditChain } from './categories/audit-chain.ts';
import { canonicalJson } from './categories/canonical-json.ts';
import { certificate } from './categories/certificate.ts';
import { chain } from './categories/chain.ts';
import { classification } from './categories/classification.ts';
import { clientAuth } from './categories/client-auth.ts';
import { crl } from './categories/crl.ts';
import { domainProof } from './categories/domain-proof.ts';
import { error } from './categories/error.ts';
import { framing } from './categories/framing.ts';
import { keySchedule } from './categories/key-schedule.ts';
import { message } from './categories/message.ts';
import { padding } from './categories/padding.ts';
import { path } from './categories/path.ts';
import { primitives } from './categories/primitives.ts';
import { rate } from './categories/rate.ts';
import { relay } from './categories/relay.ts';
import { requestProof } from './categories/request-proof.ts';
import { revocationSource } from './categories/revocation.ts';
import { score } from './categories/score.ts';
import { timeSync } from './categories/time-sync.ts';
import { transcript } from './categories/transcript.ts';
import { trustProof } from './categories/trust-proof.ts';
import { trustRunSource } from './categories/trust-run.ts';
import { version } from './categories/version.ts';
import { window } from './categories/window.ts';
import { wrappingSource } from './categories/wrapping.ts';
import type { CategorySource } from './category.ts';

export const sources: readonly CategorySource[] = [
  version,
  canonicalJson,
  transcript,
  keySchedule,
  primitives,
  aad,
  wrappingSource,
  message,
  padding,
  window,
  chain,
  clientAuth,
  revocationSource,
  timeSync,
  requestProof,
  relay,
  domainProof,
  trustProof,
  trustRunSource,
  certificate,
  crl,
  score,
  path,
  auditChain,
  framing,
  rate,
  error,
  classification,
];

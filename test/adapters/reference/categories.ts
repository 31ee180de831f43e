/** The functions of the plan, over the reference. One that is missing is answered `unsupported`. */
import { canonicalJson } from './canonical-json.ts';
import { certificate, crl, revocation } from './certificates.ts';
import { auditChain, chain } from './chains.ts';
import { clientAuth } from './client-auth.ts';
import { aad, padding } from './content.ts';
import { error } from './errors.ts';
import { keySchedule } from './key-schedule.ts';
import { primitives } from './primitives.ts';
import { relay } from './relay.ts';
import type { CategoryFunction } from './results.ts';
import { message, wrapping } from './sealed-content.ts';
import { domainProof, requestProof, timeSync, trustProof } from './server-proofs.ts';
import { transcript } from './transcript.ts';
import { trustRun } from './trust-run.ts';
import { path, score } from './trust-score.ts';
import { version } from './version.ts';
import { window } from './window.ts';
import { classification, framing, rate } from './wire.ts';

export const categoryFunctions: { readonly [category: string]: CategoryFunction } = {
  version,
  'canonical-json': canonicalJson,
  transcript,
  'key-schedule': keySchedule,
  primitives,
  aad,
  wrapping,
  message,
  padding,
  window,
  chain,
  'client-auth': clientAuth,
  revocation,
  'time-sync': timeSync,
  'request-proof': requestProof,
  relay,
  'domain-proof': domainProof,
  'trust-proof': trustProof,
  'trust-run': trustRun,
  certificate,
  crl,
  score,
  path,
  'audit-chain': auditChain,
  framing,
  rate,
  error,
  classification,
};

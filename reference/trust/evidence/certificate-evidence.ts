/**
 * What is shown for a chain in T4, and what the responder makes of it (T-CHAL-08, T-RESP-05,
 * T-RESP-06): age of the leaf, revocation, transparency.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { bytesOf, encodeBase64url } from '../../wire/base64url.ts';
import { type Check, check } from '../check.ts';
import { taskOf } from '../establishment/challenge.ts';
import { readRequestChain } from '../establishment/request.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { isYoungEnough, type ReadChain } from './chain.ts';
import { evidenceOf, type IssuerAnswers } from './issuer-answers.ts';
import { timestampProof } from './log-proof.ts';
import {
  chainStatus,
  type RevocationEvidence,
  type RevocationStatus,
} from './revocation-status.ts';
import { isTransparent } from './transparency.ts';

/** The answer to a certificate_validation task. */
export interface Shown {
  readonly ocsp_responses: string[];
  readonly ct_log_proofs: string[];
}

/** As requester: the answers of our issuers, and the timestamps that are in our leaf or our policy. */
export function showCertificate({ config, context }: Scope, answers: IssuerAnswers): Shown {
  const [leaf] = config.certificateChain;
  const timestamps = leaf === undefined ? [] : context.x509.embeddedTimestamps(leaf);
  return {
    ocsp_responses: [...answers.ocspResponses],
    ct_log_proofs: [
      ...timestamps.map((bytes) => encodeBase64url(timestampProof(bytes))),
      ...config.policy.evidence.ctLogProofs,
    ],
  };
}

/** What the requester has shown and what we have fetched. */
export function revocationEvidenceOf(run: ResponderRun): RevocationEvidence {
  const fetched = evidenceOf(run.answers);
  const shown = shownIn(run)?.ocsp_responses ?? [];
  return { ...fetched, ocspResponses: [...shown.map(bytesOf), ...fetched.ocspResponses] };
}

function shownIn({ response }: ResponderRun): Shown | undefined {
  return response?.challenge_responses.find((part) => part.type === 'certificate_validation');
}

/** Second step of validation, after the chain itself (T-PIPE-01). */
export function certificateChecks(scope: Scope, run: ResponderRun): readonly Check[] {
  const task = taskOf(run.challenge, 'certificate_validation');
  const read = readRequestChain(scope, run.request);
  if (!task || !read) return [];
  const { max_age_days, check_revocation, require_ct_logs } = task.validation_requirements;
  const code = errorCode.trust.chain;
  return [
    check('T-CHAL-08', code, 'the leaf certificate is too old', () => {
      return isYoungEnough(read, max_age_days, scope.context.now);
    }),
    check('T-RESP-05', code, 'a certificate is not known to be good', () => {
      const status = revocationStatus(scope, run, read);
      return status === 'good' || (status === 'unknown' && !check_revocation);
    }),
    check('T-RESP-06', code, 'no known log shows the leaf', () => {
      return !require_ct_logs || isShownByLog(scope, run, read);
    }),
  ];
}

export function revocationStatus(
  { context }: Scope,
  run: ResponderRun,
  read: ReadChain,
): RevocationStatus {
  return chainStatus(context.x509, read, revocationEvidenceOf(run), context.now);
}

function isShownByLog({ config, context }: Scope, run: ResponderRun, read: ReadChain): boolean {
  const proofs = (shownIn(run)?.ct_log_proofs ?? []).map(bytesOf);
  const logs = config.policy.evidence.transparencyLogs;
  return isTransparent(context.x509, read, { logs, proofs }, context.now);
}

/** For the score (T 1.3): what holds earns, whether it was asked for or not. */
export function certificateStanding(
  scope: Scope,
  run: ResponderRun,
): { readonly ocspVerified: boolean; readonly transparencyVerified: boolean } {
  const read = readRequestChain(scope, run.request);
  if (!read) return { ocspVerified: false, transparencyVerified: false };
  return {
    ocspVerified: revocationStatus(scope, run, read) === 'good',
    transparencyVerified: isShownByLog(scope, run, read),
  };
}

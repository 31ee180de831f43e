/**
 * The issuer's side of a renewal (machine renewal, row 1): takes in T18 and answers it at once, or
 * with a challenge where more scope or a new key is asked for (L-R11). What is decided then is in
 * granting.ts.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { grantOf, isEnding, phaseOf, standingOf } from '../certificate/relationship.ts';
import { check, firstBroken, type Refusal } from '../check.ts';
import { composeChallenge } from '../establishment/challenge.ts';
import { beginResponder } from '../establishment/responder-run.ts';
import { waitBeforeRequest } from '../pace.ts';
import { thresholdTenths } from '../policy.ts';
import { refuse } from '../refusal.ts';
import type { Scope } from '../scope.ts';
import type { Grant, Relation } from '../state.ts';
import { asValue, noteTolerance } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { grantRenewal } from './granting.ts';
import { receiptChecks, scopeChecks, statusChecks, widens } from './renewal.ts';

export function receiveRenewal(scope: Scope, renewal: TrustRenewal, origin: TrustOrigin): void {
  const { state, context } = scope;
  const { peer } = origin;
  const relation = state.relations.get(peer);
  const grant = grantOf(state, peer, 'inbound', context.now);
  const from = { peer, key: relation?.peerKey ?? null, version: versionWith(state, peer) };
  const forged = firstBroken(context.must, receiptChecks(scope, renewal, from));
  if (forged || !relation || !grant) return deny(scope, origin, renewal, forged ?? unknown);
  const before = earlierAnswer(scope, peer, renewal);
  if (before !== undefined) return answerAgain(scope, origin, renewal, before);

  const broken = firstBroken(context.must, [
    ...statusChecks(scope, renewal, {
      grant,
      phase: phaseOf(state, grant, 'inbound', context.now),
      isEnding: isEnding(state, peer, context.now),
    }),
    ...scopeChecks(scope, renewal, grant, heldBy(scope, peer)),
    check('T-REQ-12', errorCode.federation.messageRate, 'asks too often', () => {
      return waitBeforeRequest(scope, peer) === 0;
    }),
  ]);
  if (broken) return deny(scope, origin, renewal, broken);
  noteTolerance(scope, peer, renewal);
  // T-REN-04: more scope needs evidence, and a new key proof of its own.
  if (!context.must('T-REN-04', !widens(renewal))) {
    return challenge(scope, origin, renewal, { relation, grant });
  }
  answer(scope, origin, grantRenewal(scope, peer, renewal, plain(scope, renewal, relation, grant)));
}

function heldBy({ state, context }: Scope, peer: string): ReadonlySet<string> {
  return standingOf(state, peer, 'inbound', context.now).permissions;
}

const unknown: Refusal = {
  requirement: 'T-REN-01',
  code: errorCode.federation.notTrusted,
  detail: 'there is nothing to renew',
};

function deny(scope: Scope, origin: TrustOrigin, renewal: TrustRenewal, refusal: Refusal): void {
  refuse(scope, origin, refusal, renewal.renewal_id);
}

function answer(scope: Scope, { exchange }: TrustOrigin, message: NorcMessage): void {
  if (exchange !== null) scope.link.answer(exchange, 200, message, scope.context);
}

/** The certified key has signed the renewal; what else was checked, the establishment did. */
function plain(scope: Scope, renewal: TrustRenewal, { peerKey }: Relation, grant: Grant) {
  const timestamp = toSeconds(scope.context.now);
  const type = 'cryptographic_proof';
  return {
    // Nothing new was scored: what counts is what the establishment found.
    scoreTenths: grant.scoreTenths ?? thresholdTenths(scope.config.policy.trust, grant.level),
    performed: [{ type, status: 'verified', timestamp }],
    transcript: [asValue(renewal)],
    subjectKey: peerKey,
  };
}

// --- repeats (T-REN-05) --------------------------------------------------------------------------

interface Earlier {
  readonly isSame: boolean;
  /** Null: a challenge that is used up. */
  readonly message: NorcMessage | null;
}

function earlierAnswer(scope: Scope, peer: string, renewal: TrustRenewal): Earlier | undefined {
  const { state, context } = scope;
  const hash = context.crypto.hash(asValue(renewal));
  const renewed = state.renewed.get(peer);
  if (renewed?.renewalId === renewal.renewal_id) {
    return { isSame: renewed.hash === hash, message: renewed.decision };
  }
  const run = state.judged.get(peer);
  if (!run?.renewal || run.renewal.renewal_id !== renewal.renewal_id) return undefined;
  const isOpen = run.phase === 'challenge_sent';
  const isSame = context.crypto.hash(asValue(run.renewal)) === hash;
  return { isSame, message: isOpen ? run.challenge : null };
}

function answerAgain(
  scope: Scope,
  origin: TrustOrigin,
  renewal: TrustRenewal,
  { isSame, message }: Earlier,
): void {
  const { conflictingDuplicate, unknownExchange } = errorCode.trust;
  const broken = firstBroken(scope.context.must, [
    check('T-REN-05', conflictingDuplicate, 'the same id with other content', () => isSame),
    check('X-ERR-07', unknownExchange, 'its challenge is used up', () => message),
  ]);
  if (broken) return deny(scope, origin, renewal, broken);
  if (message) answer(scope, origin, message);
}

// --- the challenge round (L-R11) -----------------------------------------------------------------

interface Known {
  readonly relation: Relation;
  readonly grant: Grant;
}

function challenge(scope: Scope, origin: TrustOrigin, renewal: TrustRenewal, known: Known): void {
  const { state, context, config } = scope;
  const { peer } = origin;
  const pending = state.judged.get(peer);
  const code = errorCode.trust.unexpected;
  if (!context.must('T-REQ-11', pending === undefined || pending.phase === 'ended')) {
    const detail = 'another request is pending';
    const refusal: Refusal = { requirement: 'T-REQ-11', code, detail, reason: 'pending' };
    return deny(scope, origin, renewal, refusal);
  }
  const request = requestOf(scope, renewal, known);
  const transcript = [asValue(renewal)];
  const tasks = composeChallenge(scope, request, transcript);
  beginResponder(scope, {
    pqFingerprint: null, // The successor repeats that of the certificate.
    peer,
    version: versionWith(state, peer),
    request,
    challenge: tasks,
    mutual: false,
    maxAgeSeconds: Math.min(config.policy.trust.maxTrustAgeSeconds, known.grant.maxAgeSeconds),
    transcript: [...transcript, asValue(tasks)],
    government: null,
    renewal,
  });
  answer(scope, origin, tasks);
}

/**
 * The renewal in the form in which a challenge is set and judged. Proofs are by the key that is to
 * be certified: the new one, where there is one (T-REN-06).
 */
function requestOf({ context }: Scope, renewal: TrustRenewal, { relation, grant }: Known) {
  const now = toSeconds(context.now);
  const { renewing_server: server } = renewal;
  const request: TrustRequest = {
    type: 'trust_request',
    request_id: renewal.renewal_id,
    requesting_server: server,
    target_server: renewal.trust_server,
    requested_trust_level: renewal.requested_trust_level,
    trust_method: grant.method as TrustRequest['trust_method'],
    certificate_chain: renewal.updated_certificates,
    server_public_key: renewal.new_public_key ?? relation.peerKey,
    domain_proof: { method: 'dns_txt', challenge: '', txt_record: server, expires_at: now },
    organization_info: { name: server, country: '', contact_email: '', phone: '', address: '' },
    compliance_attestations: [],
    trust_requirements: {
      mutual: false,
      witness_required: false,
      background_check: false,
      audit_trail: true,
    },
    timestamp: now,
    signature: renewal.renewal_signature,
  };
  return request;
}

/**
 * A whole trust run, and everything that a requester verifies on the way (profile 2.3 rows 2–6).
 */

import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { type NorcMessage, messages as registry } from '../../../spec/messages.ts';
import { SubjectMisbehaved } from '../case.ts';
import type { Answer, Established, TrustRun } from './peer.ts';
import { type PeerState, subjectKey } from './peer-state.ts';
import { isSignedBy } from './signing.ts';
import { levelRank, permissionsOf, readCertificate } from './trust-certificate.ts';
import { type RunState, transcriptOf } from './trust-run-state.ts';

const x509 = createNodeX509();

type Steps = Pick<TrustRun, 'capabilities' | 'request' | 'respond' | 'acknowledge'>;

export async function establish(state: RunState, steps: Steps): Promise<Established> {
  const { peer } = state;
  answered(await steps.capabilities(), 'trust_capabilities');
  judgeSigned(state, 'T-CAP-01');
  const challenge = answered(await steps.request(), 'trust_challenge');
  judgeSigned(state, 'T-CHAL-01');
  judgeChallenge(state, challenge);
  const decision = answered(await steps.respond(), 'trust_decision');
  judgeSigned(state, 'T-DEC-03');
  const certificate = judgeDecision(state, decision);
  const acknowledged = await steps.acknowledge();
  if (acknowledged.status < 200 || acknowledged.status > 299) {
    const got = acknowledged.message ?? `HTTP ${acknowledged.status}`;
    throw new SubjectMisbehaved('the acknowledgment was refused', 'HTTP 204', got);
  }
  withdraw(peer, challenge);
  peer.relationship.held = certificate;
  const isMutual = state.isMutualWished || decision.mutual_trust_required;
  return { certificate, reverse: isMutual ? peer.relationship.given : null, decision };
}

function answered<T extends NorcMessage['type']>(
  { message, status }: Answer,
  type: T,
): Extract<NorcMessage, { type: T }> {
  if (message?.type === type) return message as Extract<NorcMessage, { type: T }>;
  const got = message ?? `HTTP ${status}`;
  const what = message && 'error_code' in message ? `error ${message.error_code}` : describe(got);
  throw new SubjectMisbehaved(`establishing trust: waited for ${type}, got ${what}`, type, got);
}

const describe = (got: NorcMessage | string): string => (typeof got === 'string' ? got : got.type);

/** Transcript and signature of what has come last. At 1.0 neither need be there (L-T08, L-V12). */
function judgeSigned({ peer, messages }: RunState, id: RequirementId): void {
  const { judge, crypto } = peer.environment;
  const last = messages.at(-1) ?? {};
  const { type, transcript_hash } = last as { type: NorcMessage['type']; transcript_hash?: string };
  if (transcript_hash !== undefined) {
    const expected = transcriptOf(peer, messages.slice(0, -1));
    judge.demand('X-TRN-08', transcript_hash === expected, {
      what: `${type} does not carry the running transcript`,
      expected,
      got: transcript_hash,
    });
  }
  const { member, added } = registry[type].signed ?? { member: 'signature', added: true };
  if (added && last[member] === undefined) return;
  judge.demand(id, isSignedBy(crypto, subjectKey(peer), last, member), {
    what: `${type} is not signed by the server key of the subject`,
    expected: `a signature of ${subjectKey(peer)}`,
    got: last[member],
  });
}

/** 2.3 row 3: before anything is published or signed. */
function judgeChallenge({ peer, requestId }: RunState, challenge: TrustChallenge): void {
  const { judge, crypto, subject } = peer.environment;
  const { serverId } = subject.facts;
  const { request_id, target_server, challenging_server } = challenge;
  const names = [request_id, target_server, challenging_server];
  judge.demand('T-CHAL-01', names.join(' ') === [requestId, peer.serverId, serverId].join(' '), {
    what: 'the challenge is not for our request and both servers',
    expected: [requestId, peer.serverId, serverId],
    got: names,
  });
  for (const task of challenge.challenges) {
    if (task.type !== 'domain_ownership') continue;
    const name = `${fixed.dnsChallengePrefix}${peer.serverId}`;
    judge.demand('T-CHAL-04', task.domain === peer.serverId && task.txt_record_name === name, {
      what: 'the domain challenge is not about our domain',
      expected: [peer.serverId, name],
      got: [task.domain, task.txt_record_name],
    });
    if (task.nonce === undefined) continue;
    const expected = crypto.domainValue({
      requester: peer.serverId,
      challenger: serverId,
      requestId,
      challengeId: challenge.challenge_id,
      publicKey: peer.key.publicKey,
      nonce: task.nonce,
    });
    judge.demand('T-CHAL-05', task.expected_value === expected, {
      what: 'expected_value does not commit to our key, both servers and this challenge',
      expected,
      got: task.expected_value,
    });
  }
}

/** 2.3 row 6 */
function judgeDecision(state: RunState, decision: TrustDecision): NorcTrustCertificate {
  const { peer, options } = state;
  const { judge } = peer.environment;
  if (decision.decision === 'reject') {
    throw new SubjectMisbehaved('trust was refused', 'accept', decision);
  }
  const wished = options.level ?? 'basic';
  judge.demand('T-DEC-02', levelRank(decision.granted_trust_level) <= levelRank(wished), {
    what: 'the decision grants more than was asked for',
    expected: wished,
    got: decision.granted_trust_level,
  });
  const certificate = readCertificate(peer, decision.certificate_bundle[0]);
  const { max_message_size, rate_limits, ...flags } = permissionsOf(certificate);
  const { established_at, expires_at, renewable, revocable } = decision.trust_metadata;
  judge.demand('T-DEC-04', expires_at - established_at <= limits.trustAgeSeconds, {
    what: 'the decision is valid for too long',
    expected: limits.trustAgeSeconds,
    got: expires_at - established_at,
  });
  const [, authority = ''] = decision.certificate_bundle;
  judge.demand('T-DEC-09', x509.read(authority)?.isAuthority === true, {
    what: 'the bundle of the decision does not give the signing CA',
    expected: 'the certificate of an authority',
    got: authority,
  });
  judgeEqual(state, 'T-DEC-05', {
    what: 'the permissions of the decision are not those of the certificate',
    expected: { ...flags, max_message_size, rate_limits },
    got: decision.federation_permissions,
  });
  judgeEqual(state, 'T-DEC-11', {
    what: 'level and validity of the decision are not those of the certificate',
    expected: {
      level: certificate.trust_level,
      expires_at: certificate.not_after,
      renewable: certificate.renewable,
      revocable: certificate.revocable,
    },
    got: { level: decision.granted_trust_level, expires_at, renewable, revocable },
  });
  return certificate;
}

function judgeEqual(
  { peer }: RunState,
  id: RequirementId,
  detail: { what: string; expected: object; got: object },
): void {
  const { judge, crypto } = peer.environment;
  const hash = (value: object): string => crypto.hash(JSON.parse(JSON.stringify(value)));
  judge.demand(id, hash(detail.expected) === hash(detail.got), detail);
}

/** The proof is withdrawn when the run ends (choices.md). */
function withdraw({ environment }: PeerState, { challenges }: TrustChallenge): void {
  for (const task of challenges) {
    if (task.type === 'domain_ownership') environment.subject.zone.removeTxt(task.txt_record_name);
  }
}

/** The decision of the subject and the certificate that it issues (T-DEC, T-CERT, T-SCORE; T 3.4, 4.1). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { type Level, levels } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { Peer, TrustRun, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { certificateIn } from './steps/certificates.ts';
import { set } from './steps/changes.ts';
import { unreachable } from './steps/levels.ts';
import { checkUntrusted, freshLink, mustTake, onFrom, upTo } from './steps/outcomes.ts';

interface Granted {
  readonly peer: Peer;
  readonly run: TrustRun;
  readonly decision: TrustDecision;
  readonly certificate: NorcTrustCertificate;
}

async function granted(stage: Stage, options?: TrustRunOptions, as?: Peer): Promise<Granted> {
  const peer = as ?? (await stage.peer());
  const run = peer.trustRun(await freshLink(peer), options);
  mustTake('respond', await upTo(run, 'respond'));
  const { decision } = run;
  if (!decision) throw new SubjectMisbehaved('no decision', 'trust_decision', null);
  return { peer, run, decision, certificate: certificateIn(decision) };
}

const certificate = defineCase({
  id: 'trust/decisions/the-certificate-is-the-subjects-to-us',
  title:
    'The certificate names both servers and our key, is valid now, and is signed by the subject',
  verifies: ['T-CERT-01', 'T-CERT-02', 'T-CERT-03', 'T-CERT-04'],
  behaviour: ['T-CERT-01', 'T-CERT-02', 'T-CERT-03', 'T-CERT-04'],
  readings: ['L-T14'],
  async run(stage) {
    const { peer, certificate: issued } = await granted(stage);
    const { type, version, signature_algorithm, signature } = issued;
    stage.check('T-CERT-01', type === 'norc_trust_certificate' && version === 1, {
      what: 'type and version of the certificate',
      expected: ['norc_trust_certificate', 1],
      got: [type, version],
    });
    const signed = without({ ...issued } as JsonObject, 'signature');
    const isSigned = stage.crypto.verify(stage.subject.publicKey, signed, signature);
    stage.check('T-CERT-02', isSigned && signature_algorithm === 'ed25519', {
      what: 'the signature of the certificate',
      expected: `by ${stage.subject.publicKey}`,
      got: { signature_algorithm, isSigned },
    });
    const now = Math.floor(stage.now() / 1_000_000);
    stage.check('T-CERT-03', issued.not_before <= now && now < issued.not_after, {
      what: 'the validity of the certificate',
      expected: `${now} within it`,
      got: [issued.not_before, issued.not_after],
    });
    const got = [issued.issuer_server, issued.subject_server, issued.public_key];
    const expected = [stage.subject.serverId, peer.serverId, peer.key.publicKey];
    stage.check('T-CERT-04', got.join() === expected.join(), {
      what: 'issuer, subject and key of the certificate',
      expected,
      got,
    });
  },
});

const signed = defineCase({
  id: 'trust/decisions/the-subject-signs-them',
  title: 'A decision names both servers and the request, and the subject signs all of it',
  verifies: ['T-DEC-03'],
  behaviour: ['T-DEC-03'],
  async run(stage) {
    const { peer, run, decision } = await granted(stage);
    const got = [decision.decision_server, decision.target_server, decision.request_id];
    const expected = [stage.subject.serverId, peer.serverId, run.requestId];
    stage.check('T-DEC-03', got.join() === expected.join(), {
      what: 'whose decision it is, about whom and about which request',
      expected,
      got,
    });
    const { decision_signature } = decision;
    const covered = without({ ...decision } as unknown as JsonObject, 'decision_signature');
    const isSigned = stage.crypto.verify(stage.subject.publicKey, covered, decision_signature);
    stage.check('T-DEC-03', isSigned, {
      what: 'the signature of the decision',
      expected: `by ${stage.subject.publicKey}`,
      got: decision_signature,
    });
  },
});

const permissions = defineCase({
  id: 'trust/decisions/no-more-than-the-level-allows',
  title: 'Level, permissions and size limit are within what basic allows, in map and list alike',
  verifies: ['T-CERT-05', 'T-DEC-02', 'T-DEC-05', 'T-DEC-11'],
  behaviour: ['T-CERT-05', 'T-DEC-02', 'T-DEC-05', 'T-DEC-11'],
  readings: ['L-T12', 'L-T20'],
  async run(stage) {
    const { decision, certificate: issued } = await granted(stage);
    stage.check('T-DEC-02', decision.granted_trust_level === 'basic', {
      what: 'the level granted for a request for basic',
      expected: 'basic',
      got: decision.granted_trust_level,
    });
    const allowed: readonly string[] = levels.basic.permissions;
    const isLawful = issued.permissions.every((name) => allowed.includes(name));
    const isUnique = new Set(issued.permissions).size === issued.permissions.length;
    stage.check('T-CERT-05', isLawful && isUnique, {
      what: 'the permissions of the certificate',
      expected: allowed,
      got: issued.permissions,
    });
    checkMap(stage, decision, issued);
    const { established_at, expires_at, renewable, revocable } = decision.trust_metadata;
    const got = [established_at, expires_at, renewable, revocable, decision.granted_trust_level];
    const { not_before, not_after, trust_level } = issued;
    const expected = [not_before, not_after, issued.renewable, issued.revocable, trust_level];
    stage.check('T-DEC-11', got.join() === expected.join(), {
      what: 'validity, renewable, revocable and level: decision against certificate',
      expected,
      got,
    });
  },
});

/** L-T12: the map equals list and extension. */
function checkMap(stage: Stage, decision: TrustDecision, issued: NorcTrustCertificate): void {
  const { max_message_size, rate_limits, ...flags } = decision.federation_permissions;
  const named = Object.entries(flags).flatMap(([name, holds]) => (holds ? [name] : []));
  stage.check('T-DEC-05', named.sort().join() === [...issued.permissions].sort().join(), {
    what: 'permissions: the map of the decision against the list of the certificate',
    expected: issued.permissions,
    got: named,
  });
  const stated = issued.extensions.find(({ id }) => id === 'limits')?.value as JsonObject;
  const expected = [stated?.max_message_size, stated?.messages_per_second, stated?.bandwidth_mbps];
  const got = [max_message_size, rate_limits.messages_per_second, rate_limits.bandwidth_mbps];
  const most = levels[issued.trust_level as Level].maxMessageBytes;
  stage.check('T-DEC-05', got.join() === expected.join() && max_message_size <= most, {
    what: 'limits: the map of the decision against the extension of the certificate',
    expected: { limits: expected, atMost: most },
    got,
  });
}

const bundle = defineCase({
  id: 'trust/decisions/the-bundle-holds-certificate-and-ca',
  title: 'The bundle holds the certificate and the CA that the suite has given the subject',
  verifies: ['T-DEC-09'],
  behaviour: ['T-DEC-09'],
  async run(stage) {
    const { peer, decision } = await granted(stage);
    const root = peer.chain.at(-1);
    const [, authority] = decision.certificate_bundle;
    const expected = peer.chain.slice(1);
    stage.check('T-DEC-09', expected.includes(authority ?? ''), {
      what: 'the CA beside the certificate, which is ours too',
      expected: { oneOf: expected, root },
      got: authority,
    });
  },
});

const ageOfPeer = defineCase({
  id: 'trust/decisions/no-longer-than-the-peer-allows',
  title: 'A certificate lasts no longer than max_trust_age of the peer, nor of the subject',
  verifies: ['T-DEC-04'],
  behaviour: ['T-DEC-04'],
  readings: ['L-T30'],
  needs: { policy: { trust: { maxTrustAgeSeconds: 7200, certificateSeconds: 86_400 } } },
  async run(stage) {
    for (const [theirs, most] of [
      [3600, 3600],
      [86_400, 7200],
    ] as const) {
      const { certificate: issued } = await granted(stage, {
        capabilities: (offer) => ({
          ...offer,
          trust_policies: { ...offer.trust_policies, max_trust_age: theirs },
        }),
      });
      const lasts = issued.not_after - issued.not_before;
      stage.check('T-DEC-04', lasts <= most, {
        what: `seconds of a certificate for a peer that allows ${theirs}, by a subject with 7200`,
        expected: `at most ${most}`,
        got: lasts,
      });
    }
  },
});

const performed = {
  direct_exchange: ['dns_validation', 'cryptographic_proof'],
  ca_validation: ['dns_validation', 'cryptographic_proof', 'certificate_validation'],
};

const evidence = defineCase({
  id: 'trust/decisions/says-which-checks-were-made',
  title: 'validation_evidence has one entry for each check that was made, with a time of now',
  verifies: ['T-DEC-07'],
  behaviour: ['T-DEC-07'],
  async run(stage) {
    for (const method of ['direct_exchange', 'ca_validation'] as const) {
      const { decision } = await granted(stage, { method });
      const { validation_evidence: entries } = decision.trust_metadata;
      const types = entries.map(({ type }) => type);
      const isWhole = performed[method].every((type) => types.includes(type));
      const now = stage.now() / 1_000_000;
      const isTimely = entries.every(({ timestamp }) => Math.abs(timestamp - now) < 60);
      const isUnique = new Set(types).size === types.length;
      stage.check('T-DEC-07', isWhole && isTimely && isUnique, {
        what: `validation_evidence of a decision by ${method}`,
        expected: performed[method],
        got: entries,
      });
    }
  },
});

const ids = defineCase({
  id: 'trust/decisions/every-certificate-has-its-own-id',
  title: 'No certificate id is given twice, to one peer or to two',
  verifies: ['T-CERT-13'],
  behaviour: ['T-CERT-13'],
  async run(stage) {
    const first = await granted(stage);
    await onFrom(first.run, 'acknowledge');
    const again = await granted(stage, {}, first.peer);
    const other = await granted(stage);
    const got = [first, again, other].map((one) => one.certificate.certificate_id);
    stage.check('T-CERT-13', new Set(got).size === got.length, {
      what: 'the ids of three certificates',
      expected: 'three ids',
      got,
    });
  },
});

const score = defineCase({
  id: 'trust/decisions/the-score-is-a-sum-of-what-was-seen',
  title: 'A newcomer scores 40 to 90, with at most one decimal, and less without a chain',
  verifies: ['T-SCORE-01', 'T-SCORE-03', 'T-SCORE-04', 'T-SCORE-06', 'T-SCORE-07'],
  behaviour: ['T-SCORE-01', 'T-SCORE-03', 'T-SCORE-04', 'T-SCORE-06', 'T-SCORE-07'],
  readings: ['L-T16', 'L-T17'],
  async run(stage) {
    const { decision } = await granted(stage);
    const { trust_score: whole } = decision.trust_metadata;
    stage.check('T-SCORE-06', whole >= 0 && whole <= 100 && Number.isInteger(whole * 10), {
      what: 'the score of a decision',
      expected: '0 to 100 with at most one decimal',
      got: whole,
    });
    const { basic } = levels;
    stage.check('T-SCORE-04', whole >= (basic.threshold ?? 0), {
      what: 'the score of a decision that accepts at basic',
      expected: `at least ${basic.threshold}`,
      got: whole,
    });
    stage.check('T-SCORE-07', decision.granted_trust_level === 'basic', {
      what: 'the level for a request for basic, whatever the score',
      expected: 'basic',
      got: decision.granted_trust_level,
    });
    // No organisation, no certification, no history: 30, 15 and 15 points are left.
    const most = 60;
    stage.check('T-SCORE-03', whole <= most, {
      what: 'the score of a newcomer without documents and certifications',
      expected: `at most ${most}`,
      got: whole,
    });
    const bare = await bareScore(stage);
    stage.check(
      'T-SCORE-01',
      bare < whole && bare <= most - limits.scoreWeights.certificate_quality,
      {
        what: 'the score of the same request without a chain, which is worth up to 30 points',
        expected: `less than ${whole}, at most 30`,
        got: bare,
      },
    );
  },
});

/** Whatever is decided: an acceptance and a rejection both say the score. */
async function bareScore(stage: Stage): Promise<number> {
  const peer = await stage.peer();
  const options = { request: set({ certificate_chain: [] }) };
  const answer = await upTo(peer.trustRun(await freshLink(peer), options), 'respond');
  const { message } = answer;
  if (message?.type === 'trust_decision') return message.trust_metadata.trust_score;
  throw new SubjectMisbehaved(
    'no decision on a basic request without chain',
    'a decision',
    told(answer),
  );
}

const rejection = defineCase({
  id: 'trust/decisions/a-rejection-gives-nothing',
  title: 'Where no newcomer can score enough, the decision rejects: no certificate, no permission',
  verifies: ['T-DEC-01', 'T-SCORE-04'],
  behaviour: ['T-DEC-01'],
  readings: ['L-T10', 'L-T17'],
  needs: { policy: unreachable },
  async run(stage) {
    const peer = await stage.peer();
    const answer = await upTo(peer.trustRun(await freshLink(peer)), 'respond');
    const { message } = answer;
    const decided = message?.type === 'trust_decision' ? message : undefined;
    stage.check('T-SCORE-04', decided?.decision === 'reject', {
      what: 'the decision on a newcomer, where basic needs 100 points',
      expected: 'reject',
      got: decided?.decision ?? told(answer),
    });
    const { max_message_size, rate_limits, ...flags } = decided?.federation_permissions ?? {};
    const allowed = Object.entries(flags).flatMap(([name, holds]) => (holds ? [name] : []));
    const got = { bundle: decided?.certificate_bundle, allowed };
    stage.check('T-DEC-01', got.bundle?.length === 0 && allowed.length === 0, {
      what: 'certificates and permissions of a rejection',
      expected: { bundle: [], allowed: [] },
      got,
    });
    await checkUntrusted(stage, 'T-DEC-01', peer, 'the rejection');
  },
});

const attested = (standard: string, expires_at: number): TrustRunOptions => ({
  request: set({
    compliance_attestations: [{ standard, certificate_id: 'A-1', issued_by: 'NIST', expires_at }],
  }),
});

const worthless = defineCase({
  id: 'trust/decisions/an-expired-attestation-earns-nothing',
  title: 'An attestation that has expired, or is of no known standard, does not raise the score',
  verifies: ['T-REQ-09'],
  behaviour: ['T-REQ-09'],
  async run(stage) {
    const now = Math.floor(stage.now() / 1_000_000);
    const scoreFor = async (options?: TrustRunOptions) =>
      (await granted(stage, options)).decision.trust_metadata.trust_score;
    const plain = await scoreFor();
    const got = [
      await scoreFor(attested('fips_140_2', now - 1)),
      await scoreFor(attested('moon_certified', now + 86_400)),
    ];
    stage.check(
      'T-REQ-09',
      got.every((value) => value === plain),
      {
        what: 'the scores with an expired attestation and with one of an unknown standard',
        expected: [plain, plain],
        got,
      },
    );
  },
});

export const cases: readonly Case[] = [
  certificate,
  signed,
  permissions,
  bundle,
  ageOfPeer,
  evidence,
  ids,
  score,
  rejection,
  worthless,
];

/** The checks of a trust certificate, with several faults at once, and what look-ups tell of ends. */
import { describe, expect, test } from 'vitest';
import { certificateChecks } from '../../../reference/trust/certificate/validation.ts';
import { firstBroken } from '../../../reference/trust/check.ts';
import type { RevocationRecord } from '../../../reference/trust/revocation/revocation-record.ts';
import { revocationKey } from '../../../reference/trust/rows.ts';
import { createState } from '../../../reference/trust/state.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { establish, lastOf, revoke } from '../../unit/trust/deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  keyFor,
  pass,
  present,
  serverOf,
  settle,
} from '../../unit/trust/pair.ts';
import { readBlob, rewriteBlob } from '../../unit/trust/rewrite.ts';

type Change = (certificate: NorcTrustCertificate) => Partial<NorcTrustCertificate>;

/** In the order of T 4.2. Signature and revocation are no change of a member. */
const faults: readonly (readonly [RequirementId, Change])[] = [
  ['T-CERT-02', () => ({})],
  ['T-CERT-03', ({ not_before }) => ({ not_after: not_before + 1 })],
  ['T-CERT-04', () => ({ subject_server: 'other.example' })],
  ['T-CERT-05', () => ({ permissions: ['media_relay'] })],
  [
    'T-CERT-14',
    ({ extensions }) => ({
      extensions: [...extensions, { id: 'unheard_of', critical: true, value: {} }],
    }),
  ],
  [
    'T-CERT-06',
    ({ not_before: deadline }) => ({
      conditions: [
        { condition_type: 'security_review', parameters: {}, deadline, auto_action: 'notify' },
      ],
    }),
  ],
  ['T-CERT-07', () => ({})],
];

/** Every set of faults but the empty one, as the bits of a number. */
const sets = Array.from({ length: 2 ** faults.length - 1 }, (_, at) =>
  faults.filter((_fault, bit) => ((at + 1) >> bit) & 1),
);

const world = createWorld();
establish(world);
const [genuine] = lastOf(world, 'trust_decision').certificate_bundle;
pass(world, 60);
const { config, context, audit } = present(world, ACME);
const link = { post() {}, answer() {}, standingChanged() {}, fetchList() {} };

function judged(set: typeof faults): RequirementId | undefined {
  const has = (id: RequirementId) => set.some(([fault]) => fault === id);
  const signer = keyFor(has('T-CERT-02') ? ACME : BRAVO);
  const blob = rewriteBlob(
    genuine,
    (certificate) =>
      Object.assign({}, certificate, ...set.map(([, change]) => change(certificate))),
    signer,
  );
  const certificate = readBlob(blob);
  const state = createState();
  if (has('T-CERT-07'))
    state.revocations.set(revocationKeyOf(certificate), [revocationOf(certificate)]);
  const checks = certificateChecks({ config, context, audit, link, state }, certificate, {
    issuer: BRAVO,
    issuerKey: keyFor(BRAVO).publicKey,
    subject: ACME,
    subjectKey: keyFor(ACME).publicKey,
    follows: null,
  });
  return firstBroken(context.must, checks)?.requirement;
}

const revocationKeyOf = ({
  issuer_server: issuer,
  certificate_id: certificateId,
}: NorcTrustCertificate) => revocationKey({ issuer, certificateId });

function revocationOf(certificate: NorcTrustCertificate): RevocationRecord {
  return {
    revocationId: 'b7e9a1a0-0000-4000-8000-000000000001',
    issuer: certificate.issuer_server,
    certificateId: certificate.certificate_id,
    subject: certificate.subject_server,
    notAfterSeconds: certificate.not_after,
    revokedBy: certificate.issuer_server,
    reason: 'policy_violation',
    scope: 'full',
    effectiveSeconds: certificate.not_before,
    graceSeconds: 0,
    permissions: [],
    quarantinedUntilSeconds: null,
    hash: null,
    transcript: null,
    isCleared: false,
    answered: 'accepted',
    objections: [],
  };
}

describe('T-CERT-09: the checks of a certificate', () => {
  test('T-CERT-09: let one without a fault pass', () => {
    expect(judged([])).toBeUndefined();
  });

  test('T-CERT-09: report the first of any set of faults, but revoked before expired', () => {
    for (const set of sets) {
      const ids = set.map(([id]) => id);
      const counted = ids.includes('T-CERT-07') ? ids.filter((id) => id !== 'T-CERT-03') : ids;
      expect(judged(set), ids.join()).toBe(counted[0]);
    }
  });
});

describe('a look-up of the certified key', () => {
  const keyOfBravo = (of: typeof world) => serverOf(of, ACME).layer.keyOf(BRAVO);

  test('T-CERT-11: answers alike for what is expired, what is revoked and what never was', () => {
    const never = createWorld();
    const expired = createWorld();
    const revoked = createWorld();
    for (const one of [expired, revoked]) establish(one);
    expect(keyOfBravo(expired)).toBe(keyFor(BRAVO).publicKey);
    expired.tap = () => []; // nobody can renew it
    pass(expired, 400 * 86_400);
    revoke(revoked, ACME, BRAVO, { reason: 'policy_violation' });
    settle(revoked);
    expect([never, expired, revoked].map(keyOfBravo)).toEqual([null, null, null]);
  });
});

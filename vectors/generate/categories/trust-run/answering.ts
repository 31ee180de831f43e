/** Faults of response, decision and acknowledgment (L-T02, L-T05, L-T10 to L-T12). */
import type { Draft, Grounds } from '../../category.ts';
import {
  base64url,
  filled,
  fromBase64url,
  fromHex,
  hex,
  seededUuid,
} from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { certificate, NOW, travelling, YEAR } from '../../primitives/certificate.ts';
import { sign } from '../../primitives/signature.ts';
import {
  alice,
  bob,
  grantOf,
  mallory,
  type RunOptions,
  type Step,
  type TrustRun,
  trustRun,
} from '../../primitives/trust-run.ts';
import { established, grounds, written } from './scene.ts';

export function responses(): Draft[] {
  const [domain = {}, chain = {}, proof = {}] = (trustRun().messages[4]?.challenge_responses ??
    []) as unknown as readonly JsonObject[];
  const by = (name: string, change: JsonObject, about: Grounds = grounds.response): Draft =>
    written(about, name, 'response', change);
  const proving = (name: string, change: JsonObject): Draft =>
    by(name, { challenge_responses: [domain, chain, { ...proof, ...change }] }, grounds.proof);
  const data = fromBase64url(String(proof.challenge_data));
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('to-another-challenge', { challenge_id: seededUuid('another challenge') }),
    by('in-the-name-of-mallory', { responding_server: mallory.name }),
    by('without-answers', { challenge_responses: [] }),
    by('without-the-proof', { challenge_responses: [domain, chain] }),
    by('without-the-chain', { challenge_responses: [domain, proof] }),
    by('without-the-domain', { challenge_responses: [chain, proof] }),
    by('with-the-proof-twice', { challenge_responses: [domain, chain, proof, proof] }),
    by('with-an-answer-more', { challenge_responses: [domain, chain, chain, proof] }),
    by('at-the-deadline', { timestamp: NOW + 86_400 }, grounds.late),
    by('after-the-deadline', { timestamp: NOW + 86_401 }, grounds.late),
    proving('with-other-data', { challenge_data: base64url(filled(64, 9)) }),
    proving('with-a-raw-signature', { signature: base64url(sign(alice.key, data)) }),
    proving('with-a-zero-signature', { signature: base64url(filled(64, 0)) }),
    proving('with-a-proof-by-mallory', { signature: base64url(sign(mallory.key, data)) }),
    proving('with-the-proof-of-another-run', {
      signature:
        (
          (trustRun({ name: 'another run' }).messages[4]?.challenge_responses ??
            []) as unknown as readonly JsonObject[]
        )[2]?.signature ?? '',
    }),
  ];
}

const runOf = (change: Partial<RunOptions> = {}): TrustRun => trustRun(change);

export function decisions(): Draft[] {
  const base = runOf();
  const by = (name: string, change: JsonObject, options: Partial<RunOptions> = {}): Draft =>
    written(grounds.decision, name, 'decision', change, options);
  const granting = (name: string, record: JsonObject): Draft =>
    written(grounds.grant, name, 'decision', { certificate_bundle: [travelling(record)] });
  const map = base.messages[5]?.federation_permissions as unknown as JsonObject;
  const rejecting: Partial<RunOptions> = { decision: 'reject' };
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('in-the-name-of-mallory', { decision_server: mallory.name }),
    by('for-mallory', { target_server: mallory.name }),
    by('of-an-unknown-kind', { decision: 'perhaps' }),
    by('above-the-request', { granted_trust_level: 'nato' }),
    by('below-its-certificate', { granted_trust_level: 'basic' }),
    by('conditional-without-conditions', { decision: 'conditional' }),
    by(
      'conditional-without-a-deadline',
      { trust_conditions: [{ condition: 'compliance_audit' }] },
      { decision: 'conditional' },
    ),
    by('without-certificate', { certificate_bundle: [] }),
    by(
      'rejecting-with-a-certificate',
      { certificate_bundle: [travelling(grantOf(base))] },
      rejecting,
    ),
    by(
      'rejecting-with-a-permission',
      { federation_permissions: { ...map, user_discovery: false } },
      rejecting,
    ),
    by('with-a-permission-more', { federation_permissions: { ...map, media_relay: true } }),
    by('with-a-permission-less', { federation_permissions: { ...map, message_relay: false } }),
    granting('with-a-certificate-of-mallory', certificate(mallory, alice, 'verified')),
    granting('with-a-certificate-for-mallory', certificate(bob, mallory, 'verified')),
    granting(
      'with-a-certificate-for-another-key',
      certificate(bob, { ...mallory, name: alice.name }, 'verified'),
    ),
    granting('with-a-certificate-of-a-higher-level', certificate(bob, alice, 'classified')),
    granting('with-a-certificate-of-a-lower-level', certificate(bob, alice, 'basic')),
    granting('with-a-certificate-that-lasts-longer', grantOf(base, { not_after: NOW + 2 * YEAR })),
    granting('with-an-unsigned-certificate', {
      ...grantOf(base),
      signature: base64url(filled(64, 0)),
    }),
    granting('with-a-certificate-changed', { ...grantOf(base), renewable: false }),
  ];
}

export function acknowledgments(): Draft[] {
  const by = (
    name: string,
    change: JsonObject,
    options: Partial<RunOptions> = {},
    about: Grounds = grounds.acknowledged,
  ): Draft => written(about, name, 'acknowledgment', change, options);
  const mutual: Partial<RunOptions> = { mutual: true };
  const reverse = (record: JsonObject): JsonObject => ({ trust_certificate: travelling(record) });
  const declined = runOf({
    draft: (step, body) =>
      step === 'acknowledgment' ? { ...body, decision_accepted: false } : body,
  });
  return [
    established(grounds.acknowledged, 'accepted-but-declined', declined, false),
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('in-the-name-of-mallory', { acknowledging_server: mallory.name }),
    by('accepting-a-rejection', { decision_accepted: true }, { decision: 'reject' }),
    by('without-reverse-certificate', { trust_certificate: null }, mutual, grounds.mutual),
    by('that-denies-mutual-trust', { mutual_trust_established: false }, mutual, grounds.mutual),
    by(
      'with-a-reverse-certificate-of-mallory',
      reverse(certificate(mallory, bob, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-a-reverse-certificate-for-mallory',
      reverse(certificate(alice, mallory, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-the-decision-certificate-as-its-own',
      reverse(certificate(bob, alice, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-an-unsigned-reverse-certificate',
      reverse({ ...certificate(alice, bob, 'verified'), signature: hex(fromHex('00')) }),
      mutual,
      grounds.mutual,
    ),
    by('effective-before-the-certificate', { effective_date: NOW - 1 }),
    by('renewed-after-the-end', { next_renewal_date: NOW + YEAR }),
  ];
}

/** What the profile leaves open: a careful implementation refuses them, a literal one need not. */
export function unsettled(): Draft[] {
  const loose = (
    about: Grounds,
    name: string,
    step: Step,
    change: JsonObject,
    options: Partial<RunOptions> = {},
  ): Draft => {
    const draft = (at: Step, body: JsonObject): JsonObject =>
      at === step ? { ...body, ...change } : body;
    const strict = established(about, `${step}-${name}`, trustRun({ ...options, draft }));
    return { ...strict, result: 'acceptable' };
  };
  return [
    loose(grounds.offered, 'without-the-method', 'requester-capabilities', {
      supported_methods: ['direct_exchange'],
    }),
    loose(
      grounds.decision,
      'rejecting-with-a-level',
      'decision',
      { granted_trust_level: 'basic' },
      { decision: 'reject' },
    ),
    loose(
      grounds.mutual,
      'not-mutual-though-asked',
      'decision',
      { mutual_trust_required: false },
      { mutual: true },
    ),
  ];
}

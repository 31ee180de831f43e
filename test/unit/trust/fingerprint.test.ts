/** X-PQ-06, L-H14: the post-quantum key of the link in both certificates, and in what follows them. */
import { expect, test } from 'vitest';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { bend, brokenAt, establish, renew, statuses } from './deeds.ts';
import { ACME, BRAVO, createWorld, crypto, restart, serverOf, type World } from './pair.ts';
import { readBlob, rewriteCertificate } from './rewrite.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];
const KEY = 'Q'.repeat(1576);
const OTHER = 'R'.repeat(1576);

function hybrid(): World {
  const policy = { autoRenew: false };
  const world = createWorld({ [ACME]: { policy }, [BRAVO]: { policy } });
  world.encapsulationKey = KEY;
  return world;
}

const statedIn = ({ extensions }: NorcTrustCertificate) =>
  extensions.find(({ id }) => id === 'pq_fingerprint')?.value;

/** What each certificate that has travelled states, oldest first. */
function stated(world: World): unknown[] {
  return world.sent.flatMap(({ message }) => {
    if (message?.type === 'trust_decision') {
      return [statedIn(readBlob(message.certificate_bundle[0]))];
    }
    const reverse = message?.type === 'trust_acknowledgment' && message.trust_certificate;
    return reverse ? [statedIn(readBlob(reverse))] : [];
  });
}

test('X-PQ-06: both certificates state the key of the link', () => {
  const world = hybrid();
  establish(world);
  expect(statuses(world)).toEqual(ACTIVE);
  const fingerprint = crypto.hashBytes(KEY);
  expect(stated(world)).toEqual([fingerprint, fingerprint]);
});

test('X-PQ-06: on a classical link neither states anything', () => {
  const world = createWorld();
  establish(world);
  expect(stated(world)).toEqual([undefined, undefined]);
});

test('X-PQ-06: it is the key of the link that carried the request, whatever comes later', () => {
  const world = hybrid();
  world.tap = (envelope) => {
    if (envelope.message?.type === 'trust_response') world.encapsulationKey = OTHER;
    if (envelope.message?.type === 'trust_response') restart(world, BRAVO);
    return [envelope];
  };
  establish(world);
  expect(statuses(world)).toEqual(ACTIVE);
  expect(stated(world)).toEqual([crypto.hashBytes(KEY), crypto.hashBytes(KEY)]);
});

test('X-PQ-06: two ends that see different keys do not come to trust', () => {
  const world = hybrid();
  // Somebody between: the challenge comes back over another key than the request left with.
  world.tap = (envelope) => {
    if (envelope.message?.type === 'trust_challenge') world.encapsulationKey = OTHER;
    return [envelope];
  };
  establish(world);
  expect(brokenAt(world, ACME)).toContain('X-PQ-06');
  expect(statuses(world)).not.toContain('active');
});

test('X-PQ-06: a successor repeats what the certificate states that it follows', () => {
  const world = hybrid();
  establish(world);
  world.encapsulationKey = OTHER;
  renew(world, ACME, BRAVO);
  expect(stated(world).slice(0, 3)).toEqual(Array(3).fill(crypto.hashBytes(KEY)));
  expect(statuses(world)).toEqual(ACTIVE);
});

test('a certificate that states two keys is refused, though one of them is right', () => {
  const world = hybrid();
  const other = { id: 'pq_fingerprint', critical: false, value: crypto.hashBytes(OTHER) };
  const twice = (decision: TrustDecision) =>
    rewriteCertificate(
      decision,
      (issued) => ({ ...issued, extensions: [...issued.extensions, other] }),
      serverOf(world, BRAVO).key,
    );
  bend(world, 'trust_decision', twice, 'decision_signature');
  establish(world);
  expect(brokenAt(world, ACME)).toContain('X-PQ-06');
  expect(statuses(world)).not.toContain('active');
});

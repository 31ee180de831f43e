/** Nothing gets into the store of certificates that would not be accepted (T 10.2). */
import { describe, expect, test } from 'vitest';
import type { AuditEvent, Effect } from '../../../reference/core.ts';
import { activate } from '../../../reference/trust/certificate/activation.ts';
import { createGrant } from '../../../reference/trust/certificate/grant.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import { createState } from '../../../reference/trust/state.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { establish, lastOf } from './deeds.ts';
import { ACME, BRAVO, createWorld, keyFor, serverOf, type World } from './pair.ts';
import { readBlob, rewriteBlob } from './rewrite.ts';

/** Acme's store, empty, and the certificate that bravo has given it. */
function store() {
  const world: World = createWorld();
  establish(world);
  const [blob] = lastOf(world, 'trust_decision').certificate_bundle;
  const effects: Effect[] = [];
  const { config, context, audit } = serverOf(world, ACME);
  const link = { post() {}, answer() {}, standingChanged() {}, fetchList() {} };
  const emit = (effect: Effect): void => void effects.push(effect);
  const scope: Scope = {
    ...{ config, link, audit },
    state: createState(),
    context: { ...context, emit },
  };
  return { scope, blob, effects };
}

const audits = (effects: readonly Effect[]): AuditEvent[] =>
  effects.flatMap((effect) => (effect.type === 'audit' ? [effect.event] : []));

function put(scope: Scope, certificate: NorcTrustCertificate): boolean {
  const terms = { activeFromSeconds: 0, mutual: false, maxAgeSeconds: 1e7, method: '' };
  const outbound = createGrant(certificate, certificate.permissions, terms);
  return activate(scope, BRAVO, { peerKey: keyFor(BRAVO).publicKey, inbound: null, outbound });
}

type Change = (certificate: NorcTrustCertificate) => object;

const faults: [string, Change, ReturnType<typeof keyFor> | null][] = [
  ['changed after signing', (c) => ({ ...c, renewable: false }), null],
  ['signed by another', (c) => c, keyFor(ACME)],
  ['expired', (c) => ({ ...c, not_after: c.not_before + 1 }), keyFor(BRAVO)],
  ['of tomorrow', (c) => ({ ...c, not_before: c.not_before + 90_000 }), keyFor(BRAVO)],
  ['for another subject', (c) => ({ ...c, subject_server: 'other.example' }), keyFor(BRAVO)],
  ['beyond its level', (c) => ({ ...c, permissions: ['media_relay'] }), keyFor(BRAVO)],
];

describe('the store of certificates', () => {
  test('T-CERT-10: takes what holds, and writes so down', () => {
    const { scope, blob, effects } = store();
    expect(put(scope, readBlob(blob))).toBe(true);
    expect(scope.state.relations.has(BRAVO)).toBe(true);
    expect(audits(effects).map(({ event }) => event)).toEqual(['trust_granted']);
  });

  test.each(faults)('T-CERT-10: refuses one that is %s, and writes so down', (_, change, key) => {
    const { scope, blob, effects } = store();
    expect(put(scope, readBlob(rewriteBlob(blob, change, key)))).toBe(false);
    expect(scope.state.relations.size).toBe(0);
    expect(audits(effects).map(({ event }) => event)).toEqual(['access_denied']);
    expect(effects.some((effect) => effect.type === 'persist')).toBe(false);
  });
});

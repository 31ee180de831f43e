/** Requests by a government PKI: what they say beside a request, and what never leaves (T 7). */
import { describe, expect, test } from 'vitest';
import type { ServerConfig } from '../../../reference/config.ts';
import { defaultTrustPolicy, type TrustPolicy } from '../../../reference/trust-policy.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import { approve, brokenAt, countOf, establish, lastOf, statuses } from './deeds.ts';
import { ACME, asJson, BRAVO, createWorld, crypto, keyFor, serverOf, type World } from './pair.ts';
import { paper, paperAuthority } from './paper-x509.ts';

const OID = '2.16.840.1.101.3.2.1.3.7';
const ROOT = 'Government Root';
const METHOD = 'government_pki';
const ACTIVE = ['active', 'active', 'active', 'active'];
const NONE = ['none', 'none', 'none', 'none'];

const credentials: TrustPolicy['credentials'] = {
  ...defaultTrustPolicy.credentials,
  government: {
    securityClearance: 'secret',
    pkiHierarchy: 'us_federal',
    certificatePolicyOid: OID,
    sponsorAgency: 'an agency',
    investigationScope: 'full',
    clearanceAdjudicatedAtSeconds: 1_790_000_000,
    classifiedNetworkAuthority: true,
    crossDomain: [{ from: 'secret', to: 'unclassified', system: 'diode', accreditation: 'a-1' }],
    personnel: [
      {
        personId: 'person-4711',
        clearanceLevel: 'nato_secret',
        issuingNation: 'Ruritania',
        clearanceDateSeconds: 1_700_000_000,
        expiryDateSeconds: 1_900_000_000,
        specialAccess: ['ATOMAL'],
      },
    ],
  },
};

const policy: Partial<TrustPolicy> = {
  // The method is never automatic.
  approvedServers: { [ACME]: 'basic' },
  supportedMethods: [METHOD, 'direct_exchange'],
  credentials,
  government: {
    hierarchies: { us_federal: [ROOT] },
    clearanceSeconds: 157_680_000,
    guards: [],
  },
};

/** Both below a government root, with the policy in their leaves. */
const governed =
  (id: string, policyOids: readonly string[] = [OID]) =>
  (config: ServerConfig): ServerConfig => ({
    ...config,
    certificateChain: [
      paper({
        subject: id,
        signer: ROOT,
        dnsNames: [id],
        key: { algorithm: 'ed25519', sizeBits: 256, raw: keyFor(id).publicKey },
        notBeforeSeconds: 1_800_000_000 - 86_400,
        policyOids,
      }),
    ],
    authorities: [{ certificate: paperAuthority(ROOT), kind: 'government_ca' }],
  });

function createGoverned(change: { acme?: Partial<TrustPolicy>; oids?: readonly string[] } = {}) {
  return createWorld({
    [ACME]: { policy: { ...policy, ...change.acme }, config: governed(ACME, change.oids) },
    [BRAVO]: { policy, config: governed(BRAVO) },
  });
}

const bend = (world: World, change: (extension: GovPkiTrustRequest) => object) => {
  world.tap = (envelope) => {
    const { message } = envelope;
    if (message?.type !== 'gov_pki_trust_request') return [envelope];
    return [{ ...envelope, message: change(message) as GovPkiTrustRequest }];
  };
};

function resign(changed: object): object {
  const bare = without(changed as JsonObject, 'signature');
  return { ...bare, signature: crypto.sign(keyFor(ACME), bare) };
}

describe('a request by a government PKI', () => {
  test('is extended before it is challenged, and both make trust', () => {
    const world = createGoverned();
    establish(world, { method: METHOD });
    expect(statuses(world)).toEqual(ACTIVE);
    expect(world.sent.map(({ message, status }) => message?.type ?? status)).toEqual([
      'trust_capabilities',
      'trust_capabilities',
      'trust_request',
      202,
      'gov_pki_trust_request',
      'trust_challenge',
      'trust_response',
      'trust_decision',
      'trust_acknowledgment',
      204,
    ]);
  });

  test('has the extension inside the running transcript', () => {
    const world = createGoverned();
    establish(world, { method: METHOD });
    const run = world.sent.flatMap(({ message }) => (message ? [asJson(message)] : []));
    const extension = run.findIndex(({ type }) => type === 'gov_pki_trust_request');
    const challenge = run[extension + 1];
    expect(challenge?.transcript_hash).toBe(
      crypto.transcript('norc-t-handshake-v1', run.slice(0, extension + 1)),
    );
  });

  test('asked again while it waits is answered alike', () => {
    const world = createGoverned();
    world.tap = (envelope) =>
      envelope.message?.type === 'trust_request' ? [envelope, envelope] : [envelope];
    establish(world, { method: METHOD });
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('T-GOV-01: without a signature, or with another, makes no trust', () => {
    for (const change of [
      ({ signature: _, ...rest }: GovPkiTrustRequest) => rest,
      (extension: GovPkiTrustRequest) => ({ ...extension, sponsor_agency: 'another' }),
    ]) {
      const world = createGoverned();
      bend(world, change);
      establish(world, { method: METHOD });
      expect(statuses(world)).toEqual(NONE);
    }
  });

  test.each([
    ['another request', { request_id: '0b8f4bd2-6f0e-4f2e-9a43-5f0d3c1b2a19' }, 'T-GOV-01'],
    ['another policy than the chain has', { certificate_policy_oid: '1.2.3' }, 'T-GOV-02'],
    ['a hierarchy that its root is not of', { pki_hierarchy: 'nato' }, 'T-GOV-02'],
    ['another server', { requesting_server: 'mallory.example' }, 'T-REQ-04'],
    ['yesterday', { timestamp: 1_799_913_600 }, 'T-REQ-06'],
  ])('that names %s is refused', (_, change, requirement) => {
    const world = createGoverned();
    bend(world, (extension) => resign({ ...extension, ...change }));
    establish(world, { method: METHOD });
    expect(statuses(world)).toEqual(NONE);
    expect(brokenAt(world, BRAVO)).toContain(requirement);
  });

  test('T-GOV-02: of a chain without the policy is refused', () => {
    const world = createGoverned({ oids: ['1.2.3'] });
    establish(world, { method: METHOD });
    expect(brokenAt(world, BRAVO)).toContain('T-GOV-02');
  });

  test('from a peer that has not shown the method is refused', () => {
    const world = createGoverned({ acme: { supportedMethods: ['direct_exchange'] } });
    establish(world, { method: METHOD });
    expect(statuses(world)).toEqual(NONE);
    expect(brokenAt(world, BRAVO)).toContain('T-GOV-01');
  });

  test('by a server without credentials ends with it, and sends none', () => {
    const none = { ...credentials, government: null };
    const world = createGoverned({ acme: { credentials: none } });
    establish(world, { method: METHOD });
    expect(countOf(world, 'gov_pki_trust_request')).toBe(0);
    expect(brokenAt(world, ACME)).toContain('T-GOV-01');
  });

  test('waits no longer than a step for its extension', () => {
    const world = createGoverned();
    world.tap = (envelope) =>
      envelope.message?.type === 'gov_pki_trust_request' ? [] : [envelope];
    establish(world, { method: METHOD });
    expect(statuses(world)).toEqual(NONE);
    approve(world, BRAVO, ACME, 'approve');
    expect(statuses(world)).toEqual(NONE);
  });

  test('T-GOV-05: nothing of a person is in anything that leaves, is kept or is logged', () => {
    const world = createGoverned();
    establish(world, { method: METHOD });
    const seen = JSON.stringify([world.sent, serverOf(world, ACME).effects]);
    for (const secret of ['person-4711', 'Ruritania', 'ATOMAL', 'nato_secret']) {
      expect(seen).not.toContain(secret);
    }
    expect(lastOf(world, 'gov_pki_trust_request').facility_security_clearance).toHaveLength(43);
  });
});

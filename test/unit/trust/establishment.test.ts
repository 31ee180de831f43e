/** How trust comes about between two honest servers, and what each of the six messages says. */
import { describe, expect, test } from 'vitest';
import { approve, auditsOf, countOf, establish, lastOf, standing, statuses } from './deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  keyFor,
  pass,
  serverOf,
  settle,
  type World,
} from './pair.ts';
import { readBlob } from './rewrite.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];
const NONE = ['none', 'none', 'none', 'none'];
const oneSided = { [ACME]: {}, [BRAVO]: { policy: { mutual: false } } };

const typesSent = (world: World) =>
  world.sent.map(({ kind, status, message }) => message?.type ?? `${kind} ${status}`);

describe('an establishment', () => {
  test.each(['direct_exchange', 'ca_validation'])(
    'by %s makes trust in both directions',
    (method) => {
      const world = createWorld();
      establish(world, { method });
      expect(statuses(world)).toEqual(ACTIVE);
      expect(typesSent(world)).toEqual([
        'trust_capabilities',
        'trust_capabilities',
        'trust_request',
        'trust_challenge',
        'trust_response',
        'trust_decision',
        'trust_acknowledgment',
        'answer 204',
      ]);
    },
  );

  test('that nobody wants mutual makes trust in one direction', () => {
    const world = createWorld(oneSided);
    establish(world, { mutual: false });
    expect(statuses(world)).toEqual(['none', 'active', 'active', 'none']);
    expect(lastOf(world, 'trust_acknowledgment').trust_certificate).toBeUndefined();
  });

  test('is mutual when only the requester wants it', () => {
    const world = createWorld(oneSided);
    establish(world, { mutual: true });
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('grants what the level allows and no more', () => {
    const world = createWorld();
    establish(world);
    const { outbound } = standing(world, ACME, BRAVO);
    expect(outbound.level).toBe('basic');
    expect([...outbound.permissions].sort()).toEqual(['message_relay', 'user_discovery']);
    expect(outbound.limits.maxMessageBytes).toBe(1_048_576);
    expect(standing(world, BRAVO, ACME).inbound).toEqual(outbound);
  });

  test('hashes in every message all that went before, and nothing else', () => {
    const world = createWorld();
    establish(world);
    const run = world.sent.flatMap(({ message }) => (message ? [asJson(message)] : []));
    for (const [at, message] of run.entries()) {
      const earlier = crypto.transcript('norc-t-handshake-v1', run.slice(0, at));
      expect(message.transcript_hash).toBe(earlier);
    }
  });

  test('asks for the chain only where the method needs one', () => {
    const tasksFor = (method: string) => {
      const world = createWorld();
      establish(world, { method });
      return lastOf(world, 'trust_challenge').challenges.map(({ type }) => type);
    };
    expect(tasksFor('direct_exchange')).toEqual(['domain_ownership', 'cryptographic_proof']);
    expect(tasksFor('ca_validation')).toContain('certificate_validation');
  });

  test('has the domain value in the zone while it is looked up and not afterwards', () => {
    const world = createWorld();
    let seen = 0;
    world.tap = (envelope) => {
      if (envelope.message?.type === 'trust_response') {
        seen = world.zone.get(`_norc-trust-challenge.${ACME}`)?.size ?? 0;
      }
      return [envelope];
    };
    establish(world);
    expect(seen).toBe(1);
    expect(world.zone.get(`_norc-trust-challenge.${ACME}`)?.size).toBe(0);
  });

  test('never uses a challenge twice', () => {
    const values = new Set<string>();
    for (let run = 0; run < 5; run += 1) {
      const world = createWorld({ [ACME]: { seed: run }, [BRAVO]: { seed: run } });
      establish(world);
      values.add(JSON.stringify(lastOf(world, 'trust_challenge').challenges));
    }
    expect(values.size).toBe(5);
  });

  test('certifies the key of the requester for not longer than either side allows', () => {
    const lone = { maxTrustAgeSeconds: 3600, autoRenew: false };
    const world = createWorld({
      [ACME]: { policy: lone },
      [BRAVO]: { policy: { autoRenew: false } },
    });
    establish(world);
    const certificate = readBlob(lastOf(world, 'trust_decision').certificate_bundle[0]);
    expect(certificate.public_key).toBe(keyFor(ACME).publicKey);
    expect(certificate.not_after - certificate.not_before).toBe(3600);
    expect(statuses(world)).toEqual(ACTIVE);
    pass(world, 3600);
    expect(statuses(world)).toEqual(['expired', 'expired', 'expired', 'expired']);
  });

  test('is written down once for each certificate on each side', () => {
    const world = createWorld();
    establish(world);
    for (const server of [ACME, BRAVO]) {
      expect(auditsOf(world, server).filter(({ event }) => event === 'trust_granted')).toHaveLength(
        2,
      );
    }
  });

  test('tells the links of both servers', () => {
    const world = createWorld();
    establish(world);
    expect(serverOf(world, ACME).told).toContain(BRAVO);
    expect(serverOf(world, BRAVO).told).toContain(ACME);
  });

  test('is not in force before the acknowledgment', () => {
    const world = createWorld();
    const seen: string[][] = [];
    world.tap = (envelope) => {
      if (envelope.message?.type === 'trust_decision') seen.push(statuses(world));
      return [envelope];
    };
    establish(world);
    expect(seen).toEqual([NONE]);
  });
});

describe('an operator', () => {
  const manual = { [ACME]: {}, [BRAVO]: { policy: { requireManualApproval: true } } };

  test('is waited for, and the decision is posted when he approves', () => {
    const world = createWorld(manual);
    establish(world);
    expect(world.sent.at(-1)).toMatchObject({ status: 202, message: null });
    expect(statuses(world)).toEqual(NONE);
    pass(world, 3600);
    approve(world, BRAVO, ACME, 'approve');
    expect(statuses(world)).toEqual(ACTIVE);
    const posted = world.sent.find(({ message }) => message?.type === 'trust_decision');
    expect(posted?.kind).toBe('request');
  });

  test('is waited for when basic requests are not accepted by themselves', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { autoAcceptBasic: false } } });
    establish(world);
    expect(statuses(world)).toEqual(NONE);
  });

  test('may refuse: the requester is told and stays away', () => {
    const world = createWorld(manual);
    establish(world);
    approve(world, BRAVO, ACME, 'refuse');
    expect(lastOf(world, 'trust_decision')).toMatchObject({
      decision: 'reject',
      granted_trust_level: 'untrusted',
      certificate_bundle: [],
    });
    const acme = serverOf(world, ACME);
    acme.layer.wanted(BRAVO, acme.context);
    settle(world);
    expect(countOf(world, 'trust_request')).toBe(1);
  });

  test('is asked for only where the guard is on', () => {
    const off = { ...manual[BRAVO], off: ['T-CAP-07'] as const };
    const world = createWorld({ [ACME]: {}, [BRAVO]: off });
    establish(world);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('comes too late after the deadline', () => {
    const world = createWorld(manual);
    establish(world);
    pass(world, 86_401);
    approve(world, BRAVO, ACME, 'approve');
    expect(statuses(world)).toEqual(NONE);
  });
});

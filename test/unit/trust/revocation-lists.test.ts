/** Lists of revocations, chains of them, and what is found out by both (T-CRL, T-REV-12 to -16). */
import { describe, expect, test } from 'vitest';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import { auditsOf, establish, request, resign, revoke, standing, statuses } from './deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  keyFor,
  MALLORY,
  pass,
  present,
  restart,
  serverOf,
  settle,
  type World,
} from './pair.ts';

const policy = { revocationPollSeconds: 60 };
const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];

function trusted(): World {
  const world = createWorld({ [ACME]: { policy }, [BRAVO]: { policy }, [MALLORY]: { policy } });
  establish(world);
  return world;
}

function listOf(world: World, id: string): NorcCrl {
  const server = present(world, id);
  return server.layer.revocationList(server.context);
}

const actionsOf = (world: World, id: string) => auditsOf(world, id).map(({ action }) => action);

/** Keeps every trust_revoke from whoever it is for. */
function withhold(world: World): void {
  world.tap = (envelope) => (envelope.message?.type === 'trust_revoke' ? [] : [envelope]);
}

describe('a list of ours', () => {
  test('T-CRL-02: is the same to the byte until something changes, over a restart too', () => {
    const world = trusted();
    const before = listOf(world, ACME);
    pass(world, 3600);
    expect(listOf(world, ACME)).toEqual(before);
    restart(world, ACME);
    expect(listOf(world, ACME)).toEqual(before);
    revoke(world, ACME, BRAVO);
    expect(listOf(world, ACME).crl_number).toBeGreaterThan(before.crl_number ?? 0);
  });

  test('T-CRL-02: has a higher number although the store was set back', () => {
    const world = trusted();
    const backup = structuredClone(serverOf(world, ACME).store.load());
    const first = listOf(world, ACME);
    revoke(world, ACME, BRAVO);
    const second = listOf(world, ACME);
    pass(world, 5);
    const { store } = serverOf(world, ACME);
    store.write(store.load().map((row) => ({ ...row, value: null })));
    store.write(backup);
    restart(world, ACME);
    const third = listOf(world, ACME);
    const numbers = [first, second, third].map(({ crl_number: number }) => number ?? 0);
    expect([...new Set(numbers)].sort()).toEqual(numbers);
  });

  test('T-CRL-03, T-REV-18: drops an entry when the certificate has ended, not before', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO);
    const notAfter = standing(world, ACME, BRAVO).inbound.expiresAtSeconds;
    const left = notAfter - Math.floor(world.now / 1_000_000);
    pass(world, left - 1);
    expect(listOf(world, ACME).revoked_certificates).toHaveLength(1);
    pass(world, 1);
    expect(listOf(world, ACME).revoked_certificates).toHaveLength(0);
  });
});

describe('a list of somebody else', () => {
  test('T-REV-15: brings a revocation that was withheld within a minute', () => {
    const world = trusted();
    withhold(world);
    revoke(world, ACME, BRAVO);
    pass(world, 61);
    expect(statuses(world)).toEqual(REVOKED);
  });

  test('T-CRL-02: a second one of the same number is an alarm, once, and its entries count', () => {
    const world = trusted();
    establish(world, { from: BRAVO, to: MALLORY });
    pass(world, 61);
    const known = listOf(world, ACME);
    const certificate_id = standing(world, BRAVO, ACME).outbound.certificateId ?? '';
    const entry = { certificate_id, revocation_date: 1, revocation_reason: 'x', extensions: [] };
    const changed = { ...known, revoked_certificates: [entry] };
    const other = resign(keyFor(ACME), changed, 'signature');
    for (const _ of [1, 2]) {
      expect(request(world, MALLORY, BRAVO, other)?.message).toMatchObject({ error_code: 5811 });
    }
    const alarms = actionsOf(world, BRAVO).filter((action) => action.includes('of one number'));
    expect(alarms).toHaveLength(1);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('revoked');
  });

  test('T-CERT-08: the day without one is written down, and its end suspends', () => {
    const world = trusted();
    world.tap = (envelope) => (envelope.kind === 'fetch' ? [] : [envelope]);
    pass(world, 86_399);
    expect(actionsOf(world, BRAVO)).toContain('revocation status unknown');
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('active');
    pass(world, 1);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('suspended');
    world.tap = (envelope) => [envelope];
    pass(world, 61);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('active');
  });

  test('T-CRL-01: the list of one server says nothing of another', () => {
    const world = trusted();
    establish(world, { from: BRAVO, to: MALLORY });
    const forged = resign(keyFor(MALLORY), listOf(world, ACME), 'signature');
    expect(request(world, MALLORY, BRAVO, forged)?.message).toMatchObject({ error_code: 5802 });
  });
});

describe('a revocation that is missing', () => {
  test('T-REV-13: is an alarm after five minutes, unless it comes', () => {
    for (const comes of [true, false]) {
      const world = trusted();
      establish(world, { from: ACME, to: MALLORY });
      const partial = { scope: 'partial', permissions: ['user_discovery'] };
      revoke(world, ACME, MALLORY, partial); // bravo hears of it: the beginning of the chain
      let isLost = true;
      world.tap = (envelope) => {
        const isRevoke = envelope.message?.type === 'trust_revoke' && envelope.to === BRAVO;
        return isRevoke && isLost ? [] : [envelope];
      };
      revoke(world, ACME, MALLORY, partial);
      isLost = false;
      if (!comes) {
        const [missing] = world.sent
          .filter(({ message }) => message?.type === 'trust_revoke')
          .slice(-1);
        world.tap = (envelope) => {
          const isMissing = envelope.message?.type === 'trust_revoke';
          const isSame =
            isMissing && JSON.stringify(envelope.message) === JSON.stringify(missing?.message);
          return isSame && envelope.to === BRAVO ? [] : [envelope];
        };
      }
      revoke(world, ACME, MALLORY, partial);
      pass(world, 400);
      const gaps = actionsOf(world, BRAVO).filter((action) => action.startsWith('gap'));
      expect(gaps).toHaveLength(comes ? 0 : 1);
    }
  });

  test('T-REV-15: what nobody acknowledges is an event of the issuer, once', () => {
    const world = trusted();
    world.tap = ({ message, ...rest }) => {
      return message?.type === 'revocation_acknowledgment' ? [] : [{ message, ...rest }];
    };
    revoke(world, ACME, BRAVO);
    pass(world, 2000);
    const missed = actionsOf(world, ACME).filter((action) => action.includes('not acknowledged'));
    expect(missed).toHaveLength(1);
  });

  test('T-REV-14: reaches those who trust the issuer when a subject revokes itself', () => {
    const world = trusted();
    establish(world, { from: MALLORY, to: ACME });
    const server = present(world, BRAVO);
    // Bravo, as the subject of acme's certificate only: its own is gone first.
    server.layer.revoke(
      { server: ACME, reason: 'voluntary', scope: 'full', permissions: [], gracePeriodSeconds: 0 },
      server.context,
    );
    settle(world);
    const told = world.sent.filter(({ message, to }) => {
      return message?.type === 'trust_revoke' && to === ACME;
    });
    expect(told.length).toBeGreaterThan(0);
    expect(statuses(world)).toEqual(REVOKED);
  });
});

describe('objections and clearings', () => {
  test('T-REV-10: an operator objects, the issuer writes it down once, and nothing changes', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO, { reason: 'policy_violation' });
    const server = present(world, BRAVO);
    for (const _ of [1, 2]) server.layer.object(ACME, 'disputed', server.context);
    settle(world);
    const heard = actionsOf(world, ACME).filter((action) => action === 'revocation disputed');
    expect(heard).toHaveLength(1);
    expect(statuses(world)).toEqual(REVOKED);
  });

  test('T-REV-06: a clearing is pushed until it is acknowledged, over a restart', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO, { scope: 'conditional', gracePeriodSeconds: 3600 });
    world.tap = (envelope) => (envelope.message?.type === 'trust_decision' ? [] : [envelope]);
    const server = present(world, ACME);
    server.layer.clear(BRAVO, server.context);
    settle(world);
    expect(statuses(world)).toEqual(['active', 'active', 'suspended', 'suspended']);
    world.tap = (envelope) => [envelope];
    restart(world, ACME);
    pass(world, 1);
    expect(statuses(world)).toEqual(['active', 'active', 'active', 'active']);
    pass(world, 7200);
    expect(statuses(world)).toEqual(['active', 'active', 'active', 'active']);
  });

  test('T-REV-16: what waits in quarantine still waits after a restart, and then counts', () => {
    const world = trusted();
    world.tap = (envelope) => {
      const { message } = envelope;
      if (message?.type !== 'trust_revoke') return [envelope];
      const ahead = { ...message, issued_at: (message.issued_at ?? 0) + 400 };
      return [{ ...envelope, message: resign(keyFor(ACME), ahead, 'revocation_signature') }];
    };
    revoke(world, ACME, BRAVO);
    restart(world, BRAVO);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('suspended');
    world.tap = (envelope) => (envelope.kind === 'fetch' ? [] : [envelope]);
    pass(world, 100);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('revoked');
  });
});

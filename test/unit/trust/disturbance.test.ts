/** Losses, repeats, floods and crossings: what an establishment makes of an unkind world. */
import { describe, expect, test } from 'vitest';
import { toSeconds } from '../../../reference/time.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { FederationError } from '../../../spec/messages/federation/federation-error.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  approve,
  ask,
  auditsOf,
  bend,
  brokenAt,
  countOf,
  establish,
  lastOf,
  request,
  resign,
  statuses,
} from './deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  keyFor,
  originOf,
  pass,
  restart,
  serverOf,
  settle,
  type World,
} from './pair.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];

/** Answers of a server that refuse, as their codes. */
const codesFrom = (world: World, server: string) =>
  world.sent.flatMap(({ from, message }) =>
    from === server && message?.type === 'federation_error' ? [message.error_code] : [],
  );

describe('a message that gets lost', () => {
  const dropping = (world: World, type: NorcMessage['type'], times: number) => {
    let left = times;
    world.tap = (envelope) => {
      if (envelope.message?.type !== type || left === 0) return [envelope];
      left -= 1;
      return [];
    };
  };

  test('an acknowledgment is repeated until it arrives', () => {
    const world = createWorld();
    dropping(world, 'trust_acknowledgment', 3);
    establish(world);
    expect(statuses(world)).toEqual(['active', 'active', 'none', 'none']);
    pass(world, 120);
    expect(statuses(world)).toEqual(ACTIVE);
    const sent = world.sent.filter(({ message }) => message?.type === 'trust_acknowledgment');
    expect(new Set(sent.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  });

  /** Found by the swarm: a list that was passed on was refused, and trust ended with it. */
  test.each([
    ['norc_crl', ['active', 'active']],
    ['trust_acknowledgment', ['revoked', 'revoked']],
  ])('an error without a name that answers %s leaves %j', (answers, left) => {
    const world = createWorld();
    dropping(world, 'trust_acknowledgment', 1);
    establish(world);
    const { layer, context } = serverOf(world, ACME);
    const error: FederationError = {
      type: 'federation_error',
      error_code: 4000,
      error_category: 'crypto',
      message: 'cryptographic error',
      timestamp: toSeconds(world.now),
    };
    layer.receive(error, originOf(world, BRAVO, null, answers), context);
    expect(statuses(world).slice(0, 2)).toEqual(left);
  });

  test('an acknowledgment that never arrives leaves nobody with trust', () => {
    const world = createWorld();
    dropping(world, 'trust_acknowledgment', 1000);
    establish(world);
    pass(world, 900);
    expect(statuses(world)).not.toContain('active');
    expect(auditsOf(world, BRAVO).map(({ event }) => event)).toContain('trust_revoked');
  });

  test('the answer to an acknowledgment may get lost: a repeat is answered alike', () => {
    const world = createWorld();
    let lost = 0;
    world.tap = (envelope) => {
      if (envelope.kind !== 'answer' || envelope.status !== 204 || lost === 2) return [envelope];
      lost += 1;
      return [];
    };
    establish(world);
    pass(world, 900);
    expect(statuses(world)).toEqual(ACTIVE);
    expect(countOf(world, 'trust_acknowledgment')).toBe(3);
  });

  test('a lost challenge is asked for with the same bytes and is the same', () => {
    const world = createWorld();
    dropping(world, 'trust_challenge', 1);
    establish(world);
    pass(world, 20);
    expect(statuses(world)).toEqual(ACTIVE);
    const sent = world.sent.filter(({ message }) => message?.type === 'trust_challenge');
    expect(new Set(sent.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  });

  test('without an answer the requester gives up after its step timer', () => {
    const world = createWorld();
    dropping(world, 'trust_challenge', 1000);
    establish(world);
    pass(world, 31);
    expect(auditsOf(world, ACME)).toContainEqual(
      expect.objectContaining({ event: 'trust_request', result: 'failure' }),
    );
  });
});

describe('a message that comes again', () => {
  test('a response is used once', () => {
    const world = createWorld();
    establish(world);
    const answer = request(world, ACME, BRAVO, lastOf(world, 'trust_response'));
    expect(answer?.message).toMatchObject({ error_code: 5803 });
  });

  test('a replayed response is judged again by a build without the guard', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { off: ['T-CHAL-07'] } });
    world.tap = (envelope) => (envelope.message?.type === 'trust_acknowledgment' ? [] : [envelope]);
    establish(world);
    request(world, ACME, BRAVO, lastOf(world, 'trust_response'));
    expect(brokenAt(world, BRAVO)).not.toContain('T-CHAL-07');
  });

  test('a request with the same bytes gets the same challenge', () => {
    const world = createWorld();
    world.tap = (envelope) => (envelope.message?.type === 'trust_response' ? [] : [envelope]);
    establish(world);
    const first = lastOf(world, 'trust_challenge');
    const again = request(world, ACME, BRAVO, lastOf(world, 'trust_request'));
    expect(again?.message).toEqual(first);
  });

  test('a request with the same id and other content is a conflict', () => {
    const world = createWorld();
    establish(world);
    const sent = lastOf(world, 'trust_request');
    const other = resign(keyFor(ACME), { ...sent, timestamp: sent.timestamp + 1 }, 'signature');
    expect(request(world, ACME, BRAVO, other)?.message).toMatchObject({ error_code: 5817 });
  });

  test('a conflicting request is taken for a new one by a build without the guard', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { off: ['T-REQ-05'] } });
    establish(world);
    const sent = lastOf(world, 'trust_request');
    const other = resign(keyFor(ACME), { ...sent, timestamp: sent.timestamp + 1 }, 'signature');
    request(world, ACME, BRAVO, other);
    expect(codesFrom(world, BRAVO)).not.toContain(5817);
  });
});

describe('requests that are too many or too early', () => {
  test('a request before capabilities is unexpected', () => {
    const world = createWorld();
    establish(world);
    const sent = lastOf(world, 'trust_request');
    const fresh = { ...sent, request_id: '33333333-3333-4333-8333-333333333333' };
    const answer = request(world, ACME, BRAVO, resign(keyFor(ACME), fresh, 'signature'));
    expect(answer?.message).toMatchObject({ error_code: 5812 });
    expect(brokenAt(world, BRAVO)).toEqual(['T-CAP-01']);
  });

  const forgetful = (off: readonly RequirementId[]) => {
    const manual = { requireManualApproval: true };
    const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: manual, off } });
    establish(world);
    // The peer has lost everything and begins anew while its first request waits for the operator.
    const { store } = serverOf(world, ACME);
    store.write(store.load().map((row) => ({ ...row, value: null })));
    restart(world, ACME);
    establish(world);
    return world;
  };

  test('a second request waits for the first to end', () => {
    const world = forgetful([]);
    expect(brokenAt(world, BRAVO)).toEqual(['T-REQ-11']);
    expect(lastOf(world, 'federation_error')).toMatchObject({
      error_code: 5812,
      details: { reason: 'pending' },
    });
  });

  test('a second request is taken by a build without the guard', () => {
    const world = forgetful(['T-REQ-11']);
    expect(brokenAt(world, BRAVO)).not.toContain('T-REQ-11');
    expect(countOf(world, 'trust_challenge')).toBe(2);
  });

  test('the sixth in an hour is told when to come back, truthfully', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { autoAcceptBasic: false } } });
    for (let time = 0; time < 6; time += 1) {
      establish(world);
      approve(world, BRAVO, ACME, 'refuse');
    }
    const refusal = lastOf(world, 'rate_limit_exceeded');
    expect(refusal.error_code).toBe(5401);
    pass(world, refusal.retry_after - 1);
    establish(world);
    expect(countOf(world, 'rate_limit_exceeded')).toBe(2);
    pass(world, 1);
    establish(world);
    expect(countOf(world, 'rate_limit_exceeded')).toBe(2);
  });

  test('without the guard the sixth is taken', () => {
    const lax = { policy: { autoAcceptBasic: false }, off: ['T-REQ-12'] as const };
    const world = createWorld({ [ACME]: {}, [BRAVO]: lax });
    for (let time = 0; time < 6; time += 1) {
      establish(world);
      approve(world, BRAVO, ACME, 'refuse');
    }
    expect(countOf(world, 'rate_limit_exceeded')).toBe(0);
  });

  test('a version below the one used before is refused', () => {
    const world = createWorld();
    establish(world);
    bend(
      world,
      'trust_capabilities',
      (message) =>
        message.server_id === ACME ? { ...message, supported_versions: ['1.0'] } : message,
      'signature',
    );
    establish(world);
    expect(brokenAt(world, BRAVO)).toEqual(['T-CAP-05']);
  });

  test('a lower version is taken where policy allows it', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { allowDowngrade: true } } });
    establish(world);
    bend(
      world,
      'trust_capabilities',
      (message) =>
        message.server_id === ACME ? { ...message, supported_versions: ['1.0'] } : message,
      'signature',
    );
    establish(world);
    expect(brokenAt(world, BRAVO)).not.toContain('T-CAP-05');
  });
});

describe('requests that cross', () => {
  const crossing = () => {
    const world = createWorld();
    ask(world, { from: ACME, to: BRAVO });
    ask(world, { from: BRAVO, to: ACME });
    settle(world);
    pass(world, 60);
    return world;
  };

  test('end in one relation, asked for by the server that sorts lower', () => {
    const world = crossing();
    expect(statuses(world)).toEqual(ACTIVE);
    const decisions = world.sent.filter(({ message }) => message?.type === 'trust_decision');
    expect(decisions.map(({ from }) => from)).toEqual([BRAVO]);
  });

  test('leave no run behind', () => {
    const world = crossing();
    pass(world, 600);
    for (const server of [ACME, BRAVO]) {
      const rows = serverOf(world, server).store.load();
      expect(
        rows.filter(({ table, key }) => table === 'trust-run' && !key.startsWith('pace/')),
      ).toEqual([]);
    }
  });
});

describe('trust on demand', () => {
  const want = (world: World) => {
    const acme = serverOf(world, ACME);
    acme.context.now = world.now;
    acme.layer.wanted(BRAVO, acme.context);
    settle(world);
  };

  test('is asked for when a message waits', () => {
    const world = createWorld();
    want(world);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('is not asked for where policy does not say so, nor where there is trust', () => {
    const world = createWorld({ [ACME]: { policy: { establishOnDemand: null } }, [BRAVO]: {} });
    want(world);
    expect(world.sent).toEqual([]);
    const other = createWorld();
    establish(other);
    want(other);
    expect(countOf(other, 'trust_request')).toBe(1);
  });

  test('is asked for again later and later when it fails', () => {
    const world = createWorld();
    const at: number[] = [];
    world.tap = (envelope) => {
      if (envelope.message?.type !== 'trust_capabilities') return [envelope];
      at.push(world.now / 1_000_000);
      return [];
    };
    want(world);
    pass(world, 600);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(4);
    expect(gaps[0]).toBeLessThanOrEqual(6);
    expect(gaps.every((gap, index) => index === 0 || gap > (gaps[index - 1] ?? 0))).toBe(true);
    world.tap = (envelope) => [envelope];
    pass(world, 600);
    expect(statuses(world)).toEqual(ACTIVE);
  });
});

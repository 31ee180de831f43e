/**
 * Machine renewal, row by row: each row of its table is driven on both sides, from each of its states,
 * and what comes of it is held against the table (profile 2.6; T-REN, L-R10, L-R11).
 */
import { describe, expect, test } from 'vitest';
import { machines } from '../../../spec/emitted/machines.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { bend, countOf, establish, lastOf, renew, request, revoke, standing } from './deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  type Envelope,
  keyFor,
  pass,
  restart,
  serverOf,
  type World,
} from './pair.ts';
import { readBlob, rewriteCertificate } from './rewrite.ts';

const DAY = 86_400;
type State = keyof typeof kinds;
const kinds = { established: true, renewing: true, revoking: true } as const;
type Side = 'subject' | 'issuer';
const SUBJECT = ACME;
const ISSUER = BRAVO;
const sides: readonly Side[] = ['subject', 'issuer'];

const rows = machines.renewal.transitions;
const rowOf = (n: string) => {
  const row = rows.find((one) => one.n === n);
  if (!row) throw new Error(`machine renewal has no row ${n}`);
  return row;
};
const toOf = (n: string): string => rowOf(n).to;

// --- what state a side is in, by what it has written down ----------------------------------------

interface Written {
  readonly phase?: string;
  readonly renewal?: object | null;
  readonly certificate?: object | null;
}

function written(world: World, server: string, key: string): Written | null {
  const row = serverOf(world, server)
    .store.load()
    .find((one) => one.key === key);
  return (row?.value ?? null) as Written | null;
}

function stateOf(world: World, side: Side): State {
  const server = side === 'subject' ? SUBJECT : ISSUER;
  const kept = serverOf(world, server).store.load();
  if (kept.some(({ table, key }) => table === 'revocation' && key.startsWith('record/'))) {
    return 'revoking';
  }
  return isRenewing(world, side) ? 'renewing' : 'established';
}

/** The subject waits for a decision; the issuer for evidence, or for the acknowledgment. */
function isRenewing(world: World, side: Side): boolean {
  if (side === 'subject') {
    const phase = written(world, SUBJECT, `renewing/${ISSUER}`)?.phase;
    return phase === 'sent' || phase === 'responded';
  }
  const granted = written(world, ISSUER, `renewed/${SUBJECT}`)?.certificate ?? null;
  const judged = written(world, ISSUER, `responder/${SUBJECT}`);
  return granted !== null || (judged?.renewal != null && judged.phase !== 'ended');
}

const states = (world: World): string[] => sides.map((side) => stateOf(world, side));
const both = (state: string): string[] => [state, state];

// --- the world -----------------------------------------------------------------------------------

function established(issuer: object = {}, subject: object = {}): World {
  const world = createWorld({
    [SUBJECT]: { policy: { autoRenew: false, mutual: false, ...subject } },
    [ISSUER]: { policy: { autoRenew: false, mutual: false, ...issuer } },
  });
  establish(world, { mutual: false });
  expect(states(world)).toEqual(both('established'));
  return world;
}

/** A renewal whose decision is on its way; what is held back can be let go. */
function renewing(order: Parameters<typeof renew>[3] = {}, issuer: object = {}): World {
  const world = established(issuer);
  world.tap = (envelope) => (isDecision(envelope) ? [] : [envelope]);
  renew(world, SUBJECT, ISSUER, order);
  expect(states(world)).toEqual(both('renewing'));
  return world;
}

const isDecision = ({ message }: Envelope) => message?.type === 'trust_decision';
const letGo = (world: World): void => {
  world.tap = (envelope) => [envelope];
};
const from = (state: State): World => (state === 'renewing' ? renewing() : established());

const held = (world: World) => standing(world, SUBJECT, ISSUER).outbound;
const given = (world: World) => standing(world, ISSUER, SUBJECT).inbound;
const ids = (world: World) => [held(world).certificateId, given(world).certificateId];
const statuses = (world: World) => [held(world).status, given(world).status];

/** After so long nothing has changed: what was refused has left nothing behind. */
function expectOldOneStays(world: World, before: readonly (string | null)[]): void {
  expect([ids(world), statuses(world)]).toEqual([before, both('active')]);
  pass(world, 1000);
  expect([ids(world), statuses(world)]).toEqual([before, both('active')]);
  for (const server of [SUBJECT, ISSUER]) {
    restart(world, server);
    expect(ids(world)).toEqual(before);
  }
}

test('every row of the table is driven here', () => {
  expect(rows.map(({ n }) => n)).toEqual(['1', '2', '3', '4', '5']);
  const named = new Set(rows.flatMap(({ from: states, to }) => [...states, to]));
  expect([...named].sort()).toEqual(Object.keys(kinds).sort());
});

describe('row 1: trust_renewal', () => {
  const row = rowOf('1');

  test('goes from established to renewing on both sides', () => {
    expect(row.from).toEqual(['established']);
    const world = renewing();
    expect(states(world)).toEqual(both(row.to));
    expect(ids(world)[0]).toBe(lastOf(world, 'trust_renewal').existing_certificate_id);
    expect(statuses(world)).toEqual(both('active'));
  });

  test('for more scope is renewing too, and takes a challenge round first', () => {
    const world = established();
    world.tap = (envelope) => (envelope.message?.type === 'trust_response' ? [] : [envelope]);
    renew(world, SUBJECT, ISSUER, { messagesPerSecond: 900 });
    expect(states(world)).toEqual(both(row.to));
    expect(countOf(world, 'trust_decision')).toBe(1);
    expect(written(world, ISSUER, `responder/${SUBJECT}`)?.phase).toBe('challenge_sent');
  });

  test('is a state that both sides find again after a restart', () => {
    const world = renewing();
    for (const server of [SUBJECT, ISSUER]) restart(world, server);
    expect(states(world)).toEqual(both(row.to));
  });

  const unlawful: [string, (world: World) => Partial<TrustRenewal>, object?][] = [
    ['not renewable', () => ({}), { renewable: false }],
    ['expired', (world) => later(world, 100), { certificateSeconds: 100 }],
    ['another certificate', () => ({ existing_certificate_id: UUID })],
    ['signed by another key', () => ({})],
  ];

  test.each(unlawful)('outside its guard leaves both established: %s', (what, arrange, policy) => {
    const world = established(policy);
    const change = arrange(world);
    const before = ids(world);
    const key = what === 'signed by another key' ? keyFor(SUBJECT, 3) : keyFor(SUBJECT);
    send(world, change, key);
    expect(stateOf(world, 'issuer')).toBe('established');
    expect(written(world, ISSUER, `renewed/${SUBJECT}`)).toBeNull();
    expect(ids(world)).toEqual(before);
  });

  test.each([
    ['revoked', 0],
    ['revoking', 1000],
  ])('of what is %s is refused', (_, gracePeriodSeconds) => {
    const world = established();
    revoke(world, ISSUER, SUBJECT, { gracePeriodSeconds });
    send(world, {}, keyFor(SUBJECT));
    expect(states(world)).toEqual(both('revoking'));
    expect(written(world, ISSUER, `renewed/${SUBJECT}`)).toBeNull();
  });
});

describe('row 2: trust_decision accept', () => {
  const row = rowOf('2');

  test('goes from renewing to established, under the new certificate; the old one is superseded', () => {
    expect(row.from).toEqual(['renewing']);
    const world = renewing();
    const [old] = ids(world);
    letGo(world);
    // The subject asks again, and is answered by the decision that was lost.
    pass(world, 301);
    expect(states(world)).toEqual(both(row.to));
    const [mine, theirs] = ids(world);
    expect(mine).toBe(theirs);
    expect(mine).not.toBe(old);
    expect(countOf(world, 'trust_acknowledgment')).toBe(2);
    for (const [server, peer, direction] of [
      [SUBJECT, ISSUER, 'outbound'],
      [ISSUER, SUBJECT, 'inbound'],
    ] as const) {
      expect(predecessorIn(world, server, peer, direction)).toBe(old);
    }
  });

  test('is acknowledged, or the issuer takes the successor back and the old one goes on', () => {
    const world = established();
    const before = ids(world);
    world.tap = (envelope) => (envelope.message?.type === 'trust_acknowledgment' ? [] : [envelope]);
    renew(world, SUBJECT, ISSUER);
    expect(stateOf(world, 'subject')).toBe(row.to);
    expect(stateOf(world, 'issuer')).toBe('renewing');
    // While it is awaited, what the issuer has in force is the old one.
    expect(given(world).certificateId).toBe(before[1]);
    pass(world, 301);
    expect(written(world, ISSUER, `renewed/${SUBJECT}`)?.certificate ?? null).toBeNull();
    expect([given(world).certificateId, given(world).status]).toEqual([before[1], 'active']);
  });

  test('leaves no instant without a certificate, from the first to the last', () => {
    const policy = { certificateSeconds: 3 * DAY };
    const world = established(policy, { autoRenew: true });
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      pass(world, 3600);
      expect(statuses(world), `hour ${hour}`).toEqual(both('active'));
    }
    expect(countOf(world, 'trust_renewal')).toBeGreaterThan(2);
  });

  const bends: [string, (decision: Decision, old: Decision) => object][] = [
    ['the id of the old one', (now, old) => withTerms(now, { certificate_id: oldId(old) })],
    [
      'a beginning after the old one has ended',
      (now, old) => withTerms(now, { not_before: old.trust_metadata.expires_at + 1 }),
    ],
    ['a higher level than was asked for', (now) => ({ ...now, granted_trust_level: 'verified' })],
  ];

  test.each(bends)('outside its guard is not taken, and the old one stays: %s', (_, change) => {
    const world = established();
    const before = ids(world);
    const old = lastOf(world, 'trust_decision');
    bend(world, 'trust_decision', (decision) => change(decision, old), 'decision_signature');
    renew(world, SUBJECT, ISSUER);
    expect(stateOf(world, 'subject')).toBe('established');
    expect(held(world)).toMatchObject({ certificateId: before[0], status: 'active' });
    letGo(world);
    pass(world, 400);
    expect(held(world)).toMatchObject({ certificateId: before[0], status: 'active' });
    expect([given(world).certificateId, given(world).status]).toEqual([before[1], 'active']);
  });
});

describe('row 3: trust_decision reject', () => {
  const row = rowOf('3');

  /** The policy of the issuer has changed its mind since. */
  function rejected(): { world: World; before: (string | null)[] } {
    const world = established({}, { autoRenew: true });
    const before = ids(world);
    const { policy } = serverOf(world, ISSUER).config;
    Object.assign(policy.trust, { supportedLevels: ['verified'] });
    renew(world, SUBJECT, ISSUER);
    expect(lastOf(world, 'trust_decision').decision).toBe('reject');
    return { world, before };
  }

  test('goes from renewing to established, under the old certificate', () => {
    expect(row.from).toEqual(['renewing']);
    const { world, before } = rejected();
    expect(states(world)).toEqual(both(row.to));
    expect(written(world, SUBJECT, `renewing/${ISSUER}`)).toBeNull();
    expect(countOf(world, 'trust_acknowledgment')).toBe(1);
    expectOldOneStays(world, before);
  });

  test('lets the old one run to its end and no further', () => {
    const { world, before } = rejected();
    const left = held(world).expiresAtSeconds - world.now / 1e6;
    pass(world, left - 1);
    expect([ids(world), statuses(world)]).toEqual([before, both('active')]);
    pass(world, 2);
    expect(statuses(world)).toEqual(both('expired'));
  });
});

describe('row 4: trust_revoke', () => {
  const row = rowOf('4');
  const grace = { reason: 'voluntary', gracePeriodSeconds: 10_000 };
  const starts = row.from.flatMap((state) => [ISSUER, SUBJECT].map((by) => ({ state, by })));

  test.each(starts)(
    'goes from $state to revoking, by $by, and the renewal is void',
    ({ state, by }) => {
      const world = from(state);
      const [old] = ids(world);
      const asked = countOf(world, 'trust_renewal');
      letGo(world);
      revoke(world, by, by === ISSUER ? SUBJECT : ISSUER, grace);
      expect(states(world)).toEqual(both(row.to));
      pass(world, 1000);
      // The silence has run out meanwhile: nothing was asked again, nothing taken.
      expect(countOf(world, 'trust_renewal')).toBe(asked);
      expect(written(world, SUBJECT, `renewing/${ISSUER}`)).toBeNull();
      expect(ids(world)).toEqual(both(old ?? ''));
      pass(world, 10_000);
      expect(statuses(world)).toEqual(both('revoked'));
    },
  );

  test('while a decision is on its way makes that decision void too', () => {
    const world = established();
    const [old] = ids(world);
    const { layer, context } = serverOf(world, ISSUER);
    let isDone = false;
    world.tap = (envelope) => {
      if (!isDecision(envelope) || isDone) return [envelope];
      isDone = true;
      const order = { scope: 'full', permissions: [], ...grace };
      layer.revoke({ server: SUBJECT, ...order }, context);
      return [envelope];
    };
    renew(world, SUBJECT, ISSUER);
    pass(world, 1000);
    expect(states(world)).toEqual(both(row.to));
    expect(given(world).certificateId).toBe(old);
    pass(world, 10_000);
    expect(statuses(world)).toEqual(both('revoked'));
  });
});

describe('row 5: 300 s of silence', () => {
  const row = rowOf('5');

  test('goes from renewing by way of established into row 1 again, with the same bytes', () => {
    expect(row.from).toEqual(['renewing']);
    // Nothing is said of a loss: whoever is asked simply does not answer.
    const world = silent();
    const first = lastOf(world, 'trust_renewal');
    pass(world, 299);
    expect(countOf(world, 'trust_renewal')).toBe(1);
    pass(world, 2);
    expect(countOf(world, 'trust_renewal')).toBe(2);
    expect(lastOf(world, 'trust_renewal')).toEqual(first);
    // The row leads to established; sending again is row 1 from there.
    expect(rowOf('1').from).toContain(row.to);
    expect(stateOf(world, 'subject')).toBe(toOf('1'));
    expect([held(world).certificateId, held(world).status]).toEqual([
      first.existing_certificate_id,
      'active',
    ]);
  });

  test('goes on for as long as it is silent, and ends in one renewal', () => {
    const world = silent();
    const [old] = ids(world);
    pass(world, 301 * 5);
    expect(countOf(world, 'trust_renewal')).toBeGreaterThanOrEqual(5);
    letGo(world);
    pass(world, 301);
    expect(states(world)).toEqual(both('established'));
    const renewalIds = world.sent.flatMap(({ message }) =>
      message?.type === 'trust_renewal' ? [message.renewal_id] : [],
    );
    expect(new Set(renewalIds).size).toBe(1);
    const [mine, theirs] = ids(world);
    expect([mine, mine === old]).toEqual([theirs, false]);
  });

  test('is counted anew by a process that was restarted', () => {
    const world = silent();
    restart(world, SUBJECT);
    pass(world, 301);
    expect(countOf(world, 'trust_renewal')).toBeGreaterThan(1);
    expect(stateOf(world, 'subject')).toBe('renewing');
  });
});

// --- how ------------------------------------------------------------------------------------------

const UUID = '77777777-7777-4777-8777-777777777777';
type Decision = Extract<NorcMessage, { type: 'trust_decision' }>;

/** The renewal goes out and is swallowed, which nobody is told. */
function silent(): World {
  const world = established();
  const { link } = swallow(world);
  renew(world, SUBJECT, ISSUER);
  expect(link()).toBe(1);
  return world;
}

/** An envelope that is neither delivered nor known to be lost. */
function swallow(world: World): { link: () => number } {
  let count = 0;
  world.tap = (envelope) => {
    if (envelope.message?.type !== 'trust_renewal') return [envelope];
    count += 1;
    return [{ ...envelope, message: null, kind: 'request' }];
  };
  return { link: () => count };
}

function later(world: World, durationSeconds: number): Partial<TrustRenewal> {
  pass(world, durationSeconds);
  return {};
}

/** T18 as the subject would write it, changed, signed, and sent by the test. */
function send(world: World, change: Partial<TrustRenewal>, key: ReturnType<typeof keyFor>): void {
  const body = {
    type: 'trust_renewal' as const,
    renewal_id: '99999999-9999-4999-8999-999999999999',
    renewing_server: SUBJECT,
    trust_server: ISSUER,
    existing_certificate_id: held(world).certificateId ?? '',
    renewal_reason: 'early' as const,
    requested_trust_level: 'basic' as const,
    changes_requested: [],
    updated_certificates: [],
    compliance_updates: [],
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
    ...change,
  };
  const renewal_signature = crypto.sign(key, asJson(body as unknown as NorcMessage));
  request(world, SUBJECT, ISSUER, { ...body, renewal_signature } as TrustRenewal);
}

function predecessorIn(
  world: World,
  server: string,
  peer: string,
  direction: 'inbound' | 'outbound',
): string | undefined {
  const row = serverOf(world, server)
    .store.load()
    .find(({ table, key }) => table === 'trust-certificate' && key === peer);
  const relation = row?.value as { [side: string]: { predecessor: Grant | null } } | undefined;
  return relation?.[direction]?.predecessor?.certificate.certificate_id;
}

interface Grant {
  readonly certificate: { readonly certificate_id: string };
}

const oldId = (decision: Decision): string =>
  String(readBlob(decision.certificate_bundle[0]).certificate_id);

/** Another certificate, signed by its issuer; the dates of the decision go with it. */
function withTerms(decision: Decision, terms: { certificate_id?: string; not_before?: number }) {
  const { not_before: start } = terms;
  const dates = start === undefined ? {} : { not_before: start, not_after: start + 30 * DAY };
  const changed = rewriteCertificate(
    decision,
    (certificate) => ({ ...certificate, ...terms, ...dates }),
    keyFor(ISSUER),
  );
  if (start === undefined) return changed;
  const metadata = { established_at: start, expires_at: start + 30 * DAY };
  return { ...changed, trust_metadata: { ...changed.trust_metadata, ...metadata } };
}

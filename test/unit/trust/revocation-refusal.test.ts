/** Revocations that are refused, that come again, and what follows after one. */
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../reference/core.ts';
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  auditsOf,
  bend,
  brokenAt,
  countOf,
  establish,
  lastOf,
  request,
  revoke,
  standing,
  statuses,
} from './deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  keyFor,
  MALLORY,
  pass,
  restart,
  type ServerOptions,
  serverOf,
  settle,
  type World,
} from './pair.ts';
import { rewriteCertificate } from './rewrite.ts';

const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];
const ACTIVE = ['active', 'active', 'active', 'active'];

function trusted(bravo: ServerOptions = {}): World {
  const world = createWorld({ [ACME]: {}, [BRAVO]: bravo, [MALLORY]: {} });
  establish(world);
  return world;
}

interface Terms {
  readonly by?: string;
  readonly key?: SigningKey;
  readonly change?: Partial<TrustRevoke>;
}

/** As acme, the issuer of bravo's certificate, would write it. */
function composed(
  world: World,
  { by = ACME, key = keyFor(by), change = {} }: Terms = {},
): TrustRevoke {
  const now = Math.floor(world.now / 1_000_000);
  const body: Omit<TrustRevoke, 'revocation_signature'> = {
    type: 'trust_revoke',
    revocation_id: '55555555-5555-4555-8555-555555555555',
    revoking_server: by,
    target_server: BRAVO,
    trust_certificate_id: standing(world, BRAVO, ACME).outbound.certificateId ?? '',
    revocation_reason: 'voluntary',
    effective_date: now,
    evidence: [],
    revocation_scope: 'full',
    partial_revocation_permissions: [],
    grace_period: 0,
    notification_recipients: [],
    issued_at: now,
    revocation_sequence: 1,
    prev_revocation_hash: 'A'.repeat(43),
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
    ...change,
  };
  const revocation_signature = crypto.sign(key, asJson(body as unknown as NorcMessage));
  return { ...body, revocation_signature };
}

const tell = (world: World, terms: Terms = {}, from = terms.by ?? ACME) =>
  request(world, from, BRAVO, composed(world, terms))?.message;

const atBravo = (world: World) => standing(world, BRAVO, ACME).outbound.status;

interface Refused {
  readonly name: string;
  readonly id: RequirementId;
  readonly code: number;
  readonly terms: Terms;
  readonly from?: string;
}

const refused: Refused[] = [
  { name: 'forged', id: 'T-REV-01', code: 5802, terms: { key: keyFor(MALLORY) } },
  { name: 'of a third party', id: 'T-REV-02', code: 5816, terms: { by: MALLORY } },
  {
    name: 'in the name of the issuer by a third party',
    id: 'T-REV-01',
    code: 5802,
    terms: { key: keyFor(MALLORY) },
    from: MALLORY,
  },
  {
    name: 'partial without names',
    id: 'T-REV-05',
    code: 5801,
    terms: { change: { revocation_scope: 'partial' } },
  },
  {
    name: 'of another exchange',
    id: 'T-TRN-01',
    code: 5810,
    terms: { change: { transcript_hash: `${'B'.repeat(42)}A` } },
  },
];

describe.each(refused)('a revocation $name', ({ id, code, terms, from }) => {
  test('has no effect', () => {
    const world = trusted();
    const answer = tell(world, terms, from);
    expect(answer).toMatchObject({ error_code: code });
    expect(brokenAt(world, BRAVO)).toEqual([id]);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test(`is not refused so by a build without ${id}`, () => {
    const world = trusted({ off: [id] });
    tell(world, terms, from);
    expect(brokenAt(world, BRAVO)).not.toContain(id);
  });
});

describe('a certificate that is not revocable', () => {
  /** Acme holds such a certificate: bravo issues none, so the row is written by hand. */
  const firm = (off: readonly RequirementId[] = []) => {
    const world = createWorld({ [ACME]: { off }, [BRAVO]: {} });
    establish(world);
    const { store } = serverOf(world, ACME);
    const [row] = store.load().filter(({ table }) => table === 'trust-certificate');
    const text = JSON.stringify(row).replaceAll('"revocable":true', '"revocable":false');
    store.write([JSON.parse(text) as Row]);
    restart(world, ACME);
    settle(world);
    return world;
  };
  const told = (world: World, revocation_reason: string) => {
    const trust_certificate_id = standing(world, ACME, BRAVO).outbound.certificateId ?? '';
    const change = { revocation_reason, trust_certificate_id, target_server: ACME };
    const message = composed(world, { by: BRAVO, change });
    return request(world, BRAVO, ACME, message)?.message;
  };

  test('is not revoked at will', () => {
    const world = firm();
    expect(told(world, 'voluntary')).toMatchObject({ error_code: 5816 });
    expect(brokenAt(world, ACME)).toContain('T-CERT-15');
  });

  test('is revoked for cause', () => {
    const world = firm();
    told(world, 'compromised_key');
    expect(standing(world, ACME, BRAVO).outbound.status).toBe('revoked');
  });

  test('is revoked at will by a build without the guard', () => {
    const world = firm(['T-CERT-15']);
    told(world, 'voluntary');
    expect(standing(world, ACME, BRAVO).outbound.status).toBe('revoked');
  });
});

describe('a subject', () => {
  const own = (world: World, revocation_reason: string) => {
    const trust_certificate_id = standing(world, BRAVO, ACME).inbound.certificateId ?? '';
    return { by: ACME, change: { revocation_reason, trust_certificate_id, target_server: ACME } };
  };

  test('may give up its own certificate', () => {
    const world = trusted();
    tell(world, own(world, 'voluntary'));
    expect(standing(world, BRAVO, ACME).inbound.status).toBe('revoked');
  });

  test('may not revoke it for a reason that is not its own', () => {
    const world = trusted();
    expect(tell(world, own(world, 'policy_violation'))).toMatchObject({ error_code: 5816 });
  });

  test('that calls its key compromised is barred with it', () => {
    const world = trusted();
    tell(world, own(world, 'compromised_key'));
    expect(serverOf(world, BRAVO).layer.isBanned(keyFor(ACME).publicKey)).toBe(true);
  });
});

describe('after a revocation', () => {
  test('the peer is told to wait an hour, and then may come back', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { reason: 'policy_violation' });
    establish(world);
    expect(lastOf(world, 'rate_limit_exceeded').retry_after).toBe(3600);
    pass(world, 3600);
    establish(world);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('a compromised key never comes back', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { reason: 'compromised_key' });
    pass(world, 30 * 86_400);
    establish(world);
    expect(brokenAt(world, BRAVO)).toContain('T-REV-19');
    expect(lastOf(world, 'federation_error').error_code).toBe(5807);
  });

  test('it does come back to a build without the guard', () => {
    const world = trusted({ off: ['T-REV-19'] });
    revoke(world, BRAVO, ACME, { reason: 'compromised_key' });
    pass(world, 30 * 86_400);
    establish(world);
    expect(brokenAt(world, BRAVO)).not.toContain('T-REV-19');
  });

  test("an issuer's word bars nobody's key elsewhere", () => {
    const world = trusted();
    tell(world, { change: { revocation_reason: 'compromised_key' } });
    expect(serverOf(world, BRAVO).layer.isBanned(keyFor(BRAVO).publicKey)).toBe(false);
  });

  test('two revocations for cause lower the score below basic', () => {
    const world = trusted();
    for (let time = 0; time < 2; time += 1) {
      revoke(world, BRAVO, ACME, { reason: 'policy_violation' });
      pass(world, 7200);
      establish(world);
    }
    expect(lastOf(world, 'trust_decision').decision).toBe('reject');
  });
});

describe('repeats and strangers', () => {
  test('the same revocation again is acknowledged again and changes nothing', () => {
    const world = trusted();
    const message = composed(world);
    request(world, ACME, BRAVO, message);
    const events = auditsOf(world, BRAVO).length;
    expect(request(world, ACME, BRAVO, message)?.message?.type).toBe('revocation_acknowledgment');
    expect(auditsOf(world, BRAVO)).toHaveLength(events);
  });

  test('the same id with other content is a conflict', () => {
    const world = trusted();
    const id = standing(world, BRAVO, ACME).outbound.certificateId ?? '';
    const change: Partial<TrustRevoke> = {
      revocation_scope: 'partial',
      partial_revocation_permissions: ['message_relay'],
    };
    request(world, ACME, BRAVO, composed(world, { change }));
    const other = composed(world, {
      change: { ...change, grace_period: 1, trust_certificate_id: id },
    });
    expect(request(world, ACME, BRAVO, other)?.message).toMatchObject({ error_code: 5817 });
    expect(brokenAt(world, BRAVO)).toEqual(['T-REV-11']);
  });

  test('a certificate revoked before it arrives is never accepted', () => {
    const world = createWorld();
    world.tap = (envelope) => {
      const { message, from, to } = envelope;
      if (message?.type !== 'trust_decision') return [envelope];
      world.tap = (other) => [other];
      const [blob] = message.certificate_bundle;
      const { certificate_id } = JSON.parse(Buffer.from(blob ?? '', 'base64url').toString());
      const change = { trust_certificate_id: certificate_id, target_server: ACME };
      request(world, from, to, composed(world, { by: BRAVO, change }));
      return [envelope];
    };
    establish(world);
    expect(brokenAt(world, ACME)).toEqual(['T-CERT-07']);
    expect(statuses(world)).not.toContain('active');
  });

  test('a lower number is applied all the same, and the gap is noted', () => {
    const world = trusted();
    const unknown = '66666666-6666-4666-8666-666666666666';
    const first = { revocation_id: unknown, trust_certificate_id: unknown, revocation_sequence: 5 };
    tell(world, { change: first });
    tell(world, { change: { revocation_sequence: 4 } });
    expect(atBravo(world)).toBe('revoked');
    expect(auditsOf(world, BRAVO).map(({ action }) => action)).toContain(
      'fork in the chain of revocations',
    );
  });

  test('a disputed acknowledgment changes nothing', () => {
    const world = trusted();
    bend(
      world,
      'revocation_acknowledgment',
      (m) => ({ ...m, acknowledgment_status: 'disputed', appeal_filed: true }),
      'acknowledgment_signature',
    );
    revoke(world, ACME, BRAVO);
    expect(statuses(world)).toEqual(REVOKED);
    pass(world, 3600);
    expect(countOf(world, 'trust_revoke')).toBe(1);
  });

  test.each<[RequirementId, (m: object) => object, string | null]>([
    ['T-REV-09', (m) => ({ ...m, cleanup_actions: [] }), null],
    [
      'X-ERR-07',
      (m) => ({ ...m, revocation_id: '77777777-7777-4777-8777-777777777777' }),
      'acknowledgment_signature',
    ],
  ])('an acknowledgment that breaks %s does not count', (id, change, member) => {
    const world = trusted();
    bend(world, 'revocation_acknowledgment', change, member);
    revoke(world, ACME, BRAVO);
    expect(brokenAt(world, ACME)).toEqual([id]);
    pass(world, 120);
    expect(countOf(world, 'trust_revoke')).toBeGreaterThan(1);
  });

  test('ids of certificates that nobody holds do not fill the store', () => {
    const world = trusted();
    for (let at = 0; at < 1100; at += 1) {
      const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
      tell(world, { change: { revocation_id: id, trust_certificate_id: id } });
    }
    const rows = serverOf(world, BRAVO).store.load();
    const records = rows.filter(
      ({ table, key }) => table === 'revocation' && key.startsWith('record/'),
    );
    expect(records.length).toBeLessThanOrEqual(1024);
  });
});

describe('asking anew does not undo', () => {
  test('a partial revocation: the next certificate lacks what was taken', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { scope: 'partial', permissions: ['user_discovery'] });
    establish(world);
    expect([...standing(world, BRAVO, ACME).inbound.permissions]).toEqual(['message_relay']);
    expect([...standing(world, ACME, BRAVO).outbound.permissions]).toEqual(['message_relay']);
  });

  test('a suspension: nothing is granted while it lasts', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { scope: 'conditional', gracePeriodSeconds: 7200 });
    establish(world);
    expect(brokenAt(world, BRAVO)).toEqual(['T-REV-08']);
    expect(standing(world, BRAVO, ACME).inbound.status).toBe('suspended');
  });

  test('a revocation of the certificate before: its successor stands', () => {
    const world = trusted();
    const old = composed(world);
    establish(world);
    request(world, ACME, BRAVO, old);
    expect(statuses(world)).toEqual(ACTIVE);
  });
});

describe('an id that another certificate of the issuer has', () => {
  const twice = (off: readonly RequirementId[]) => {
    const world = createWorld({ [ACME]: { off }, [BRAVO]: {} });
    establish(world);
    const certificate_id = standing(world, ACME, BRAVO).outbound.certificateId ?? '';
    const change = (certificate: object) => ({ ...certificate, certificate_id });
    pass(world, 1);
    bend(
      world,
      'trust_decision',
      (m) => rewriteCertificate(m, change, keyFor(BRAVO)),
      'decision_signature',
    );
    establish(world);
    return world;
  };

  test('is refused', () => expect(brokenAt(twice([]), ACME)).toEqual(['T-CERT-13']));

  test('is not refused by a build without the guard', () => {
    expect(brokenAt(twice(['T-CERT-13']), ACME)).not.toContain('T-CERT-13');
  });
});

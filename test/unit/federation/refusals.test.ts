import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { Standing } from '../../../reference/ports.ts';
import { seconds } from '../../../reference/time.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { certificate, leafFor, otherRoot, root, START_SECONDS } from './certificates.ts';
import {
  befriend,
  codeOf,
  composeRelay,
  crypto,
  dial,
  handshake,
  type Line,
  openLine,
  proofFor,
  type RelayChange,
  request,
  sign,
  statusQuestion,
  stranger,
} from './stranger.ts';
import {
  activeStanding,
  addServer,
  createWorld,
  DEVICE,
  keyFor,
  noStanding,
  refusals,
  type Server,
  type World,
} from './world.ts';

function subjectWith(off: readonly RequirementId[] = []): { world: World; subject: Server } {
  const world = createWorld();
  return { world, subject: addServer(world, 'acme.example', { off }) };
}

function friend(change: Partial<Standing> = {}, off: readonly RequirementId[] = []) {
  const { world, subject } = subjectWith(off);
  const mallory = stranger(world, subject);
  befriend(mallory, change);
  return { world, subject, mallory };
}

const isHungUp = (subject: Server, line: Line) =>
  subject.effects.some((effect) => effect.type === 'hang-up' && effect.link === line.link);

describe('TLS', () => {
  const key = keyFor('mallory.example').publicKey;
  const leaf = (facts: Parameters<typeof leafFor>[2]) => [leafFor('mallory.example', key, facts)];
  test.each([
    ['F-CONN-01', 'an old version', { tlsProtocol: 'TLSv1.2' }],
    ['F-CONN-01', 'no certificate', { certificates: [] }],
    ['F-CONN-03', 'no ALPN', { alpn: null, alpnOffer: [] }],
    ['F-CONN-03', 'another protocol', { alpn: 'h2', alpnOffer: ['h2'] }],
    [
      'F-CONN-03',
      'less than the best mutual version',
      { alpn: 'norc-f/1.0', alpnOffer: ['norc-f/2.0', 'norc-f/1.0'] },
    ],
    ['F-CONN-04', 'no name', { certificates: leaf({ dnsNames: [] }) }],
    ['F-CONN-04', 'an expired leaf', { certificates: leaf({ notAfterSeconds: START_SECONDS }) }],
    [
      'F-CONN-04',
      'a leaf of tomorrow',
      { certificates: leaf({ notBeforeSeconds: START_SECONDS + 1 }) },
    ],
    [
      'F-CONN-04',
      'a key that may not sign',
      { certificates: leaf({ keyUsage: ['keyAgreement'] }) },
    ],
    [
      'F-CONN-04',
      'a leaf for servers only',
      { certificates: leaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }) },
    ],
    ['F-CONN-04', 'an unknown root', { certificates: [...leaf({ issuer: 'other' }), otherRoot] }],
    ['F-CONN-04', 'a root that signs for nobody', { certificates: leaf({ issuer: 'nobody' }) }],
    [
      'F-CONN-04',
      'an unknown critical extension',
      { certificates: leaf({ unknownCritical: ['1.2.3'] }) },
    ],
    [
      'F-CONN-04',
      'an intermediate that is no authority',
      { certificates: [...leaf({ issuer: 'middle' }), certificate({ subject: 'middle' })] },
    ],
    ['F-CONN-04', 'garbage', { certificates: ['AAAA'] }],
  ] as const)('%s: a link with %s is hung up, and only that guard does it', (id, _, tls) => {
    const { world, subject } = subjectWith();
    const line = dial(stranger(world, subject), '2.0', tls);
    expect(refusals(subject)).toEqual([id]);
    expect(isHungUp(subject, line)).toBe(true);
    expect(request(line, handshake(line))).toBeNull();

    const mutant = subjectWith([id]);
    dial(stranger(mutant.world, mutant.subject), '2.0', tls);
    expect(refusals(mutant.subject)).toEqual([]);
  });

  test('a chain over an intermediate, with or without the root, is accepted', () => {
    const middle = certificate({
      subject: 'middle',
      issuer: 'root',
      isAuthority: true,
      pathLength: 0,
    });
    for (const tail of [[middle], [middle, root]]) {
      const { world, subject } = subjectWith();
      dial(stranger(world, subject), '2.0', {
        certificates: [...leaf({ issuer: 'middle' }), ...tail],
      });
      expect(refusals(subject)).toEqual([]);
    }
  });
});

describe('the handshake', () => {
  const bad: readonly [RequirementId, number, string, JsonObject][] = [
    ['F-HS-01', 5600, 'for another server', { target_server: 'zulu.example' }],
    ['F-CONN-05', 5600, 'in another name', { requesting_server: 'zulu.example' }],
    ['F-HS-07', 5601, 'with another ALPN offer', { alpn_offer: ['norc-f/2.0', 'norc-f/1.0'] }],
    ['F-HS-02', 5601, 'at another version than ALPN', { supported_versions: ['1.1'] }],
    ['X-AMC-01', 5601, 'of a far major', { supported_versions: ['4.0'] }],
    ['X-AMC-09', 5600, 'without a version', { supported_versions: ['v2', ''] }],
    ['X-AMC-01', 5601, 'with NORC-T of a far major', { norc_t_versions: ['4.0'] }],
    ['X-CS-02', 4000, 'without a common suite', { cipher_suites: ['ffff'] }],
    ['X-PQ-02', 4000, 'hybrid without its key', { cipher_suites: ['0101'] }],
    ['X-KDF-07', 4000, 'with a point of low order', { ephemeral_public_key: 'A'.repeat(43) }],
    ['X-AMC-17', 5600, 'without its keys', { client_nonce: undefined as never }],
    ['X-TRN-06', 5600, 'with a short nonce', { client_nonce: 'AAAA' }],
    [
      'F-HS-03',
      5603,
      'that requires what we lack',
      {
        compatibility_requirements: {
          min_trust_level: 'basic',
          required_features: ['foo'],
          optional_features: [],
        },
      },
    ],
    [
      'F-HS-04',
      5004,
      'that requires a higher level',
      {
        compatibility_requirements: {
          min_trust_level: 'nato',
          required_features: [],
          optional_features: [],
        },
      },
    ],
  ];
  test.each(bad)('%s: code %i, %s, is refused and ends the link', (id, code, _, change) => {
    const { subject, mallory } = friend();
    const line = dial(mallory);
    const answer = request(line, handshake(line, change));
    expect([codeOf(answer), refusals(subject)]).toEqual([code, [id]]);
    expect(isHungUp(subject, line)).toBe(true);
  });

  test('signed by another key is refused', () => {
    const { subject, mallory } = friend();
    const line = dial(mallory);
    expect(codeOf(request(line, handshake(line, {}, keyFor('zulu.example'))))).toBe(4000);
    expect(refusals(subject)).toEqual(['X-SIG-01']);
  });

  test('needs NORC-T of a major next to that of the link', () => {
    const world = createWorld();
    const versions = { versions: ['3.0'], trustVersions: ['1.0', '2.0'] };
    const subject = addServer(world, 'acme.example', versions);
    const line = dial(stranger(world, subject), '3.0');
    expect(codeOf(request(line, handshake(line, { norc_t_versions: ['1.0'] })))).toBe(5601);
    expect(refusals(subject)).toEqual(['X-AMC-14']);
  });

  test('that would step down below the last version is refused', () => {
    const { subject, mallory } = friend();
    subject.permits = (version) => version !== '2.0';
    const line = dial(mallory);
    expect(codeOf(request(line, handshake(line)))).toBe(5601);
    expect(refusals(subject)).toEqual(['T-CAP-05']);
  });

  test('comes first and once', () => {
    const { subject, mallory } = friend();
    const early = dial(mallory);
    expect(codeOf(request(early, statusQuestion(early)))).toBe(5600);
    const twice = openLine(mallory);
    expect(codeOf(request(twice, handshake(twice)))).toBe(5600);
    expect(refusals(subject)).toEqual(['X-AMC-06', 'X-ERR-07']);
    expect([isHungUp(subject, early), isHungUp(subject, twice)]).toEqual([true, true]);
  });

  test('shares the intersection of capabilities and names each connection anew', () => {
    const { mallory } = friend();
    const answers = [1, 2].map(() => {
      const line = dial(mallory);
      return request(line, handshake(line))?.message;
    });
    expect(answers[0]).toMatchObject({ shared_capabilities: ['message_relay'] });
    const ids = answers.map(
      (answer) => (answer as { connection_id?: string } | null)?.connection_id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('at 1.0 without keys needs a policy that allows it', () => {
    const bare = {
      cipher_suites: undefined,
      client_nonce: undefined,
      ephemeral_public_key: undefined,
      alpn_offer: undefined,
      norc_t_versions: undefined,
    } as unknown as JsonObject;
    for (const allowLegacyHandshake of [true, false]) {
      const world = createWorld();
      const subject = addServer(world, 'acme.example', { policy: { allowLegacyHandshake } });
      const line = dial(stranger(world, subject), '1.0');
      const answer = request(line, handshake(line, bare));
      expect(answer?.status).toBe(allowLegacyHandshake ? 200 : 401);
    }
  });

  test('X-PQ-05: may not fall back to a classical suite at verified once it was hybrid', () => {
    const { subject, mallory } = friend({ level: 'verified' });
    const kem = crypto.kemKey(new Uint8Array(64).fill(3));
    const first = dial(mallory);
    const hybrid = { cipher_suites: ['0001', '0101'], pq_public_key: kem.publicKey };
    expect(request(first, handshake(first, hybrid))?.message).toMatchObject({
      cipher_suite: '0101',
    });
    const second = dial(mallory);
    expect(codeOf(request(second, handshake(second)))).toBe(4000);
    expect(refusals(subject)).toEqual(['X-PQ-05']);
  });
});

describe('the request proof', () => {
  const cases: readonly [RequirementId, string, (line: Line, body: JsonObject) => string | null][] =
    [
      ['F-AUTH-01', 'missing', () => null],
      ['F-AUTH-01', 'not in its form', () => 'ts=1;sig=x'],
      [
        'F-AUTH-01',
        'by another key',
        ({ stranger: from }, body) => proofFor(from, body, { key: keyFor('zulu') }),
      ],
      [
        'F-AUTH-01',
        'of another type',
        ({ stranger: from }, body) => proofFor(from, body, { type: 'user_lookup' }),
      ],
      [
        'F-AUTH-01',
        'of another requester',
        ({ stranger: from }, body) => proofFor(from, body, { requester: 'zulu.example' }),
      ],
      [
        'F-AUTH-01',
        'over another body',
        ({ stranger: from }, body) => proofFor(from, { ...body, more: 1 }),
      ],
      [
        'F-AUTH-03',
        '61 s old',
        ({ stranger: from }, body) =>
          proofFor(from, body, { timestampSeconds: START_SECONDS - 61 }),
      ],
      [
        'F-AUTH-03',
        '61 s ahead',
        ({ stranger: from }, body) =>
          proofFor(from, body, { timestampSeconds: START_SECONDS + 61 }),
      ],
    ];
  test.each(cases)('%s: %s is refused, and only by that guard', (id, _, proofOf) => {
    const run = (off: readonly RequirementId[]) => {
      const { subject, mallory } = friend({}, off);
      const line = openLine(mallory);
      const body = composeRelay(line);
      const code = codeOf(request(line, body, { proof: proofOf(line, body) }));
      return { code, ids: refusals(subject), delivered: subject.delivered.length };
    };
    expect(run([])).toEqual({ code: 4000, ids: [id], delivered: 0 });
    expect(run([id])).toEqual({ code: undefined, ids: [], delivered: 1 });
  });

  test('at the edge of a minute is accepted', () => {
    for (const offset of [-60, 60]) {
      const { mallory } = friend();
      const line = openLine(mallory);
      const body = composeRelay(line);
      const proof = proofFor(mallory, body, { timestampSeconds: START_SECONDS + offset });
      expect(request(line, body, { proof })?.status).toBe(200);
    }
  });

  test('made for another server is told from a broken one', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const body = statusQuestion(line, {
      target_server: 'bravo.example',
      trust_level_required: 'nato',
    });
    const proof = proofFor(mallory, body, { target: 'bravo.example' });
    expect(codeOf(request(line, body, { proof }))).toBe(4000);
    expect(refusals(subject)).toEqual(['F-AUTH-04']);
  });

  test('is accepted once on a link', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const body = composeRelay(line);
    const proof = proofFor(mallory, body);
    expect(request(line, body, { proof })?.status).toBe(200);
    expect(codeOf(request(line, body, { proof }))).toBe(4000);
    expect(refusals(subject)).toEqual(['F-AUTH-03']);
    expect(subject.delivered).toHaveLength(1);
  });
});

describe('the gate', () => {
  const relayTo = (
    standing: Standing | null,
    open: 'open' | 'shut',
    off: readonly RequirementId[] = [],
  ) => {
    const { subject, mallory } = friend({}, off);
    const line = open === 'open' ? openLine(mallory) : dial(mallory);
    if (open === 'shut') request(line, handshake(line));
    if (standing) subject.standings.inbound.set(mallory.id, standing);
    else subject.standings.inbound.delete(mallory.id);
    const answer = request(line, composeRelay(line));
    return { code: codeOf(answer), ids: refusals(subject), delivered: subject.delivered.length };
  };
  const gone = (status: Standing['status']) => ({ ...activeStanding(), status });
  test.each([
    ['F-TRUST-01', 5001, noStanding(), 'open'],
    ['F-TRUST-02', 5002, gone('expired'), 'open'],
    ['F-TRUST-02', 5003, gone('revoked'), 'open'],
    ['F-CONN-09', 5003, gone('suspended'), 'open'],
    ['F-CONN-08', 5001, activeStanding(), 'shut'],
    ['F-TRUST-03', 5603, activeStanding({ permissions: new Set() }), 'open'],
  ] as const)('%s answers a relay with %i', (id, code, standing, open) => {
    expect(relayTo(standing, open)).toEqual({ code, ids: [id], delivered: 0 });
    expect(relayTo(standing, open, [id]).ids).not.toContain(id);
  });

  test('a barred key opens nothing', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    subject.banned.add(mallory.key.publicKey);
    expect(codeOf(request(line, composeRelay(line)))).toBe(5003);
    expect(refusals(subject)).toEqual(['T-REV-19']);
  });

  const operations: readonly [string, string, JsonObject][] = [
    [
      'user_discovery',
      'user_lookup',
      {
        request_id: '11111111-1111-4111-8111-111111111111',
        user_queries: ['bob@acme.example'],
        lookup_type: 'basic',
        requester_user: 'eve@mallory.example',
      },
    ],
    [
      'archive_sync',
      'archive_sync',
      {
        sync_period: { start_time: 1, end_time: 2 },
        user_filter: [],
        message_types: [],
        classification_levels: [],
        audit_id: '11111111-1111-4111-8111-111111111111',
      },
    ],
  ];
  test.each(operations)(
    '%s is needed for %s, and what is not built is refused all the same',
    (permission, type, rest) => {
      for (const permissions of [new Set<string>(), new Set([permission])]) {
        const { subject, mallory } = friend({ permissions });
        const line = openLine(mallory);
        const message = { type, requesting_server: mallory.id, target_server: subject.id, ...rest };
        expect(codeOf(request(line, message))).toBe(5603);
        expect(refusals(subject)).toEqual([permissions.size === 0 ? 'F-TRUST-03' : 'X-AMC-11']);
      }
    },
  );
});

describe('a relay', () => {
  const at = (offsetSeconds: number) => seconds(START_SECONDS + offsetSeconds);
  const hops = (count: number) => Array.from({ length: count }, (_, hop) => `h${hop}.example`);
  const path = (count: number): RelayChange => ({
    relay: {
      origin_server: 'origin.example',
      route_path: ['origin.example', ...hops(count - 2), 'mallory.example'],
      sender_user_id: 'eve@origin.example',
    },
    metadata: { hop_count: count },
    originKey: keyFor('origin.example'),
  });
  const cases: readonly [RequirementId, number, string, RelayChange][] = [
    [
      'F-RELAY-02',
      5600,
      'whose path ends elsewhere',
      { relay: { route_path: ['mallory.example', 'zulu.example'] }, metadata: { hop_count: 2 } },
    ],
    [
      'F-RELAY-02',
      5600,
      'whose path starts elsewhere',
      { relay: { route_path: ['zulu.example', 'mallory.example'] }, metadata: { hop_count: 2 } },
    ],
    ['F-RELAY-03', 5600, 'that miscounts its hops', { metadata: { hop_count: 2 } }],
    ['F-RELAY-03', 5202, 'of eleven hops', path(11)],
    [
      'F-RELAY-03',
      5202,
      'beyond its own limit of hops',
      { ...path(3), relay: { ...path(3).relay, max_hops: 2 } },
    ],
    [
      'F-RELAY-04',
      5203,
      'that was here before',
      {
        relay: { route_path: ['mallory.example', 'acme.example', 'mallory.example'] },
        metadata: { hop_count: 3 },
      },
    ],
    [
      'F-RELAY-05',
      5202,
      'whose time is over',
      { metadata: { original_timestamp: at(-61), ttl: 60 } },
    ],
    ['F-RELAY-05', 5202, 'that lives too long', { metadata: { ttl: 86_401 } }],
    ['F-RELAY-05', 5202, 'that does not live', { metadata: { ttl: 0 } }],
    ['F-RELAY-05', 5202, 'stamped in seconds', { metadata: { original_timestamp: START_SECONDS } }],
    ['X-TIME-01', 5600, 'from the future', { metadata: { original_timestamp: at(301) } }],
    ['F-RELAY-09', 5600, 'sent 61 s ago', { metadata: { federation_timestamp: at(-61) } }],
    ['F-RELAY-09', 5600, 'sent in 61 s', { metadata: { federation_timestamp: at(61) } }],
    [
      'F-RELAY-18',
      5600,
      'with a sender of another domain',
      { relay: { sender_user_id: 'eve@zulu.example' } },
    ],
    [
      'F-RELAY-10',
      5204,
      'for a user of another domain',
      { relay: { target_users: ['bob@zulu.example'] } },
    ],
    ['X-CLS-04', 5004, 'above the ceiling', { relay: { classification: 'secret' } }],
    [
      'X-CLS-04',
      5004,
      'on a ladder without ceiling',
      { relay: { classification: 'nato_unclassified' } },
    ],
    ['X-CLS-02', 5600, 'with an unknown label', { relay: { classification: 'restricted' } }],
    ['F-RELAY-08', 4000, 'signed by another hop', { hopKey: keyFor('zulu.example') }],
    ['F-RELAY-07', 4000, 'signed by another origin', { originKey: keyFor('zulu.example') }],
    [
      'F-RELAY-07',
      4000,
      'changed after the origin signed',
      { late: { classification: 'unclassified', sender_user_id: 'adam@mallory.example' } },
    ],
    [
      'F-TRUST-03',
      5603,
      'with a file, without that permission',
      { relay: { message_type: 'file' } },
    ],
    [
      'F-RELAY-11',
      5004,
      'of an origin that nobody knows',
      {
        ...path(2),
        originKey: keyFor('unknown.example'),
        relay: {
          ...path(2).relay,
          origin_server: 'unknown.example',
          route_path: ['unknown.example', 'mallory.example'],
          sender_user_id: 'eve@unknown.example',
        },
      },
    ],
    [
      'X-CS-06',
      5600,
      'with plaintext in a payload',
      { relay: { encrypted_payloads: { [DEVICE]: 'hello' } } },
    ],
    ['X-AMC-17', 5600, 'without its sequence', { relay: { relay_sequence: undefined as never } }],
  ];
  const run = (change: RelayChange, off: readonly RequirementId[]) => {
    const { subject, mallory } = friend({}, off);
    subject.keys.set('origin.example', keyFor('origin.example').publicKey);
    const line = openLine(mallory);
    const answer = request(line, composeRelay(line, change));
    return { code: codeOf(answer), ids: refusals(subject), delivered: subject.delivered.length };
  };
  test.each(cases)(
    '%s: %i, %s, is not delivered, and only that guard refuses it',
    (id, code, _, change) => {
      expect(run(change, [])).toEqual({ code, ids: [id], delivered: 0 });
      const mutant = run(change, [id]);
      expect(mutant.ids).not.toContain(id);
    },
  );

  test('of ten hops, at the edge of its minute and of its life, is delivered', () => {
    for (const change of [
      path(10),
      { metadata: { federation_timestamp: at(-60) } },
      { metadata: { federation_timestamp: at(60) } },
      { metadata: { original_timestamp: at(-60), ttl: 60 } },
      { metadata: { ttl: 86_400 } },
    ]) {
      expect(run(change, [])).toMatchObject({ code: undefined, delivered: 1 });
    }
  });

  test('may be as large as the certificate allows and no larger', () => {
    for (const [spare, code] of [
      [0, undefined],
      [1, 5602],
    ] as const) {
      const { subject, mallory } = friend();
      const line = openLine(mallory);
      const relay = composeRelay(line);
      const sizeBytes = new TextEncoder().encode(JSON.stringify(relay)).length;
      const limits = { ...activeStanding().limits, maxMessageBytes: sizeBytes - spare };
      subject.standings.inbound.set(mallory.id, activeStanding({ limits }));
      expect(codeOf(request(line, relay))).toBe(code);
    }
  });

  test('from an intermediate at verified needs a direct relationship with its origin', () => {
    const { subject, mallory } = friend({ level: 'verified' });
    subject.keys.set('origin.example', keyFor('origin.example').publicKey);
    const line = openLine(mallory, '2.0', { cipher_suites: ['0001'] });
    expect(codeOf(request(line, composeRelay(line, path(2))))).toBe(5004);
    subject.standings.inbound.set('origin.example', activeStanding({ level: 'verified' }));
    expect(request(line, composeRelay(line, path(2)))?.status).toBe(200);
  });
});

describe('what is no request', () => {
  test('an error is never answered by an error', () => {
    const { mallory } = friend();
    const line = openLine(mallory);
    for (const message of [
      { type: 'federation_error' },
      { type: 'rate_limit_exceeded', limit: 'x' },
      { type: 'error' },
    ]) {
      expect(request(line, message, { proof: null })).toEqual({ status: 204, message: null });
    }
  });

  test('an unknown type is ignored', () => {
    const { mallory } = friend();
    const line = openLine(mallory);
    expect(request(line, { type: 'foo' })).toEqual({ status: 204, message: null });
  });

  test.each(['relay_ack', 'trust_status_response', 'message_send', 'trust_request'])(
    '%s on this path ends the link',
    (type) => {
      const { subject, mallory } = friend();
      const line = openLine(mallory);
      expect(codeOf(request(line, { type }))).toBe(5600);
      expect(refusals(subject)).toEqual(['X-ERR-07']);
      expect(isHungUp(subject, line)).toBe(true);
    },
  );

  test('another path is not found', () => {
    const { mallory } = friend();
    const line = openLine(mallory);
    expect(request(line, statusQuestion(line), { path: '/norc-x' })).toEqual({
      status: 404,
      message: null,
    });
  });

  test('what cannot be parsed is malformed nine times and then the link ends', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const bytes = new TextEncoder().encode('{"type":');
    const codes = Array.from({ length: 10 }, () => codeOf(request(line, {}, { bytes })));
    expect(codes).toEqual(Array.from({ length: 10 }, () => 5600));
    expect(isHungUp(subject, line)).toBe(true);
  });

  test('a body above 16 MiB is too large', () => {
    const { mallory } = friend();
    const line = openLine(mallory);
    const bytes = new Uint8Array(16 * 1024 * 1024 + 1);
    expect(request(line, {}, { bytes })).toMatchObject({
      status: 413,
      message: { error_code: 5602 },
    });
  });

  test('errors echo the id of the request', () => {
    const { mallory } = friend();
    const line = openLine(mallory);
    const request_id = '22222222-2222-4222-8222-222222222222';
    expect(request(line, { type: 'user_lookup', request_id })?.message).toMatchObject({
      request_id,
      error_code: 5600,
    });
  });
});

test('trust_status states our own view and changes nothing', () => {
  const { subject, mallory } = friend();
  const line = dial(mallory);
  request(line, handshake(line));
  const ask = (level: string) =>
    request(line, statusQuestion(line, { trust_level_required: level }))?.message;
  expect(ask('nato')).toMatchObject({ trust_established: false, trust_level: 'basic' });
  expect(codeOf(request(line, composeRelay(line)))).toBe(5001);
  const answer = ask('basic') as unknown as JsonObject;
  expect(answer).toMatchObject({ trust_established: true, trust_level: 'basic' });
  expect(sign(subject.config.identity, answer)).toEqual(answer);
  expect(request(line, composeRelay(line))?.status).toBe(200);
});

/** Small changes of our own spec with known verdicts: one fault a row, planted in a copy. */
import { describe, expect, test } from 'vitest';
import { compareTrees, compareVersions, type PeerClass } from '../../../spec/change/compare.ts';
import type { Breaks, Bump } from '../../../spec/change/rules.ts';
import {
  all,
  declare,
  drop,
  type Edit,
  edit,
  insert,
  newShapes,
  ownSpec,
  planted,
  row,
  shape,
  treeOf,
} from './planted.ts';

const files = ownSpec();
const ours = treeOf(files);

const register = 'emitted/register.json';
const requirement = (id: string) => [register, 'requirements', ['id', id]] as const;
const limit = (name: string) => ['emitted/limits.json', 'limits', ['limit', name]] as const;
const declaration = (type: string) =>
  ['emitted/messages.json', 'messages', ['type', type]] as const;
const errorCode = (code: number) =>
  ['registries/error-codes.yaml', 'codes', ['code', code]] as const;

interface Verdict {
  readonly needs: Bump;
  readonly breaks: Breaks;
  /** Of the fact that it is about. */
  readonly movement: string;
}
const major = (breaks: Breaks, movement: string): Verdict => ({ needs: 'major', breaks, movement });
const minor = (movement: string): Verdict => ({ needs: 'minor', breaks: 'nobody', movement });
const nothing = (movement: string): Verdict => ({ needs: 'none', breaks: 'nobody', movement });

/** A fact with a long name. */
const ANY = '*';

type Plant = readonly [what: string, plant: Edit, fact: string, verdict: Verdict];

const shapes: readonly Plant[] = [
  [
    'a message is added',
    (copy) => copy.set('schemas/1.1/greeting.json', JSON.stringify({ type: 'object' })),
    'message greeting',
    minor('added'),
  ],
  [
    'a message is removed',
    (copy) => {
      for (const folder of ['1.0', '1.1']) copy.delete(`schemas/${folder}/ping.json`);
    },
    'message ping',
    major('sender', 'removed'),
  ],
  [
    'an optional member is added',
    shape('message_send', ({ properties }) => (properties.mood = { type: 'string' })),
    'message message_send/mood',
    minor('added optional'),
  ],
  [
    'a required member is added',
    shape('message_send', (schema) => {
      schema.properties.mood = { type: 'string' };
      schema.required.push('mood');
    }),
    'message message_send/mood',
    major('sender', 'added required'),
  ],
  [
    'an optional member is removed',
    shape('message_send', ({ properties }) => delete properties.chain_depth),
    'message message_send/chain_depth',
    minor('removed optional'),
  ],
  [
    'a required member is removed',
    shape('message_send', (schema) => {
      delete schema.properties.recipients;
      schema.required = schema.required.filter((name: string) => name !== 'recipients');
    }),
    'message message_send/recipients',
    major('receiver', 'removed required'),
  ],
  [
    'an optional member becomes required',
    shape('message_send', ({ required }) => required.push('chain_depth')),
    'message message_send/chain_depth',
    major('sender', 'optional to required'),
  ],
  [
    'a required member becomes optional',
    shape('message_send', (schema) => {
      schema.required = schema.required.filter((name: string) => name !== 'recipients');
    }),
    'message message_send/recipients',
    major('receiver', 'required to optional'),
  ],
  [
    'a member is withdrawn',
    shape('message_send', ({ properties }) => (properties.chain_depth = { not: {} })),
    'message message_send/chain_depth',
    major('sender', 'optional to withdrawn'),
  ],
  [
    'a value is added to an enumeration',
    shape('trust_request', ({ properties }) => properties.trust_method.enum.push('carrier_pigeon')),
    'message trust_request/trust_method enum carrier_pigeon',
    major('receiver', 'added'),
  ],
  [
    'a value is removed from an enumeration',
    shape('trust_request', ({ properties }) => {
      properties.trust_method.enum = properties.trust_method.enum.slice(1);
    }),
    'message trust_request/trust_method enum direct_exchange',
    major('sender', 'removed'),
  ],
  [
    'a list of values is closed',
    shape('message_send', ({ properties }) => {
      properties.conversation_id.enum = ['00000000-0000-4000-8000-000000000000'];
    }),
    'message message_send/conversation_id enum',
    major('sender', 'added'),
  ],
  [
    'a list may be longer',
    shape('message_relay', ({ properties }) => (properties.target_users.maxItems += 1)),
    'message message_relay/target_users maxItems',
    major('receiver', 'raised'),
  ],
  [
    'a list may not be as long',
    shape('message_relay', ({ properties }) => (properties.target_users.maxItems -= 1)),
    'message message_relay/target_users maxItems',
    major('sender', 'lowered'),
  ],
  [
    'a list may be empty',
    shape('message_relay', ({ properties }) => (properties.target_users.minItems = 0)),
    'message message_relay/target_users minItems',
    major('receiver', 'lowered'),
  ],
  [
    'a bound is lifted',
    shape('message_relay', ({ properties }) => delete properties.target_users.maxItems),
    'message message_relay/target_users maxItems',
    major('receiver', 'removed'),
  ],
  [
    'elements may repeat',
    shape('message_relay', ({ properties }) => delete properties.target_users.uniqueItems),
    'message message_relay/target_users uniqueItems',
    major('receiver', 'removed'),
  ],
  [
    'a pattern changes',
    shape('message_relay', ({ properties }) => (properties.federation_id.pattern = '^.{36}$')),
    'message message_relay/federation_id pattern',
    major('both', 'changed'),
  ],
  [
    'an integer becomes a number',
    shape('trust_request', ({ properties }) => (properties.timestamp.type = 'number')),
    'message trust_request/timestamp type',
    major('receiver', 'integer to number'),
  ],
  [
    'a text becomes a number',
    shape('trust_request', ({ properties }) => (properties.request_id.type = 'number')),
    'message trust_request/request_id type',
    major('both', 'string to number'),
  ],
  [
    'seconds become milliseconds',
    shape('trust_request', ({ properties }) => (properties.timestamp['x-unit'] = 'milliseconds')),
    'message trust_request/timestamp x-unit',
    major('both', 'changed'),
  ],
  [
    'unknown members are refused',
    shape('ping', (schema) => (schema.additionalProperties = false)),
    'message ping closed',
    major('sender', 'added'),
  ],
  [
    'an alternative is added',
    shape('trust_challenge', ({ properties }) => {
      properties.challenges.items.anyOf.push({ properties: { type: { const: 'riddle' } } });
    }),
    'message trust_challenge/challenges[] anyOf riddle',
    major('receiver', 'added'),
  ],
];

const declarations: readonly Plant[] = [
  [
    'a message gets another byte',
    row(...declaration('ping'), (found) => (found.code = 250)),
    'message ping code',
    major('both', 'changed'),
  ],
  [
    'a message is legal in a state more',
    row(...declaration('message_relay'), ({ legalIn }) => legalIn.push('authenticating')),
    'message message_relay legal in authenticating',
    major('receiver', 'added'),
  ],
  [
    'a message is no longer legal in a state',
    row(...declaration('archive_sync'), (found) => (found.legalIn = [])),
    'message archive_sync legal in active',
    major('sender', 'removed'),
  ],
  [
    'a message is signed that was not',
    row(...declaration('archive_sync'), (found) => {
      found.signed = { member: 'signature', by: 'tls_peer', added: false };
    }),
    'message archive_sync signature',
    major('sender', 'added'),
  ],
  [
    'another name of a message is taken away',
    row(...declaration('relay_ack'), (found) => (found.aliases = [])),
    'message relay_ack alias delivery_ack',
    major('sender', 'removed'),
  ],
];

const numbers: readonly Plant[] = [
  [
    'a greatest value is raised',
    row(...limit('maxHops'), (found) => (found.value = 12)),
    'limit maxHops',
    major('receiver', 'raised'),
  ],
  [
    'a greatest value is lowered',
    row(...limit('maxHops'), (found) => (found.value = 8)),
    'limit maxHops',
    major('sender', 'lowered'),
  ],
  [
    'a least value is raised',
    row(...limit('rsaKeyBits'), (found) => (found.value = 3072)),
    'limit rsaKeyBits',
    major('sender', 'raised'),
  ],
  [
    'a least value is lowered',
    row(...limit('rsaKeyBits'), (found) => (found.value = 1024)),
    'limit rsaKeyBits',
    major('receiver', 'lowered'),
  ],
  [
    'a value that both need is changed',
    row(...limit('aadBytes'), (found) => (found.value = 96)),
    'limit aadBytes',
    major('both', 'changed'),
  ],
  [
    'a value of each build is changed',
    row(...limit('reconnectMs'), (found) => (found.value = 1)),
    'limit reconnectMs',
    nothing('changed'),
  ],
  [
    'a limit is added',
    insert('emitted/limits.json', 'limits', { limit: 'moods', sense: 'maximum', value: 3 }),
    'limit moods',
    major('sender', 'added'),
  ],
  ['a limit is removed', drop(...limit('maxHops')), 'limit maxHops', major('receiver', 'removed')],
];

const rows: readonly Plant[] = [
  [
    'a duty is added',
    insert(register, 'requirements', {
      id: 'C-MSG-99',
      level: 'MUST',
      statement: 's',
      observe: 'wire',
    }),
    'requirement C-MSG-99',
    major('sender', 'added MUST'),
  ],
  [
    'a recommendation is added',
    insert(register, 'requirements', {
      id: 'C-MSG-99',
      level: 'SHOULD',
      statement: 's',
      observe: 'wire',
    }),
    'requirement C-MSG-99',
    minor('added SHOULD'),
  ],
  [
    'a duty is removed',
    drop(...requirement('T-CHAL-06')),
    'requirement T-CHAL-06',
    major('receiver', 'removed MUST'),
  ],
  [
    'a recommendation becomes a duty',
    row(...requirement('X-SEQ-15'), (found) => (found.level = 'MUST')),
    'requirement X-SEQ-15',
    major('sender', 'SHOULD to MUST'),
  ],
  [
    'a duty becomes a recommendation',
    row(...requirement('T-CHAL-06'), (found) => (found.level = 'SHOULD')),
    'requirement T-CHAL-06',
    major('receiver', 'MUST to SHOULD'),
  ],
  [
    'a duty names another number',
    row(
      ...requirement('T-CHAL-06'),
      (found) => (found.statement = found.statement.replace('5804', '5805')),
    ),
    'requirement T-CHAL-06 statement',
    major('both', 'changed'),
  ],
  [
    'a duty is said in other words',
    row(...requirement('T-CHAL-06'), (found) => (found.statement = `Namely: ${found.statement}`)),
    'requirement T-CHAL-06 statement',
    nothing('reworded'),
  ],
  [
    'a duty that nobody sees is dropped',
    drop(...requirement('X-KDF-10')),
    'requirement X-KDF-10',
    nothing('removed'),
  ],
  [
    'the documents are read another way',
    row(register, 'readings', ['id', 'L-V02'], (found) => (found.option = 'a')),
    'reading L-V02',
    major('both', 'changed'),
  ],
  [
    'an error code is added',
    insert('registries/error-codes.yaml', 'codes', { code: 5899, name: 'n' }),
    'error code 5899',
    minor('added'),
  ],
  [
    'an error code is removed',
    drop(...errorCode(5804)),
    'error code 5804',
    major('receiver', 'removed'),
  ],
  [
    'an error code changes its category',
    row(...errorCode(5804), (found) => (found.category = 'server')),
    'error code 5804 category',
    major('both', 'changed'),
  ],
  [
    'the text of an error changes',
    row(...errorCode(5804), (found) => (found.message = 'too late')),
    '',
    nothing(''),
  ],
  [
    'a capability is added',
    insert('registries/capabilities.yaml', 'capabilities', {
      capability: 'smell',
      layers: ['client'],
      gates: [],
    }),
    'capability smell',
    minor('added'),
  ],
  [
    'a message asks for a capability',
    row('registries/capabilities.yaml', 'capabilities', ['capability', 'e2ee'], ({ gates }) =>
      gates.push('message_ack'),
    ),
    'capability e2ee gates message_ack',
    major('sender', 'added'),
  ],
  [
    'a suite is added at the end',
    insert('registries/cipher-suites.yaml', 'suites', { id: '0003' }),
    'suite 0003',
    minor('added'),
  ],
  [
    'suites change places',
    edit('registries/cipher-suites.yaml', ({ suites }) => suites.reverse()),
    'order of each suite',
    major('both', 'changed'),
  ],
  [
    'a level asks for more',
    row(
      'registries/levels.yaml',
      'levels',
      ['level', 'verified'],
      (found) => (found.threshold += 5),
    ),
    'level verified threshold',
    major('sender', 'raised'),
  ],
  [
    'a label of a hash changes',
    row(
      'registries/labels.yaml',
      'labels',
      ['name', 'clientHandshake'],
      (found) => (found.label += '2'),
    ),
    'label clientHandshake label',
    major('both', 'changed'),
  ],
  [
    'a step leads elsewhere',
    edit('machines/trust-requester.yaml', ({ transitions, states }) => {
      transitions[1].to = states.at(-1).state;
    }),
    ANY,
    major('both', 'changed'),
  ],
];

const versioning: readonly Plant[] = [
  [
    'what may be left out must be there',
    edit('versions.yaml', ({ features }) => (features[0].at['1.0'] = 'required')),
    'feature in-band-handshake',
    major('sender', 'tolerated to required'),
  ],
  [
    'what must be there may be left out',
    edit('versions.yaml', ({ features }) => (features[0].at['2.0'] = 'tolerated')),
    'feature in-band-handshake',
    minor('required to tolerated'),
  ],
  [
    'builds two majors apart may meet',
    edit('versions.yaml', (document) => (document.amc.max_major_distance = 2)),
    'amc max_major_distance',
    major('both', 'changed'),
  ],
  [
    'a version in reach is dropped',
    drop('versions.yaml', 'versions', ['version', '1.1']),
    'version 1.1',
    major('both', 'removed'),
  ],
];

const plants = [...shapes, ...declarations, ...numbers, ...rows, ...versioning];

describe('at versions that peers speak already', () => {
  test.each(plants)('%s', (_, plant, fact, expected) => {
    const verdict = compareTrees(ours, planted(files, [plant]));
    const [change, ...others] = verdict.changes;
    expect(others).toEqual([]);
    const { needs = 'none', breaks = 'nobody', movement = '' } = change ?? {};
    expect({ needs, breaks, movement }).toEqual(expected);
    if (fact !== ANY) expect(change?.fact ?? '').toBe(fact);
    expect(verdict.needed).toBe(expected.needs);
    // Nothing is declared: only what needs nothing fits.
    expect(verdict.declared).toBe('none');
    expect(verdict.fits).toBe(expected.needs === 'none');
  });

  test('there are more than thirty of them', () => {
    expect(plants.length).toBeGreaterThan(30);
  });
});

describe('a declared version', () => {
  const addition = shape('message_send', ({ properties }) => (properties.mood = {}));
  const narrowing = edit('schemas/3.0/message_relay.json', ({ properties }) => {
    properties.target_users.maxItems -= 1;
  });

  test.each<[string, Edit, Bump, Bump, boolean]>([
    ['nothing for nothing', () => {}, 'none', 'none', true],
    ['an addition needs a minor', addition, 'minor', 'none', false],
    ['an addition with a minor', all(addition, declare('2.1')), 'minor', 'minor', true],
    ['an addition with a major', all(addition, declare('3.0')), 'minor', 'major', true],
    ['a version more of the same rules', declare('2.1'), 'minor', 'minor', true],
    [
      'a break at a new major',
      all(declare('3.0'), newShapes('3.0'), narrowing),
      'major',
      'major',
      true,
    ],
    [
      'a break at a new minor',
      all(
        declare('2.1'),
        newShapes('2.1'),
        edit('schemas/2.1/message_relay.json', ({ required }) => required.pop()),
      ),
      ...(['major', 'minor', false] as const),
    ],
    [
      'a break everywhere, beside a new major',
      all(
        declare('3.0'),
        shape('message_relay', ({ required }) => required.pop()),
      ),
      ...(['major', 'major', false] as const),
    ],
    [
      'a duty that begins with a new major',
      all(
        declare('3.0'),
        insert(register, 'requirements', {
          id: 'C-MSG-99',
          level: 'MUST',
          statement: 's',
          observe: 'wire',
          since: '3.0',
        }),
      ),
      ...(['major', 'major', true] as const),
    ],
    [
      'an old major out of reach is dropped',
      all(
        declare('3.0'),
        declare('4.0'),
        drop('versions.yaml', 'versions', ['version', '1.0']),
        drop('versions.yaml', 'versions', ['version', '1.1']),
      ),
      'minor',
      'major',
      true,
    ],
  ])('%s', (_, plant, needed, declared, fits) => {
    expect(compareTrees(ours, planted(files, [plant]))).toMatchObject({ needed, declared, fits });
  });
});

describe('peers built before the change', () => {
  const at = (plant: Edit) => {
    const { peers } = compareTrees(ours, planted(files, [plant]));
    return Object.fromEntries(
      peers.map(({ peer, meetsAt, breaks }) => [peer, [meetsAt, breaks]]),
    ) as { [peer in PeerClass]: [string | null, Breaks] };
  };

  test('of the previous major break by what changes at the version where they meet', () => {
    const plant = edit('schemas/1.0/ping.json', ({ required }) => required.pop());
    // They meet at 1.1, and so does nobody at 1.0 but a peer that speaks nothing else.
    expect(at(plant)).toEqual({
      previous: ['1.1', 'nobody'],
      same: ['2.0', 'nobody'],
      next: ['2.0', 'nobody'],
    });
    const strict = edit('schemas/1.1/ping.json', ({ required }) => required.pop());
    expect(at(strict)).toEqual({
      previous: ['1.1', 'receiver'],
      same: ['2.0', 'receiver'],
      next: ['2.0', 'receiver'],
    });
  });

  test('of the next major break where those of the previous one do not', () => {
    const plant = edit('versions.yaml', ({ features }) => (features[0].at['2.0'] = 'refused'));
    expect(at(plant)).toEqual({
      previous: ['1.1', 'nobody'],
      same: ['2.0', 'both'],
      next: ['2.0', 'both'],
    });
  });

  test('are untouched by what begins with a new major', () => {
    const plant = all(
      ...[declare('3.0'), newShapes('3.0')],
      edit('schemas/3.0/ping.json', ({ required }) => required.pop()),
    );
    expect(at(plant)).toEqual({
      previous: [null, 'nobody'],
      same: ['2.0', 'nobody'],
      next: ['3.0', 'nobody'],
    });
  });

  test('that speak only what is dropped meet nobody any more', () => {
    const gone = (version: string) => drop('versions.yaml', 'versions', ['version', version]);
    const { peers } = compareTrees(ours, planted(files, [gone('1.0'), gone('1.1')]));
    expect(peers[0]).toMatchObject({ peer: 'previous', meetsAt: null, metBefore: true });
  });
});

describe('our own versions', () => {
  test('1.1 asks of peers what 1.0 tolerates, which as a minor it should not', () => {
    const { changes, ...verdict } = compareVersions(ours, '1.0', '1.1');
    expect(verdict).toMatchObject({ needed: 'major', declared: 'minor', fits: false });
    const kinds = new Set(changes.map(({ kind, movement }) => `${kind} ${movement}`));
    expect([...kinds].sort()).toEqual([
      'duty tolerated to refused',
      'duty tolerated to required',
      'field added withdrawn',
      'field optional to required',
      'message added',
    ]);
    // L-V12: everything that 1.1 asks for more, an older peer breaks by as sender alone.
    expect(new Set(changes.map(({ breaks }) => breaks))).toEqual(new Set(['sender', 'nobody']));
    const added = changes.filter(({ kind }) => kind === 'message').map(({ fact }) => fact);
    expect(added).toEqual(['message audit_root', 'message audit_root_query']);
  });

  test('2.0 asks for the same as 1.1', () => {
    expect(compareVersions(ours, '1.1', '2.0')).toMatchObject({
      ...{ changes: [], needed: 'none', declared: 'major', fits: true },
    });
  });
});

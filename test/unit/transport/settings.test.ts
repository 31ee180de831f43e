/** What an operator may get wrong, and how it is said. */
import { afterAll, describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../reference/config.ts';
import { readPolicy } from '../../../reference/node/policy.ts';
import { readCommand } from '../../../reference/transport/commands.ts';
import { BadEnvironment, readSettings } from '../../../reference/transport/settings.ts';
import { limits } from '../../../spec/limits.ts';
import { acme, authority, bravo } from './certificates.ts';
import { createPlace } from './environment.ts';

const place = createPlace();
const { environment, file } = place;
afterAll(place.remove);

function faultsOf(changes: { [name: string]: string | undefined }): readonly string[] {
  try {
    readSettings({ ...environment, ...changes });
    return [];
  } catch (error) {
    if (error instanceof BadEnvironment) return error.faults;
    throw error;
  }
}

test('what is set is what is read', () => {
  const peers = [{ server_id: 'bravo.example', host: '192.0.2.1', port: 8843 }];
  const settings = readSettings({
    ...environment,
    NORC_DNS: '[::1]:5353, 127.0.0.1:53',
    NORC_VERSIONS: '1.1, 2.0',
    NORC_PEERS: file('peers.json', JSON.stringify(peers)),
    NORC_POLICY: file('policy.json', '{"sessionSeconds": 60}'),
  });
  expect(settings).toMatchObject({
    serverId: 'acme.example',
    host: '127.0.0.1',
    clientPort: 0,
    dns: ['[::1]:5353', '127.0.0.1:53'],
    versions: ['1.1', '2.0'],
    peers: [{ serverId: 'bravo.example', host: '192.0.2.1', port: 8843 }],
    enrolmentTokens: ['token'],
    authorities: [authority.certificate],
    policy: { ...defaultPolicy, sessionSeconds: 60 },
    federation: { chain: acme.chain },
  });
});

test('F-CONN-02: what may be left out has the default of the protocol, ports too', () => {
  const settings = readSettings({
    ...environment,
    NORC_CLIENT_PORT: undefined,
    NORC_FEDERATION_PORT: '',
    NORC_ENROLMENT_TOKEN: undefined,
    NORC_PEERS: file('empty.json', ''),
  });
  expect(settings).toMatchObject({
    clientPort: limits.clientPort,
    federationPort: limits.federationPort,
    dns: [],
    peers: [],
    enrolmentTokens: [],
    versions: ['1.0', '1.1', '2.0'],
  });
});

test('everything that is missing is said at once, a line each', () => {
  const faults = faultsOf(Object.fromEntries(Object.keys(environment).map((name) => [name, ''])));
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'NORC_SERVER_ID',
    'NORC_TLS_CERT',
    'NORC_TLS_KEY',
    'NORC_FEDERATION_CERT',
    'NORC_FEDERATION_KEY',
    'NORC_TLS_CA',
    'NORC_DATA_DIR',
  ]);
  for (const fault of faults) expect(fault).toMatch(/^NORC_\w+: not set; set it to [^\n]+$/);
});

const rsa = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const wrong: [string, { [name: string]: string }, RegExp][] = [
  ['server id', { NORC_SERVER_ID: 'Acme Example' }, /^NORC_SERVER_ID: Acme Example is not/],
  ['address', { NORC_HOST: 'everywhere' }, /^NORC_HOST: everywhere is not an address/],
  ['port', { NORC_CLIENT_PORT: '70000' }, /^NORC_CLIENT_PORT: 70000 is not a port; give 0/],
  ['resolver', { NORC_DNS: 'dns.example:53' }, /^NORC_DNS: dns.example:53 is not address:port/],
  ['version', { NORC_VERSIONS: '1.1,two' }, /^NORC_VERSIONS: two is not a version/],
  ['missing file', { NORC_TLS_CA: '/nowhere/ca.pem' }, /^NORC_TLS_CA: \/nowhere.*\(ENOENT\); name/],
  ['no PEM', { NORC_TLS_CA: file('a', 'hello') }, /^NORC_TLS_CA: \S+ holds no PEM certificate/],
  ['broken PEM', { NORC_TLS_CA: file('b', rsa) }, /^NORC_TLS_CA: \S+ certificate 1 cannot be read/],
  [
    'key of another certificate',
    { NORC_TLS_KEY: file('c', acme.keyPem) },
    /^NORC_TLS_KEY: is not the key of the first certificate in NORC_TLS_CERT/,
  ],
  [
    'certificate of another server',
    {
      NORC_FEDERATION_CERT: file('d', bravo.certificatesPem),
      NORC_FEDERATION_KEY: file('e', bravo.keyPem),
    },
    /^NORC_FEDERATION_CERT: the leaf does not name acme.example/,
  ],
  [
    'server key that cannot sign messages',
    {
      NORC_SERVER_ID: 'localhost.example',
      NORC_FEDERATION_CERT: environment.NORC_TLS_CERT ?? '',
      NORC_FEDERATION_KEY: environment.NORC_TLS_KEY ?? '',
    },
    /^NORC_FEDERATION_KEY: \S+ is a key of kind ec, not Ed25519/,
  ],
  ['peers', { NORC_PEERS: file('f', '[{"server_id":"x"}]') }, /^NORC_PEERS: is not a list such as/],
  ['JSON', { NORC_POLICY: file('g', '{') }, /^NORC_POLICY: is not JSON/],
  ['policy', { NORC_POLICY: file('h', '{"speed":1}') }, /^NORC_POLICY: unknown member speed/],
];

test.each(wrong)('a wrong %s is said in one line', (_, changes, line) => {
  const [first, ...others] = faultsOf(changes);
  expect(first).toMatch(line);
  expect(others.filter((fault) => !/does not name/.test(fault))).toEqual([]);
});

describe('the policy', () => {
  const faults = (given: Parameters<typeof readPolicy>[0]) => readPolicy(given).faults;

  test('keeps the default of what is left out, at every depth', () => {
    const { policy } = readPolicy({ trust: { thresholdTenths: { basic: 500 }, mutual: false } });
    expect(policy).toEqual({
      ...defaultPolicy,
      trust: {
        ...defaultPolicy.trust,
        mutual: false,
        thresholdTenths: { ...defaultPolicy.trust.thresholdTenths, basic: 500 },
      },
    });
  });

  test('may do without trust on demand', () => {
    const { policy, faults: none } = readPolicy({ trust: { establishOnDemand: null } });
    expect([policy.trust.establishOnDemand, none]).toEqual([null, []]);
  });

  test('takes names as they come where it maps names', () => {
    const approvedServers = { 'bravo.example': 'verified' };
    const guards = [
      { server: 'bravo.example', from: 'secret', to: 'unclassified', system: 'diode' },
    ];
    const { policy, faults: none } = readPolicy({
      trust: { approvedServers, government: { guards } },
    });
    expect(none).toEqual([]);
    expect(policy.trust.approvedServers).toEqual(approvedServers);
    expect(policy.trust.government.guards).toEqual(guards);
  });

  test.each([
    [[], 'the file must be a JSON object'],
    [{ trust: { government: { guards: 1 } } }, 'trust.government.guards must be a list of objects'],
    [
      { trust: { government: { guards: [{ server: 'x', from: 'secret', to: 'unclassified' }] } } },
      'trust.government.guards[0].system is missing',
    ],
    [{ trust: { approvedServers: { x: 1 } } }, 'trust.approvedServers.x must be a string'],
    [{ trust: 1 }, 'trust must be a JSON object'],
    [{ sessionSeconds: '60' }, 'sessionSeconds must be a whole number, 0 or more, not "60"'],
    [{ sessionSeconds: -1 }, 'sessionSeconds must be a whole number, 0 or more, not -1'],
    [{ onlySuites: [2] }, 'onlySuites must be a list of strings, not [2]'],
    [{ trust: { mutual: 'no' } }, 'trust.mutual must be true or false, not "no"'],
    [
      { trust: { establishOnDemand: { level: 'basic' } } },
      'trust.establishOnDemand.method is missing',
    ],
    [{ constructor: 1 }, 'unknown member constructor'],
  ])('%j is not one', (given, fault) => {
    expect(faults(given as Parameters<typeof readPolicy>[0])).toEqual([
      expect.stringContaining(fault),
    ]);
  });
});

describe('a command', () => {
  const line = (members: object) => readCommand(JSON.stringify({ norc: 'command', ...members }));

  test('is read with its members', () => {
    const command = { command: 'approve-trust', server: 'bravo.example', decision: 'refuse' };
    expect(line(command)).toEqual({ command });
    expect(line({ command: 'stop' })).toEqual({ command: { command: 'stop' } });
  });

  test.each([
    [{ command: 'dance' }, /^unknown command; known: establish-trust, revoke-trust/],
    [{ command: 'approve-trust', server: 'x' }, /^approve-trust: decision is missing/],
    [{ command: 'approve-trust', server: 'x', decision: 'maybe' }, /must be approve or refuse/],
    [
      { command: 'revoke-trust', server: 1, reason: '' },
      /^revoke-trust: server must be of type string/,
    ],
    [{ command: 'stop', now: true }, /^stop: unknown member now/],
  ])('%j is refused', (members, fault) => {
    expect(line(members)).toEqual({ fault: expect.stringMatching(fault) });
  });

  test.each(['', 'stop', '[]', '{"norc":"ready"}'])('%j is none', (text) => {
    expect(readCommand(text)).toHaveProperty('fault');
  });
});

test('X-RATE-05: the limits of the protocol are those of a server that sets none', () => {
  expect(defaultPolicy).toMatchObject({
    clientMessagesPerMinute: limits.messagesPerMinute,
    clientMessageBurst: limits.messageBurst,
    keyLookupsPerMinute: limits.keyLookupsPerMinute,
    registrationsPerHour: limits.registrationsPerHour,
    federationMessagesPerMinute: limits.federationMessagesPerMinute,
    federationBytesPerFiveMinutes: limits.federationIngressBytes,
  });
});

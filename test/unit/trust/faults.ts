/**
 * One fault each, in an establishment that acme asks of bravo and that is right in everything else:
 * what is changed on the way, which server judges it, and which requirement it must find broken.
 */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { messages, type NorcMessage } from '../../../spec/messages.ts';
import { bend, type WishOptions } from './deeds.ts';
import { ACME, BRAVO, keyFor, leafFor, MALLORY, type ServerOptions, type World } from './pair.ts';
import { paper, paperAuthority } from './paper-x509.ts';
import { rewriteBlob, rewriteCertificate } from './rewrite.ts';

export interface Fault {
  readonly name: string;
  readonly id: RequirementId;
  /** What the judge's log, and where it answers with an error the peer, is told. */
  readonly code: number;
  readonly judge: typeof ACME | typeof BRAVO;
  readonly wish?: WishOptions;
  readonly acme?: ServerOptions;
  readonly bravo?: ServerOptions;
  /** At 1.0 the link lets absent members through; NORC-T itself may be at 1.1 all the same. */
  readonly lenientLink?: true;
  readonly arrange: (world: World) => void;
}

type Of<T extends NorcMessage['type']> = Extract<NorcMessage, { type: T }>;
type Rest = Omit<Fault, 'name' | 'id' | 'code' | 'judge' | 'arrange'>;

/** The sender changes a message and signs it. */
function changed<T extends NorcMessage['type']>(
  type: T,
  judge: Fault['judge'],
  fault: [RequirementId, number, string, (message: Of<T>) => object],
  rest: Rest = {},
): Fault {
  const [id, code, name, change] = fault;
  const member = messages[type].signed?.member ?? null;
  const arrange = (world: World) =>
    bend(world, type, (message) => (sentTo(judge, message) ? change(message) : message), member);
  return { name: `${type}: ${name}`, id, code, judge, arrange, ...rest };
}

/** The sender's signature stays as it was. */
function broken<T extends NorcMessage['type']>(
  type: T,
  judge: Fault['judge'],
  fault: [RequirementId, number, string, (message: Of<T>) => object],
  rest: Rest = {},
): Fault {
  const [id, code, name, change] = fault;
  const arrange = (world: World) =>
    bend(world, type, (message) => (sentTo(judge, message) ? change(message) : message), null);
  return { name: `${type}: ${name}`, id, code, judge, arrange, ...rest };
}

/** Both sides send capabilities; every other message has one direction. */
function sentTo(judge: string, message: NorcMessage): boolean {
  return message.type !== 'trust_capabilities' || message.server_id !== judge;
}

const flipped = (text: string | undefined): string =>
  (text?.startsWith('A') ? 'B' : 'A') + (text ?? '').slice(1);
const minus = <M extends object>(message: M, name: string): object =>
  Object.fromEntries(Object.entries(message).filter(([key]) => key !== name));

const bravoKey = keyFor(BRAVO);
const acmeKey = keyFor(ACME);
const malloryKey = keyFor(MALLORY);
const NOW = 1_800_000_000;
const DAY = 86_400;

const capabilities: Fault[] = [
  changed('trust_capabilities', BRAVO, [
    'T-CAP-02',
    5800,
    'another server_id',
    (m) => ({ ...m, server_id: MALLORY }),
  ]),
  changed('trust_capabilities', BRAVO, [
    'T-CAP-04',
    5601,
    'only versions two majors away',
    (m) => ({ ...m, supported_versions: ['3.0'] }),
  ]),
  changed(
    'trust_capabilities',
    BRAVO,
    ['T-CAP-06', 5601, 'without our latest minor', (m) => ({ ...m, supported_versions: ['1.0'] })],
    { bravo: { policy: { requireLatestMinor: true } } },
  ),
  broken('trust_capabilities', BRAVO, [
    'X-SIG-02',
    5802,
    'changed after signing',
    (m) => ({ ...m, certificate_authorities: ['Other'] }),
  ]),
  broken(
    'trust_capabilities',
    BRAVO,
    ['X-AMC-17', 5802, 'unsigned at 1.1', (m) => minus(m, 'signature')],
    { lenientLink: true },
  ),
  changed(
    'trust_capabilities',
    BRAVO,
    ['X-TRN-08', 5810, 'without transcript hash at 1.1', (m) => minus(m, 'transcript_hash')],
    { lenientLink: true },
  ),
  changed('trust_capabilities', BRAVO, [
    'T-TRN-01',
    5810,
    'in another place of a transcript',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
  changed('trust_capabilities', ACME, [
    'T-CAP-02',
    5800,
    'the answer names another server',
    (m) => ({ ...m, server_id: MALLORY }),
  ]),
  changed('trust_capabilities', ACME, [
    'T-CAP-03',
    5809,
    'the method is not offered',
    (m) => ({ ...m, supported_methods: ['ca_validation'] }),
  ]),
  changed('trust_capabilities', ACME, [
    'T-CAP-03',
    5808,
    'the level is not offered',
    (m) => ({ ...m, supported_trust_levels: ['verified'] }),
  ]),
  changed('trust_capabilities', ACME, [
    'T-TRN-01',
    5810,
    'the answer belongs elsewhere',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
];

const otherRoot = { certificate: paperAuthority('Elsewhere'), kind: 'commercial_ca' } as const;
const weak = (id: string, raw: string) =>
  paper({
    subject: id,
    signer: 'Root',
    dnsNames: [id],
    key: { algorithm: 'ed25519', sizeBits: 128, raw },
  });
const byChain = { wish: { method: 'ca_validation' } } as const;
const chainOf = (chain: readonly string[]): ServerOptions => ({
  config: (config) => ({ ...config, certificateChain: chain }),
});

const requests: Fault[] = [
  changed('trust_request', BRAVO, [
    'T-REQ-04',
    5800,
    'for another target',
    (m) => ({ ...m, target_server: MALLORY }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-04',
    5800,
    'from another server',
    (m) => ({ ...m, requesting_server: MALLORY }),
  ]),
  broken('trust_request', BRAVO, [
    'T-REQ-02',
    5802,
    'changed after signing',
    (m) => ({ ...m, organization_info: { ...m.organization_info, name: 'Other' } }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-06',
    5804,
    'a timestamp of 61 s ago',
    (m) => ({ ...m, timestamp: m.timestamp - 61 }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-06',
    5804,
    'a timestamp 61 s ahead',
    (m) => ({ ...m, timestamp: m.timestamp + 61 }),
  ]),
  changed('trust_request', BRAVO, [
    'T-LVL-02',
    5808,
    'asks for untrusted',
    (m) => ({ ...m, requested_trust_level: 'untrusted' }),
  ]),
  changed('trust_request', BRAVO, [
    'T-CAP-03',
    5808,
    'a level that is not offered',
    (m) => ({ ...m, requested_trust_level: 'classified', trust_method: 'ca_validation' }),
  ]),
  changed('trust_request', BRAVO, [
    'T-CAP-03',
    5809,
    'a method that is not offered',
    (m) => ({ ...m, trust_method: 'web_of_trust' }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-08',
    5805,
    'an expired domain proof',
    (m) => ({ ...m, domain_proof: { ...m.domain_proof, expires_at: NOW } }),
  ]),
  changed(
    'trust_request',
    BRAVO,
    [
      'T-REQ-07',
      5806,
      'no chain where the method needs one',
      (m) => ({ ...m, certificate_chain: [] }),
    ],
    byChain,
  ),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'the root before the leaf',
    (m) => ({ ...m, certificate_chain: [...m.certificate_chain].reverse() }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'no certificate at all',
    (m) => ({ ...m, certificate_chain: ['bm9uc2Vuc2U'] }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'a chain with an unknown root',
    (m) => ({
      ...m,
      certificate_chain: [
        paper({
          subject: ACME,
          signer: 'Elsewhere',
          dnsNames: [ACME],
          key: { algorithm: 'ed25519', sizeBits: 256, raw: acmeKey.publicKey },
        }),
        otherRoot.certificate,
      ],
    }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'a chain with a gap',
    (m) => ({
      ...m,
      certificate_chain: [
        m.certificate_chain[0] ?? '',
        paperAuthority('Middle', 'Root'),
        paperAuthority('Root'),
      ],
    }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'a leaf that has expired',
    (m) => ({
      ...m,
      certificate_chain: [
        paper({
          subject: ACME,
          signer: 'Root',
          dnsNames: [ACME],
          notAfterSeconds: NOW,
          key: { algorithm: 'ed25519', sizeBits: 256, raw: acmeKey.publicKey },
        }),
      ],
    }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'a leaf that may not sign',
    (m) => ({
      ...m,
      certificate_chain: [
        paper({
          subject: ACME,
          signer: 'Root',
          dnsNames: [ACME],
          keyUsage: ['keyAgreement'],
          key: { algorithm: 'ed25519', sizeBits: 256, raw: acmeKey.publicKey },
        }),
      ],
    }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-07',
    5806,
    'an intermediate that is no authority',
    (m) => ({
      ...m,
      certificate_chain: [
        paper({
          subject: ACME,
          signer: 'Middle',
          dnsNames: [ACME],
          key: { algorithm: 'ed25519', sizeBits: 256, raw: acmeKey.publicKey },
        }),
        paper({ subject: 'Middle', signer: 'Root' }),
      ],
    }),
  ]),
  changed('trust_request', BRAVO, [
    'T-LVL-04',
    5806,
    'a key too small for the level',
    (m) => ({ ...m, certificate_chain: [weak(ACME, acmeKey.publicKey)] }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-03',
    5806,
    "another server's chain",
    (m) => ({ ...m, certificate_chain: [leafFor(MALLORY, acmeKey.publicKey)] }),
  ]),
  changed(
    'trust_request',
    BRAVO,
    [
      'T-REQ-03',
      5806,
      'a leaf with another key and nothing that binds it',
      (m) => ({ ...m, certificate_chain: [leafFor(ACME, malloryKey.publicKey)] }),
    ],
    byChain,
  ),
  changed('trust_request', BRAVO, [
    'T-REQ-10',
    5800,
    'requires a witness',
    (m) => ({ ...m, trust_requirements: { ...m.trust_requirements, witness_required: true } }),
  ]),
  changed('trust_request', BRAVO, [
    'T-REQ-10',
    5800,
    'requires a background check',
    (m) => ({ ...m, trust_requirements: { ...m.trust_requirements, background_check: true } }),
  ]),
  changed('trust_request', BRAVO, [
    'T-TRN-01',
    5810,
    'of another run',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
  changed(
    'trust_request',
    BRAVO,
    ['X-TRN-08', 5810, 'without transcript hash at 1.1', (m) => minus(m, 'transcript_hash')],
    { lenientLink: true },
  ),
];

type Challenge = Of<'trust_challenge'>;
const withTask = (m: Challenge, type: string, change: object): object => ({
  ...m,
  challenges: m.challenges.map((task) => (task.type === type ? { ...task, ...change } : task)),
});

const challenges: Fault[] = [
  changed('trust_challenge', ACME, [
    'T-CHAL-01',
    5812,
    'for another server',
    (m) => ({ ...m, target_server: MALLORY }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-01',
    5812,
    'of another server',
    (m) => ({ ...m, challenging_server: MALLORY }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-03',
    5812,
    'without a key proof',
    (m) => ({
      ...m,
      challenges: m.challenges.filter(({ type }) => type !== 'cryptographic_proof'),
    }),
  ]),
  changed(
    'trust_challenge',
    ACME,
    [
      'T-CHAL-03',
      5812,
      'without the chain that the method needs',
      (m) => ({
        ...m,
        challenges: m.challenges.filter(({ type }) => type !== 'certificate_validation'),
      }),
    ],
    byChain,
  ),
  changed('trust_challenge', ACME, [
    'T-CHAL-04',
    5805,
    'another record name',
    (m) => withTask(m, 'domain_ownership', { txt_record_name: `_other.${ACME}` }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-04',
    5805,
    'another domain',
    (m) => withTask(m, 'domain_ownership', { domain: MALLORY }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-05',
    5805,
    'a value that commits to nothing of ours',
    (m) => withTask(m, 'domain_ownership', { expected_value: `norc-trust-${'A'.repeat(43)}` }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-06',
    5804,
    'a deadline that has passed',
    (m) => ({ ...m, deadline: NOW }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-06',
    5804,
    'a task whose time is over',
    (m) => withTask(m, 'domain_ownership', { expires_at: NOW }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-09',
    5812,
    'for a request that we never made',
    (m) => ({ ...m, request_id: '11111111-1111-4111-8111-111111111111' }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-10',
    5812,
    'an algorithm that we lack',
    (m) => withTask(m, 'cryptographic_proof', { required_signature_algorithm: 'rsa_pss' }),
  ]),
  changed('trust_challenge', ACME, [
    'T-CHAL-11',
    5809,
    'another method',
    (m) => ({ ...m, validation_method: 'manual_verification' }),
  ]),
  broken('trust_challenge', ACME, [
    'X-SIG-02',
    5802,
    'changed after signing',
    (m) => ({ ...m, deadline: m.deadline - 1 }),
  ]),
  broken(
    'trust_challenge',
    ACME,
    ['X-AMC-17', 5802, 'unsigned at 1.1', (m) => minus(m, 'signature')],
    { lenientLink: true },
  ),
  changed('trust_challenge', ACME, [
    'T-TRN-01',
    5810,
    'of another run',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
];

type Response = Of<'trust_response'>;
const withAnswer = (m: Response, type: string, change: object): object => ({
  ...m,
  challenge_responses: m.challenge_responses.map((part) =>
    part.type === type ? { ...part, ...change } : part,
  ),
});

const responses: Fault[] = [
  changed('trust_response', BRAVO, [
    'T-CHAL-07',
    5803,
    'to another challenge',
    (m) => ({ ...m, challenge_id: '22222222-2222-4222-8222-222222222222' }),
  ]),
  broken('trust_response', BRAVO, [
    'T-RESP-09',
    5802,
    'changed after signing',
    (m) => ({ ...m, timestamp: m.timestamp + 1 }),
  ]),
  changed('trust_response', BRAVO, [
    'T-RESP-09',
    5802,
    'in the name of another server',
    (m) => ({ ...m, responding_server: MALLORY }),
  ]),
  changed('trust_response', BRAVO, [
    'T-RESP-01',
    5801,
    'one answer is missing',
    (m) => ({ ...m, challenge_responses: m.challenge_responses.slice(1) }),
  ]),
  changed('trust_response', BRAVO, [
    'T-RESP-01',
    5801,
    'one answer twice',
    (m) => ({ ...m, challenge_responses: [...m.challenge_responses, m.challenge_responses[0]] }),
  ]),
  changed('trust_response', BRAVO, [
    'T-RESP-02',
    5807,
    'a proof over something else',
    (m) => withAnswer(m, 'cryptographic_proof', { signature: crypto64(m) }),
  ]),
  changed('trust_response', BRAVO, [
    'T-TRN-01',
    5810,
    'of another run',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
  {
    name: 'trust_response: after the deadline',
    id: 'T-CHAL-06',
    code: 5804,
    judge: BRAVO,
    arrange: (world) => delay(world, 'trust_response', DAY),
  },
  {
    name: 'the domain does not show the value',
    id: 'T-RESP-04',
    code: 5805,
    judge: BRAVO,
    arrange: (world) => hideZone(world),
  },
  {
    name: 'DNS cannot be asked',
    id: 'T-RESP-04',
    code: 5805,
    judge: BRAVO,
    arrange: (world) => {
      world.dns = 'failure';
    },
  },
  {
    name: 'the leaf certificate is older than 90 days',
    id: 'T-CHAL-08',
    code: 5806,
    judge: BRAVO,
    ...byChain,
    acme: chainOf([
      paper({
        subject: ACME,
        signer: 'Root',
        dnsNames: [ACME],
        notBeforeSeconds: NOW - 91 * DAY,
        key: { algorithm: 'ed25519', sizeBits: 256, raw: acmeKey.publicKey },
      }),
    ]),
    arrange: () => {},
  },
  {
    name: 'a score below the threshold',
    id: 'T-SCORE-04',
    code: 5800,
    judge: BRAVO,
    bravo: { policy: { thresholdTenths: { basic: 451 } } },
    arrange: () => {},
  },
];

/** A signature of acme, but over other words. */
function crypto64(m: Response): string {
  return m.signature;
}

function delay(world: World, type: string, durationSeconds: number): void {
  let done = false;
  world.tap = (envelope) => {
    if (envelope.message?.type !== type || done) return [envelope];
    done = true;
    world.now += durationSeconds * 1_000_000;
    return [envelope];
  };
}

function hideZone(world: World): void {
  world.tap = (envelope) => {
    if (envelope.message?.type === 'trust_response') world.zone.clear();
    return [envelope];
  };
}

type Decision = Of<'trust_decision'>;
const certificate = (
  id: RequirementId,
  code: number,
  name: string,
  change: (c: object) => object,
  key: typeof bravoKey | null = bravoKey,
): Fault =>
  changed('trust_decision', ACME, [
    id,
    code,
    `certificate: ${name}`,
    (m: Decision) => rewriteCertificate(m, change, key),
  ]);

const decisions: Fault[] = [
  broken('trust_decision', ACME, [
    'T-DEC-03',
    5802,
    'changed after signing',
    (m) => ({ ...m, mutual_trust_required: !m.mutual_trust_required }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-03',
    5802,
    'in the name of another server',
    (m) => ({ ...m, decision_server: MALLORY }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-10',
    5803,
    'for a request that we never made',
    (m) => ({ ...m, request_id: '11111111-1111-4111-8111-111111111111' }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-10',
    5803,
    'for another server',
    (m) => ({ ...m, target_server: MALLORY }),
  ]),
  {
    name: 'trust_decision: after the deadline',
    id: 'T-DEC-10',
    code: 5803,
    judge: ACME,
    arrange: (world) => delay(world, 'trust_decision', DAY),
  },
  changed('trust_decision', ACME, [
    'T-TRN-01',
    5810,
    'of another run',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
  changed('trust_decision', ACME, [
    'T-LVL-02',
    5811,
    'grants untrusted',
    (m) => ({ ...m, granted_trust_level: 'untrusted' }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-02',
    5811,
    'grants more than was asked',
    (m) => ({ ...m, granted_trust_level: 'verified' }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-06',
    5811,
    'conditional without a deadline',
    (m) => ({
      ...m,
      decision: 'conditional',
      trust_conditions: [{ condition: 'compliance_audit' }],
    }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-05',
    5811,
    'another permission in the map',
    (m) => ({
      ...m,
      federation_permissions: { ...m.federation_permissions, user_discovery: false },
    }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-05',
    5811,
    'another limit in the map',
    (m) => ({ ...m, federation_permissions: { ...m.federation_permissions, max_message_size: 1 } }),
  ]),
  ...(['renewable', 'revocable', 'established_at', 'expires_at'] as const).map((name) =>
    changed('trust_decision', ACME, [
      'T-DEC-11',
      5811,
      `another ${name} than in the certificate`,
      (m: Decision) => {
        const value = m.trust_metadata[name];
        return {
          ...m,
          trust_metadata: {
            ...m.trust_metadata,
            [name]: typeof value === 'boolean' ? !value : value + 1,
          },
        };
      },
    ]),
  ),
  changed('trust_decision', ACME, [
    'T-DEC-04',
    5811,
    'for longer than a year',
    (m) => {
      const end = m.trust_metadata.established_at + 366 * DAY;
      const longer = rewriteCertificate(m, (c) => ({ ...c, not_after: end }), bravoKey);
      return { ...longer, trust_metadata: { ...m.trust_metadata, expires_at: end } };
    },
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-09',
    5811,
    'another CA in the bundle',
    (m) => ({
      ...m,
      certificate_bundle: [
        m.certificate_bundle[0],
        otherRoot.certificate,
        ...m.certificate_bundle.slice(2),
      ],
    }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-09',
    5811,
    'no CA in the bundle',
    (m) => ({ ...m, certificate_bundle: m.certificate_bundle.slice(0, 1) }),
  ]),
  changed('trust_decision', ACME, [
    'T-DEC-09',
    5811,
    "another server's chain in the bundle",
    (m) => ({
      ...m,
      certificate_bundle: [
        ...m.certificate_bundle.slice(0, 2),
        leafFor(MALLORY, bravoKey.publicKey),
      ],
    }),
  ]),
  certificate('T-CERT-01', 5811, 'a member is missing', (c) => minus(c, 'renewable')),
  certificate('T-CERT-02', 5811, 'signed by another server', (c) => c, malloryKey),
  certificate('T-CERT-03', 5811, 'not valid yet', (c) => ({ ...c, not_before: NOW + 1 })),
  certificate('T-CERT-03', 5811, 'over at this second', (c) => ({ ...c, not_after: NOW })),
  certificate('T-CERT-04', 5811, 'another issuer', (c) => ({ ...c, issuer_server: MALLORY })),
  certificate('T-CERT-04', 5811, 'another subject', (c) => ({ ...c, subject_server: MALLORY })),
  certificate('T-CERT-04', 5811, "another subject's key", (c) => ({
    ...c,
    public_key: malloryKey.publicKey,
  })),
  certificate('T-CERT-05', 5811, 'permissions beyond the level', (c) => ({
    ...c,
    permissions: ['message_relay', 'user_discovery', 'media_relay'],
  })),
  certificate('T-CERT-06', 5811, 'an overdue condition', (c) => ({
    ...c,
    conditions: [
      { condition_type: 'security_review', parameters: {}, deadline: NOW, auto_action: 'notify' },
    ],
  })),
  certificate('T-CERT-14', 5811, 'an unknown critical extension', (c) => ({
    ...c,
    extensions: [
      ...((c as { extensions?: object[] }).extensions ?? []),
      { id: 'moon', critical: true, value: 1 },
    ],
  })),
];

type Acknowledgment = Of<'trust_acknowledgment'>;
const reverse = (name: string, change: (c: object) => object, key = acmeKey): Fault =>
  changed('trust_acknowledgment', BRAVO, [
    'T-ACK-05',
    5811,
    `reverse certificate: ${name}`,
    (m: Acknowledgment) => ({
      ...m,
      trust_certificate: rewriteBlob(m.trust_certificate, change, key),
    }),
  ]);

const acknowledgments: Fault[] = [
  changed('trust_acknowledgment', BRAVO, [
    'X-ERR-07',
    5803,
    'of another request',
    (m) => ({ ...m, request_id: '11111111-1111-4111-8111-111111111111' }),
  ]),
  broken('trust_acknowledgment', BRAVO, [
    'T-ACK-01',
    5802,
    'changed after signing',
    (m) => ({ ...m, next_renewal_date: m.next_renewal_date - 1 }),
  ]),
  changed('trust_acknowledgment', BRAVO, [
    'T-ACK-01',
    5802,
    'in the name of another server',
    (m) => ({ ...m, acknowledging_server: MALLORY }),
  ]),
  changed('trust_acknowledgment', BRAVO, [
    'T-TRN-01',
    5810,
    'of another run',
    (m) => ({ ...m, transcript_hash: flipped(m.transcript_hash) }),
  ]),
  changed('trust_acknowledgment', BRAVO, [
    'T-ACK-04',
    5811,
    'in force before the certificate',
    (m) => ({ ...m, effective_date: NOW - 3600 }),
  ]),
  changed('trust_acknowledgment', BRAVO, [
    'T-ACK-04',
    5811,
    'to be renewed after its end',
    (m) => ({ ...m, next_renewal_date: NOW + 91 * DAY }),
  ]),
  changed('trust_acknowledgment', BRAVO, [
    'T-DEC-08',
    5811,
    'without the reverse certificate',
    (m) => minus(m, 'trust_certificate'),
  ]),
  reverse('another subject', (c) => ({ ...c, subject_server: MALLORY })),
  reverse('signed by another server', (c) => c, malloryKey),
  reverse('expired', (c) => ({ ...c, not_after: NOW })),
];

export const faults: readonly Fault[] = [
  ...capabilities,
  ...requests,
  ...challenges,
  ...responses,
  ...decisions,
  ...acknowledgments,
];

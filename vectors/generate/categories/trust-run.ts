/** V-TRU: whole establishments of trust (L-H03, L-T04, L-T05, L-T10, L-T11, T App A.1). */
import {
  type Level,
  levelNames,
  levels,
  type Method,
  methodNames,
  methods,
} from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  filled,
  flip,
  fromBase64url,
  fromHex,
  hex,
  seeded,
  seededUuid,
} from '../primitives/bytes.ts';
import type { JsonObject } from '../primitives/canonical-json.ts';
import { certificate, NOW, travelling, YEAR } from '../primitives/certificate.ts';
import { sign, signed } from '../primitives/signature.ts';
import { transcriptHash } from '../primitives/transcript.ts';
import {
  alice,
  bob,
  grantOf,
  mallory,
  type RunOptions,
  type Step,
  signatureMembers,
  steps,
  type TrustRun,
  trustRun,
} from '../primitives/trust-run.ts';
import { flag, listOf, message, octetsOf, text } from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  run: { requirements: ['T-TRN-01', 'T-DEC-03'], readings: ['L-H03'], flags: ['transcript'] },
  altered: { requirements: ['T-TRN-01', 'X-TRN-08'], readings: ['L-H03'], flags: ['transcript'] },
  spliced: { requirements: ['T-TRN-01'], readings: ['L-H03'], flags: ['splice'] },
  order: { requirements: ['T-TRN-01', 'T-CAP-01'], readings: ['L-H03'], flags: ['splice'] },
  signature: {
    requirements: ['T-REQ-02', 'T-RESP-09', 'T-DEC-03', 'T-ACK-01'],
    readings: ['L-T08'],
    flags: ['unsigned'],
  },
  cap: { requirements: ['T-LVL-05'], readings: ['L-T19'], flags: ['beyond-method'] },
  offered: { requirements: ['T-CAP-03'], readings: ['L-T21'], flags: ['beyond-method'] },
  request: { requirements: ['T-REQ-04'], readings: ['L-T06'], flags: ['other-party'] },
  challenge: {
    requirements: ['T-CHAL-01', 'T-CHAL-04', 'T-CHAL-11'],
    readings: ['L-T03'],
    flags: ['other-party'],
  },
  domain: { requirements: ['T-CHAL-05'], readings: ['L-T04'], flags: ['passed-on'] },
  response: {
    requirements: ['T-RESP-01', 'T-CHAL-09'],
    readings: ['L-T02'],
    flags: ['unanswered'],
  },
  proof: { requirements: ['T-RESP-02', 'T-RESP-03'], readings: ['L-T05'], flags: ['passed-on'] },
  late: { requirements: ['T-CHAL-06'], readings: ['L-T03'], flags: ['unanswered'] },
  decision: {
    requirements: ['T-DEC-01', 'T-DEC-02', 'T-DEC-06'],
    readings: ['L-T10'],
    flags: ['generous-decision'],
  },
  grant: {
    requirements: ['T-CERT-04', 'T-DEC-05'],
    readings: ['L-T12'],
    flags: ['generous-decision'],
  },
  mutual: { requirements: ['T-DEC-08', 'T-ACK-05'], readings: ['L-T11'], flags: ['one-sided'] },
  acknowledged: {
    requirements: ['T-ACK-02', 'T-ACK-03'],
    readings: ['L-T10'],
    flags: ['one-sided'],
  },
} satisfies Record<string, Grounds>;

const asked = (
  messages: readonly JsonObject[],
  parties: Pick<RunOptions, 'requester' | 'responder'> = { requester: alice, responder: bob },
): VectorValue => ({
  messages,
  requester: parties.requester.name,
  responder: parties.responder.name,
  requester_public_key: hex(parties.requester.key.public),
  responder_public_key: hex(parties.responder.key.public),
});

function established(
  about: Grounds,
  name: string,
  run: TrustRun,
  isEstablished = run.decision !== 'reject',
): Draft {
  return valid(about, name, asked(run.messages, run), {
    established: isEstablished,
    level: isEstablished ? run.level : 'untrusted',
    transcript_hash: hex(transcriptHash('trust', run.messages)),
  });
}

const refuse = (about: Grounds, name: string, messages: readonly JsonObject[]): Draft =>
  invalid(about, name, asked(messages));

/** One message as a faulty or hostile party writes it; everything after it is consistent with it. */
function written(
  about: Grounds,
  name: string,
  step: Step,
  change: JsonObject,
  options: Partial<RunOptions> = {},
): Draft {
  const draft = (at: Step, body: JsonObject): JsonObject =>
    at === step ? { ...body, ...change } : body;
  return refuse(about, `${step}-${name}`, trustRun({ ...options, draft }).messages);
}

/** Methods × levels. */
function grid(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return methodNames.flatMap((method) =>
    granted
      .filter((level) => !hangsOnChain(method, level))
      .map((level) => {
        const isWithin = levels[level].rank <= levels[methods[method].maxTrustLevel].rank;
        const name = `${method}-at-${level}`.replaceAll('_', '-');
        const run = trustRun({ method, level });
        return isWithin
          ? established(grounds.cap, name, run)
          : refuse(grounds.cap, name, run.messages);
      }),
  );
}

/** Government PKI reaches nato with a nato_ca, and no chain is judged here. */
const hangsOnChain = (method: Method, level: Level): boolean =>
  method === 'government_pki' && level === 'nato';

function honest(): Draft[] {
  const decisions = ['accept', 'conditional', 'reject'] as const;
  return decisions.flatMap((decision) =>
    [false, true].map((mutual) =>
      established(
        mutual ? grounds.mutual : grounds.decision,
        `${decision}${mutual ? '-mutual' : ''}`,
        trustRun({ decision, mutual }),
      ),
    ),
  );
}

/** On the way: every member, every signature, every message. */
function altered(): Draft[] {
  const { messages } = trustRun();
  return steps.flatMap((step, at) => {
    const one = messages[at] ?? {};
    const member = signatureMembers[step];
    const { [member]: signature, ...body } = one;
    const bytes = fromBase64url(String(signature));
    const inPlace = (changed: JsonObject): JsonObject[] => messages.with(at, changed);
    return [
      ...[...eachChanged(body), ...eachDropped(body)].map(([what, changed]) =>
        refuse(
          grounds.altered,
          `${step}-${what}`,
          inPlace({ ...changed, [member]: signature ?? null }),
        ),
      ),
      ...[1, 100, 255, 256, 400, 511].map((bit) =>
        refuse(
          grounds.signature,
          `${step}-signature-bit-${bit}`,
          inPlace({ ...one, [member]: base64url(flip(bytes, bit)) }),
        ),
      ),
      refuse(grounds.signature, `${step}-without-signature`, inPlace(body)),
      refuse(
        grounds.signature,
        `${step}-signature-zero`,
        inPlace({ ...one, [member]: base64url(filled(64, 0)) }),
      ),
      refuse(
        grounds.signature,
        `${step}-signed-by-mallory`,
        inPlace(signed(mallory.key, one, member)),
      ),
      refuse(grounds.altered, `${step}-with-a-member-more`, inPlace({ ...one, x_more: 1 })),
    ];
  });
}

/** Messages of one run in another, and runs that lack one. */
function spliced(): Draft[] {
  const { messages } = trustRun();
  const another = trustRun({ name: 'another run' }).messages;
  const weaker = trustRun({ level: 'basic' }).messages;
  return [
    ...steps
      .slice(2)
      .map((step, at) =>
        refuse(
          grounds.spliced,
          `${step}-of-another-run`,
          messages.with(at + 2, another[at + 2] ?? {}),
        ),
      ),
    ...steps
      .slice(2)
      .map((step, at) =>
        refuse(
          grounds.spliced,
          `${step}-of-a-weaker-run`,
          messages.with(at + 2, weaker[at + 2] ?? {}),
        ),
      ),
    ...steps
      .slice(2, 6)
      .map((step, at) =>
        refuse(grounds.spliced, `another-run-after-${step}`, [
          ...messages.slice(0, at + 3),
          ...another.slice(at + 3),
        ]),
      ),
    ...steps.map((step, at) => refuse(grounds.order, `${step}-missing`, messages.toSpliced(at, 1))),
    ...steps.map((step, at) =>
      refuse(grounds.order, `${step}-twice`, messages.toSpliced(at, 0, messages[at] ?? {})),
    ),
    ...steps
      .slice(1)
      .map((step, at) =>
        refuse(
          grounds.order,
          `${step}-too-early`,
          messages.with(at, messages[at + 1] ?? {}).with(at + 1, messages[at] ?? {}),
        ),
      ),
    refuse(grounds.order, 'nothing', []),
  ];
}

function requests(): Draft[] {
  const by = (name: string, change: JsonObject, about: Grounds = grounds.request): Draft =>
    written(about, name, 'request', change);
  return [
    by('in-the-name-of-mallory', { requesting_server: mallory.name }),
    by('to-mallory', { target_server: mallory.name }),
    by('with-the-key-of-mallory', { server_public_key: base64url(mallory.key.public) }),
    by('for-untrusted', { requested_trust_level: 'untrusted' }, grounds.offered),
    by('for-an-unknown-level', { requested_trust_level: 'strong' }, grounds.offered),
    by('by-an-unknown-method', { trust_method: 'telepathy' }, grounds.offered),
    written(grounds.offered, 'without-the-method', 'responder-capabilities', {
      supported_methods: ['direct_exchange'],
    }),
    written(grounds.offered, 'without-the-level', 'responder-capabilities', {
      supported_trust_levels: ['basic'],
    }),
    written(grounds.request, 'of-mallory', 'requester-capabilities', { server_id: mallory.name }),
    written(grounds.request, 'of-mallory', 'responder-capabilities', { server_id: mallory.name }),
  ];
}

const challengesOf = (run: TrustRun): readonly JsonObject[] =>
  (run.messages[3]?.challenges ?? []) as unknown as readonly JsonObject[];

function challenges(): Draft[] {
  const [ownership = {}, chain = {}, proof = {}] = challengesOf(trustRun());
  const by = (name: string, change: JsonObject, about: Grounds = grounds.challenge): Draft =>
    written(about, name, 'challenge', change);
  const owning = (name: string, change: JsonObject, about: Grounds = grounds.domain): Draft =>
    by(name, { challenges: [{ ...ownership, ...change }, chain, proof] }, about);
  const [foreign = {}] = challengesOf(trustRun({ name: 'another run' }));
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('for-mallory', { target_server: mallory.name }),
    by('in-the-name-of-mallory', { challenging_server: mallory.name }),
    by('by-another-method', { validation_method: 'direct_exchange' }),
    by(
      'with-another-id-than-its-value',
      { challenge_id: seededUuid('another challenge') },
      grounds.domain,
    ),
    by('without-domain-ownership', { challenges: [chain, proof] }),
    by('without-proof', { challenges: [ownership, chain] }),
    by('without-certificate-validation', { challenges: [ownership, proof] }),
    by('with-nothing', { challenges: [] }),
    by('with-two-proofs', { challenges: [ownership, chain, proof, proof] }),
    owning('with-a-random-value', {
      expected_value: `norc-trust-${base64url(seeded('random', 32))}`,
    }),
    owning('with-the-value-of-another-run', {
      expected_value: foreign.expected_value ?? '',
      nonce: foreign.nonce ?? '',
    }),
    owning('with-another-nonce', { nonce: base64url(filled(32, 1)) }),
    owning('for-the-domain-of-mallory', { domain: mallory.name }, grounds.challenge),
    owning('at-another-record', { txt_record_name: alice.name }, grounds.challenge),
  ];
}

function responses(): Draft[] {
  const [domain = {}, chain = {}, proof = {}] = (trustRun().messages[4]?.challenge_responses ??
    []) as unknown as readonly JsonObject[];
  const by = (name: string, change: JsonObject, about: Grounds = grounds.response): Draft =>
    written(about, name, 'response', change);
  const proving = (name: string, change: JsonObject): Draft =>
    by(name, { challenge_responses: [domain, chain, { ...proof, ...change }] }, grounds.proof);
  const data = fromBase64url(String(proof.challenge_data));
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('to-another-challenge', { challenge_id: seededUuid('another challenge') }),
    by('in-the-name-of-mallory', { responding_server: mallory.name }),
    by('without-answers', { challenge_responses: [] }),
    by('without-the-proof', { challenge_responses: [domain, chain] }),
    by('without-the-chain', { challenge_responses: [domain, proof] }),
    by('without-the-domain', { challenge_responses: [chain, proof] }),
    by('with-the-proof-twice', { challenge_responses: [domain, chain, proof, proof] }),
    by('with-an-answer-more', { challenge_responses: [domain, chain, chain, proof] }),
    by('at-the-deadline', { timestamp: NOW + 86_400 }, grounds.late),
    by('after-the-deadline', { timestamp: NOW + 86_401 }, grounds.late),
    proving('with-other-data', { challenge_data: base64url(filled(64, 9)) }),
    proving('with-a-raw-signature', { signature: base64url(sign(alice.key, data)) }),
    proving('with-a-zero-signature', { signature: base64url(filled(64, 0)) }),
    proving('with-a-proof-by-mallory', { signature: base64url(sign(mallory.key, data)) }),
    proving('with-the-proof-of-another-run', {
      signature:
        (
          (trustRun({ name: 'another run' }).messages[4]?.challenge_responses ??
            []) as unknown as readonly JsonObject[]
        )[2]?.signature ?? '',
    }),
  ];
}

const runOf = (change: Partial<RunOptions> = {}): TrustRun => trustRun(change);

function decisions(): Draft[] {
  const base = runOf();
  const by = (name: string, change: JsonObject, options: Partial<RunOptions> = {}): Draft =>
    written(grounds.decision, name, 'decision', change, options);
  const granting = (name: string, record: JsonObject): Draft =>
    written(grounds.grant, name, 'decision', { certificate_bundle: [travelling(record)] });
  const map = base.messages[5]?.federation_permissions as unknown as JsonObject;
  const rejecting: Partial<RunOptions> = { decision: 'reject' };
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('in-the-name-of-mallory', { decision_server: mallory.name }),
    by('for-mallory', { target_server: mallory.name }),
    by('of-an-unknown-kind', { decision: 'perhaps' }),
    by('above-the-request', { granted_trust_level: 'nato' }),
    by('below-its-certificate', { granted_trust_level: 'basic' }),
    by('conditional-without-conditions', { decision: 'conditional' }),
    by(
      'conditional-without-a-deadline',
      { trust_conditions: [{ condition: 'compliance_audit' }] },
      { decision: 'conditional' },
    ),
    by('without-certificate', { certificate_bundle: [] }),
    by(
      'rejecting-with-a-certificate',
      { certificate_bundle: [travelling(grantOf(base))] },
      rejecting,
    ),
    by(
      'rejecting-with-a-permission',
      { federation_permissions: { ...map, user_discovery: false } },
      rejecting,
    ),
    by('with-a-permission-more', { federation_permissions: { ...map, media_relay: true } }),
    by('with-a-permission-less', { federation_permissions: { ...map, message_relay: false } }),
    granting('with-a-certificate-of-mallory', certificate(mallory, alice, 'verified')),
    granting('with-a-certificate-for-mallory', certificate(bob, mallory, 'verified')),
    granting(
      'with-a-certificate-for-another-key',
      certificate(bob, { ...mallory, name: alice.name }, 'verified'),
    ),
    granting('with-a-certificate-of-a-higher-level', certificate(bob, alice, 'classified')),
    granting('with-a-certificate-of-a-lower-level', certificate(bob, alice, 'basic')),
    granting('with-a-certificate-that-lasts-longer', grantOf(base, { not_after: NOW + 2 * YEAR })),
    granting('with-an-unsigned-certificate', {
      ...grantOf(base),
      signature: base64url(filled(64, 0)),
    }),
    granting('with-a-certificate-changed', { ...grantOf(base), renewable: false }),
  ];
}

function acknowledgments(): Draft[] {
  const by = (
    name: string,
    change: JsonObject,
    options: Partial<RunOptions> = {},
    about: Grounds = grounds.acknowledged,
  ): Draft => written(about, name, 'acknowledgment', change, options);
  const mutual: Partial<RunOptions> = { mutual: true };
  const reverse = (record: JsonObject): JsonObject => ({ trust_certificate: travelling(record) });
  const declined = runOf({
    draft: (step, body) =>
      step === 'acknowledgment' ? { ...body, decision_accepted: false } : body,
  });
  return [
    established(grounds.acknowledged, 'accepted-but-declined', declined, false),
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('in-the-name-of-mallory', { acknowledging_server: mallory.name }),
    by('accepting-a-rejection', { decision_accepted: true }, { decision: 'reject' }),
    by('without-reverse-certificate', { trust_certificate: null }, mutual, grounds.mutual),
    by('that-denies-mutual-trust', { mutual_trust_established: false }, mutual, grounds.mutual),
    by(
      'with-a-reverse-certificate-of-mallory',
      reverse(certificate(mallory, bob, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-a-reverse-certificate-for-mallory',
      reverse(certificate(alice, mallory, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-the-decision-certificate-as-its-own',
      reverse(certificate(bob, alice, 'verified')),
      mutual,
      grounds.mutual,
    ),
    by(
      'with-an-unsigned-reverse-certificate',
      reverse({ ...certificate(alice, bob, 'verified'), signature: hex(fromHex('00')) }),
      mutual,
      grounds.mutual,
    ),
    by('effective-before-the-certificate', { effective_date: NOW - 1 }),
    by('renewed-after-the-end', { next_renewal_date: NOW + YEAR }),
  ];
}

/** What the profile leaves open: a careful implementation refuses them, a literal one need not. */
function unsettled(): Draft[] {
  const loose = (
    about: Grounds,
    name: string,
    step: Step,
    change: JsonObject,
    options: Partial<RunOptions> = {},
  ): Draft => {
    const draft = (at: Step, body: JsonObject): JsonObject =>
      at === step ? { ...body, ...change } : body;
    const strict = established(about, `${step}-${name}`, trustRun({ ...options, draft }));
    return { ...strict, result: 'acceptable' };
  };
  return [
    loose(grounds.offered, 'without-the-method', 'requester-capabilities', {
      supported_methods: ['direct_exchange'],
    }),
    loose(
      grounds.decision,
      'rejecting-with-a-level',
      'decision',
      { granted_trust_level: 'basic' },
      { decision: 'reject' },
    ),
    loose(
      grounds.mutual,
      'not-mutual-though-asked',
      'decision',
      { mutual_trust_required: false },
      { mutual: true },
    ),
  ];
}

export const trustRunSource: CategorySource = {
  category: 'trust-run',
  prefix: 'V-TRU',
  title: 'Establishment of trust',
  description:
    'Seven messages: capabilities of requester and responder, trust_request, trust_challenge, ' +
    'trust_response, trust_decision, trust_acknowledgment. Reject unless: they come in this order; each ' +
    'transcript_hash is BLAKE3("norc-t-handshake-v1" ‖ canonical messages before); each signature member ' +
    '(decision_signature of the decision, acknowledgment_signature of the acknowledgment, else signature) ' +
    'is by the key of its sender; names and ids agree; server_public_key is the requester’s; level and ' +
    'method are in the responder’s capabilities and the level within the cap of the method (direct_exchange and ' +
    'web_of_trust basic, ca_validation verified, manual_verification and government_pki classified); ' +
    'validation_method is that of the request; the challenge has one domain_ownership for the requester ' +
    '(record _norc-trust-challenge.<domain>, value as in domain-proof) and one cryptographic_proof, ' +
    'and one certificate_validation where the method needs a chain (all but direct_exchange and web_of_trust); the ' +
    'response comes before the deadline and has exactly one answer for each, the proof as in trust-proof ' +
    'with the response’s transcript_hash; a decision grants at most what was asked, ' +
    'its first certificate is valid, from responder for requester, and agrees in ' +
    'level, permissions, renewable, revocable and validity (established_at, expires_at); conditional has ' +
    'a condition and every condition a deadline; a rejection is without permissions ' +
    'and certificates, and is not accepted; mutual trust has a valid reverse certificate; ' +
    'effective_date ≥ not_before and next_renewal_date < not_after. X.509 chains and DNS are not judged here.',
  functions: {
    judge: {
      does: 'whether trust is established (accepted or conditional, and acknowledged), at which level (else untrusted), and the hash over all seven messages.',
      input: {
        messages: listOf(message),
        requester: text,
        responder: text,
        requester_public_key: octetsOf(32),
        responder_public_key: octetsOf(32),
      },
      output: { established: flag, level: text, transcript_hash: octetsOf(32) },
    },
  },
  flags: {
    transcript: {
      bug: 'A member of a message is outside the transcript or its signature.',
      effect:
        'A middleman strikes capabilities or changes terms, and both sides believe they agreed.',
    },
    splice: {
      bug: 'Messages of different runs, or in another order, are taken together.',
      effect: 'The acceptance of one run is used for another.',
    },
    unsigned: {
      bug: 'A signature is not checked, or checked with the wrong key.',
      effect: 'Anybody on the path establishes trust in another’s name.',
    },
    'beyond-method': {
      bug: 'Level or method go beyond what was offered, or what the method can show.',
      effect: 'A web of acquaintances makes a server classified.',
    },
    'other-party': {
      bug: 'Names or ids are not compared.',
      effect: 'A third server steps into the place of one of the two.',
    },
    'passed-on': {
      bug: 'Challenge or proof of another exchange is taken.',
      effect: 'A middleman is trusted with proofs that the victim made.',
    },
    unanswered: {
      bug: 'Answers are missing, doubled or late.',
      effect: 'Trust is granted without the evidence that was asked for.',
    },
    'generous-decision': {
      bug: 'The decision is taken as it comes.',
      effect:
        'A server believes it may do what no certificate says, or that it was rejected with rights.',
    },
    'one-sided': {
      bug: 'Trust is in force before both sides have what was agreed.',
      effect: 'One side relays for a server that has given nothing in return.',
    },
  },
  drafts: () => [
    ...honest(),
    ...grid(),
    ...altered(),
    ...spliced(),
    ...requests(),
    ...challenges(),
    ...responses(),
    ...decisions(),
    ...acknowledgments(),
    ...unsettled(),
  ],
};

/** What the subject itself sends when it asks for trust (T-REQ, T-RESP, T-ACK; 2.3 requester). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { levels } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustChallenge } from '../../../../spec/messages/trust/trust-challenge.ts';
import type { AnswerBends, Peer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Bend, Received, Stage } from '../../stage.ts';
import { asking, ownRecord, TEXT } from './steps/asking.ts';
import { checkTrusted } from './steps/outcomes.ts';

type TrustType = 'trust_capabilities' | 'trust_request' | 'trust_response' | 'trust_acknowledgment';

async function sent<T extends TrustType>(bravo: Peer, type: T) {
  const [first] = await bravo.heard(type);
  if (first) return first;
  throw new SubjectMisbehaved(`waited for ${type} of the subject`, type, 'nothing');
}

function isSigned(stage: Stage, { text }: Received, member: string): boolean {
  const received: JsonObject = JSON.parse(text);
  const signature = String(received[member]);
  return stage.crypto.verify(stage.subject.publicKey, without(received, member), signature);
}

const establishes = defineCase({
  id: 'trust/asks/trust-and-then-relays',
  title: 'A message for an unknown server makes the subject ask for trust, and is relayed then',
  verifies: ['T-ACK-02'],
  behaviour: ['T-ACK-02'],
  async run(stage) {
    const { bravo } = await asking(stage);
    const [relay] = await bravo.relayed();
    const acknowledged = await bravo.heard('trust_acknowledgment');
    const opened = relay ? bravo.open(relay.message) : null;
    stage.check('T-ACK-02', opened === TEXT && acknowledged.length === 1, {
      what: 'the message that waited, and acknowledgments before it',
      expected: { opened: TEXT, acknowledgments: 1 },
      got: { opened, acknowledgments: acknowledged.length },
    });
    await checkTrusted(stage, 'T-ACK-02', bravo, 'the run of the subject');
  },
});

const request = defineCase({
  id: 'trust/asks/the-request-is-whole',
  title: 'The request names both servers, has the key of the leaf and a chain, is dated and signed',
  verifies: ['T-REQ-01', 'T-REQ-02', 'T-REQ-03', 'T-REQ-04', 'T-REQ-06', 'T-REQ-07', 'T-LVL-02'],
  behaviour: ['T-REQ-01', 'T-REQ-02', 'T-REQ-03', 'T-REQ-04', 'T-REQ-06', 'T-REQ-07', 'T-LVL-02'],
  async run(stage) {
    const { bravo } = await asking(stage);
    const received = await sent(bravo, 'trust_request');
    const { message } = received;
    const got = [message.requesting_server, message.target_server];
    const expected = [stage.subject.serverId, bravo.serverId];
    stage.check('T-REQ-04', got.join() === expected.join(), { what: 'the names', expected, got });
    stage.check('T-REQ-02', isSigned(stage, received, 'signature'), {
      what: 'the signature of the request',
      expected: stage.subject.publicKey,
      got: message.signature,
    });
    stage.check('T-REQ-03', message.server_public_key === stage.subject.publicKey, {
      what: 'the key of the request, against that of the TLS leaf',
      expected: stage.subject.publicKey,
      got: message.server_public_key,
    });
    const skew = Math.abs(stage.now() / 1_000_000 - message.timestamp);
    stage.check('T-REQ-06', skew <= limits.federationSkewSeconds, {
      what: 'the date of the request, in seconds from now',
      expected: `at most ${limits.federationSkewSeconds}`,
      got: skew,
    });
    // The suite gives the subject its chain, so the intermediate is the same as ours.
    stage.check('T-REQ-07', message.certificate_chain.length > 1, {
      what: 'the chain of the request',
      expected: 'leaf first, and what is above it',
      got: message.certificate_chain.length,
    });
    stage.check('T-LVL-02', message.requested_trust_level !== 'untrusted', {
      what: 'the level of the request',
      expected: 'a level that can be granted',
      got: message.requested_trust_level,
    });
    const { method, challenge, expires_at } = message.domain_proof;
    const isProof = method === 'dns_txt' && challenge.startsWith('norc-trust-');
    stage.check('T-REQ-01', isProof && expires_at > stage.now() / 1_000_000, {
      what: 'the domain proof of the request',
      expected: 'dns_txt, norc-trust-…, not expired',
      got: message.domain_proof,
    });
  },
});

/** What our side has set. */
function noting(set: TrustChallenge[]): AnswerBends {
  return {
    challenge(challenge) {
      set.push(challenge);
      return { ...challenge };
    },
  };
}

const response = defineCase({
  id: 'trust/asks/the-response-answers-each-task-once',
  title: 'The response answers each task once, and its key proof covers names, ids and transcript',
  verifies: ['T-RESP-01', 'T-RESP-02', 'T-RESP-09'],
  behaviour: ['T-RESP-01', 'T-RESP-02', 'T-RESP-09'],
  readings: ['L-T05'],
  async run(stage) {
    const set: TrustChallenge[] = [];
    const { bravo } = await asking(stage, { bends: noting(set) });
    const received = await sent(bravo, 'trust_response');
    const { message } = received;
    const wanted = (set[0]?.challenges ?? []).map(({ type }) => type).sort();
    const given = message.challenge_responses.map(({ type }) => type).sort();
    stage.check('T-RESP-01', given.join() === wanted.join(), {
      what: 'the answers of the response, against the tasks',
      expected: wanted,
      got: given,
    });
    stage.check('T-RESP-09', isSigned(stage, received, 'signature'), {
      what: 'the signature of the response',
      expected: stage.subject.publicKey,
      got: message.signature,
    });
    checkKeyProof(stage, bravo, { set: set[0], response: message });
  },
});

function checkKeyProof(
  stage: Stage,
  { serverId }: Peer,
  {
    set,
    response: message,
  }: {
    set: TrustChallenge | undefined;
    response: Awaited<ReturnType<typeof sent<'trust_response'>>>['message'];
  },
): void {
  const task = set?.challenges.find(({ type }) => type === 'cryptographic_proof');
  const answer = message.challenge_responses.find(({ type }) => type === 'cryptographic_proof');
  const challenge_data = task?.type === 'cryptographic_proof' ? task.challenge_data : '';
  const signature = answer?.type === 'cryptographic_proof' ? answer.signature : '';
  const { transcript_hash } = message;
  const proof = {
    type: 'trust_proof',
    challenge_data,
    request_id: message.request_id,
    challenge_id: message.challenge_id,
    requesting_server: stage.subject.serverId,
    challenging_server: serverId,
    ...(transcript_hash !== undefined && { transcript_hash }),
  };
  const { publicKey } = stage.subject;
  stage.check('T-RESP-02', stage.crypto.verify(publicKey, proof, signature), {
    what: 'the key proof, over trust_proof with both names, both ids and the transcript',
    expected: publicKey,
    got: signature,
  });
}

const published = defineCase({
  id: 'trust/asks/the-value-is-published-and-withdrawn',
  title: 'The value stands under the name that was asked for, and is gone when the run is over',
  verifies: ['T-CHAL-04'],
  behaviour: ['T-CHAL-04'],
  readings: ['L-T03'],
  async run(stage) {
    const set: TrustChallenge[] = [];
    const { bravo } = await asking(stage, { bends: noting(set) });
    const relays = await bravo.relayed();
    const task = set[0]?.challenges.find(({ type }) => type === 'domain_ownership');
    const name = task?.type === 'domain_ownership' ? task.txt_record_name : '';
    // Our side has looked it up before it decided, or nothing would have been relayed.
    stage.check('T-CHAL-04', relays.length === 1 && name === ownRecord(stage), {
      what: 'the record under which our side has found the value',
      expected: ownRecord(stage),
      got: name,
    });
    await bravo.heard('trust_acknowledgment');
    const value = task?.type === 'domain_ownership' ? task.expected_value : '';
    const left = stage.dns.txtOf(name);
    stage.check('T-CHAL-04', !left.includes(value), {
      what: 'what is left in the DNS after the run',
      expected: `without ${value}`,
      got: left,
    });
  },
});

const acknowledgment = defineCase({
  id: 'trust/asks/the-acknowledgment-closes-the-run',
  title: 'The acknowledgment is signed, its dates are within the certificate, the reverse is right',
  verifies: ['T-ACK-01', 'T-ACK-04', 'T-ACK-05'],
  behaviour: ['T-ACK-01', 'T-ACK-04', 'T-ACK-05'],
  readings: ['L-T11'],
  async run(stage) {
    const issued: NorcTrustCertificate[] = [];
    const bends: AnswerBends = {
      certificate(certificate) {
        issued.push(certificate);
        return { ...certificate } as JsonObject;
      },
    };
    const { bravo } = await asking(stage, { bends });
    const received = await sent(bravo, 'trust_acknowledgment');
    const { message } = received;
    const isAccepting = message.decision_accepted && message.mutual_trust_established;
    stage.check('T-ACK-01', isAccepting && isSigned(stage, received, 'acknowledgment_signature'), {
      what: 'flags and signature of the acknowledgment',
      expected: 'accepted, mutual, signed by the subject',
      got: message,
    });
    const { not_before = 0, not_after = 0 } = issued[0] ?? {};
    const dates = [message.effective_date, message.next_renewal_date];
    const [from = 0, renewal = 0] = dates;
    stage.check('T-ACK-04', from >= not_before && renewal < not_after, {
      what: 'effective_date and next_renewal_date, against the validity of the certificate',
      expected: [not_before, not_after],
      got: dates,
    });
    const text = new TextDecoder().decode(bytesOf(message.trust_certificate ?? ''));
    const reverse: NorcTrustCertificate = JSON.parse(text);
    const got = [reverse.issuer_server, reverse.subject_server, reverse.public_key];
    const expected = [stage.subject.serverId, bravo.serverId, bravo.key.publicKey];
    stage.check('T-ACK-05', got.join() === expected.join() && reverse.trust_level === 'basic', {
      what: 'issuer, subject and key of the reverse certificate, and its level',
      expected: [...expected, 'basic'],
      got: [...got, reverse.trust_level],
    });
  },
});

const transcripts = defineCase({
  id: 'trust/asks/every-message-carries-the-running-transcript',
  title: 'Each message of the subject carries the hash of all before it, from its capabilities on',
  verifies: ['X-TRN-08', 'T-TRN-01'],
  behaviour: ['X-TRN-08', 'T-TRN-01'],
  readings: ['L-H03'],
  async run(stage) {
    const said: JsonObject[] = [];
    const note = (message: object): JsonObject => {
      said.push({ ...message } as JsonObject);
      return said.at(-1) ?? {};
    };
    const bends = { capabilities: note, challenge: note, decision: note };
    const { bravo } = await asking(stage, { bends });
    const types = ['trust_request', 'trust_response', 'trust_acknowledgment'] as const;
    const all: JsonObject[] = [];
    const opening = await sent(bravo, 'trust_capabilities');
    checkPlace(stage, opening, all);
    all.push(JSON.parse(opening.text));
    for (const [at, type] of types.entries()) {
      const received = await sent(bravo, type);
      all.push(said[at] ?? {});
      checkPlace(stage, received, all);
      all.push(JSON.parse(received.text));
    }
  },
});

function checkPlace(
  stage: Stage,
  { text, message }: Received,
  before: readonly JsonObject[],
): void {
  const expected = stage.crypto.transcript('norc-t-handshake-v1', before);
  const { transcript_hash: got } = JSON.parse(text);
  const isOpen = stage.at === '1.0' && got === undefined;
  for (const id of ['X-TRN-08', 'T-TRN-01'] as const) {
    stage.check(id, isOpen || got === expected, {
      what: `transcript_hash of ${message.type} of the subject`,
      expected,
      got,
    });
  }
}

const byChain = defineCase({
  id: 'trust/asks/by-ca-validation-it-shows-its-chain',
  title: 'Where its policy says ca_validation, the subject asks so and answers for its chain',
  verifies: ['T-CAP-03', 'T-REQ-07'],
  behaviour: ['T-CAP-03', 'T-REQ-07'],
  needs: { policy: { trust: { establishOnDemand: { level: 'basic', method: 'ca_validation' } } } },
  async run(stage) {
    const { bravo } = await asking(stage);
    const { message } = await sent(bravo, 'trust_request');
    stage.check('T-CAP-03', message.trust_method === 'ca_validation', {
      what: 'the method of the request',
      expected: 'ca_validation',
      got: message.trust_method,
    });
    const answered = (await sent(bravo, 'trust_response')).message.challenge_responses;
    const types = answered.map(({ type }) => type);
    const isShown = message.certificate_chain.length > 0;
    stage.check('T-REQ-07', isShown && types.includes('certificate_validation'), {
      what: 'the chain of the request, and the answer about it',
      expected: 'a chain, and certificate_validation',
      got: { certificates: message.certificate_chain.length, types },
    });
    await bravo.relayed();
    await checkTrusted(stage, 'T-REQ-07', bravo, 'the run by ca_validation');
  },
});

const conditional = defineCase({
  id: 'trust/asks/a-condition-with-a-deadline-is-accepted',
  title: 'A conditional decision whose condition has a deadline is accepted, and relays go',
  verifies: ['T-DEC-06'],
  accepts: ['T-DEC-06'],
  readings: ['L-T10', 'L-T13'],
  async run(stage) {
    const deadline = Math.floor(stage.now() / 1_000_000) + 86_400;
    const { bravo } = await asking(stage, {
      bends: {
        decision: (decision) => ({
          ...decision,
          decision: 'conditional',
          trust_conditions: [{ condition: 'security_review', deadline, auto_revoke: false }],
        }),
      },
    });
    const { message } = await sent(bravo, 'trust_acknowledgment');
    const relays = await bravo.relayed();
    stage.check('T-DEC-06', message.decision_accepted && relays.length === 1, {
      what: 'the acknowledgment of a conditional decision, and relays after it',
      expected: { accepted: true, relays: 1 },
      got: { accepted: message.decision_accepted, relays: relays.length },
    });
  },
});

/** Of the level that is granted, whatever the rest of it was made for. */
const atBasic: Bend<NorcTrustCertificate> = ({ extensions, ...certificate }) => ({
  ...certificate,
  trust_level: 'basic',
  permissions: [...levels.basic.permissions],
  extensions: extensions.map((one) => {
    const max_message_size = levels.basic.maxMessageBytes;
    return one.id === 'limits'
      ? { ...one, value: { ...Object(one.value), max_message_size } }
      : one;
  }),
});

const lower = defineCase({
  id: 'trust/asks/a-lower-level-than-was-asked-for-is-accepted',
  title: 'A decision that grants basic where verified was asked for is accepted, as basic',
  verifies: ['T-DEC-02'],
  accepts: ['T-DEC-02'],
  readings: ['L-T10', 'L-T17'],
  needs: { commands: true },
  async run(stage) {
    const bravo = await stage.peer({ bends: { certificate: atBasic } });
    const order = { level: 'verified', method: 'ca_validation', mutual: true };
    await stage.command({ command: 'establish-trust', server: bravo.serverId, ...order });
    const { message: asked } = await sent(bravo, 'trust_request');
    const { message } = await sent(bravo, 'trust_acknowledgment');
    const got = { asked: asked.requested_trust_level, accepted: message.decision_accepted };
    stage.check('T-DEC-02', got.asked === 'verified' && got.accepted, {
      what: 'the level asked for, and whether basic was accepted instead',
      expected: { asked: 'verified', accepted: true },
      got,
    });
  },
});

export const cases: readonly Case[] = [
  establishes,
  request,
  response,
  published,
  acknowledgment,
  transcripts,
  byChain,
  conditional,
  lower,
];

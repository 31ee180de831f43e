/**
 * Answers to a handshake of the subject that follow from no honest choice: it goes no further (D-1
 * to D-4).
 */

import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../../reference/wire/base64url.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { FederationHandshake } from '../../../../spec/messages/federation/federation-handshake.ts';
import type { InboundRequest, Peer, PeerOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { lowOrderExchangeKeys } from '../client/steps/points.ts';
import { answerHandshake, type Bends } from './steps/dialled.ts';

/** How long the subject is given to go on, or to dial at all. */
const patienceMs = 1500;

/** A server of ours that the subject has been told to establish trust with. */
async function dialledBy(stage: Stage, options: PeerOptions = {}): Promise<Peer> {
  const peer = await stage.peer({ ...options, answers: 'manual' });
  await stage.command({
    command: 'establish-trust',
    server: peer.serverId,
    level: 'basic',
    method: 'direct_exchange',
  });
  return peer;
}

async function theHandshake(peer: Peer): Promise<InboundRequest> {
  const inbound = await peer.inbound();
  if (inbound?.received.message.type === 'federation_handshake') return inbound;
  throw new SubjectMisbehaved('the subject has not dialled', 'a handshake', inbound?.received.text);
}

/** What it says next on that link, or null: it has gone no further. */
async function goesOn(stage: Stage, peer: Peer, bends: Bends = {}): Promise<string | null> {
  await answerHandshake(stage, peer, await theHandshake(peer), bends);
  const next = await peer.inbound({ withinMs: patienceMs });
  const type = next?.received.message.type ?? null;
  // A new try begins with a handshake again; an error is how it breaks off.
  return type === 'federation_handshake' || type === 'federation_error' ? null : type;
}

async function checkHonest(stage: Stage, id: RequirementId): Promise<void> {
  const got = await goesOn(stage, await dialledBy(stage));
  stage.check(id, got === 'trust_capabilities', {
    what: 'what follows an honest answer',
    expected: 'trust_capabilities',
    got,
  });
}

interface Lie {
  readonly id: string;
  readonly what: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly at?: Case['at'];
  readonly bends: (stage: Stage) => Bends;
}

/** Another version that the subject has offered. */
function lowerVersion(request: FederationHandshake): string {
  const { protocol_version, supported_versions } = request;
  const other = supported_versions.find((version) => version !== protocol_version);
  if (other === undefined) throw new Untestable('the subject offers one version only');
  return other;
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

/** Everything else that follows from a version. */
function speaking(version: string, response: JsonObject, request: FederationHandshake): JsonObject {
  const isBelow = request.supported_versions.some((own) => majorOf(own) > majorOf(version));
  return {
    ...response,
    accepted_version: version,
    norc_t_version: version,
    compatibility_mode: isBelow,
    version_warnings: isBelow ? ['a lower major'] : [],
  };
}

const lies: readonly Lie[] = [
  {
    id: 'another-version-than-that-of-the-alpn',
    what: 'with another version than that of the ALPN, though the subject offers it',
    verifies: 'F-HS-02',
    readings: ['L-V10'],
    bends: () => ({
      before: (response, request) => speaking(lowerVersion(request), response, request),
    }),
  },
  {
    id: 'a-version-that-was-not-offered',
    what: 'with a version that the subject has not offered',
    verifies: 'X-AMC-08',
    bends: () => ({
      before: (response) => ({ ...response, accepted_version: '2.9', compatibility_mode: false }),
    }),
  },
  {
    id: 'another-server',
    what: 'in the name of another server',
    verifies: 'F-HS-01',
    bends: ({ domain }) => ({
      before: (response) => ({ ...response, responding_server: domain('other') }),
    }),
  },
  {
    id: 'a-broken-signature',
    what: 'that another key has signed',
    verifies: 'X-SIG-01',
    bends: ({ crypto, entropy }) => ({
      after: ({ signature: _, ...response }) => ({
        ...response,
        signature: crypto.sign(crypto.signingKey(entropy(32)), response),
      }),
    }),
  },
  {
    id: 'an-unknown-suite',
    what: 'with a suite that nobody has offered',
    verifies: 'X-CS-02',
    readings: ['L-H09'],
    bends: () => ({ before: (response) => ({ ...response, cipher_suite: 'ffff' }) }),
  },
  {
    id: 'capabilities-that-were-not-offered',
    what: 'that shares a capability which the subject has not',
    verifies: 'F-HS-05',
    bends: () => ({
      before: (response) => ({ ...response, shared_capabilities: ['no_such_capability'] }),
    }),
  },
  {
    id: 'warnings-without-compatibility-mode',
    what: 'that warns outside of compatibility mode',
    verifies: 'F-HS-06',
    readings: ['L-V07'],
    bends: () => ({
      before: (response) => ({
        ...response,
        version_warnings: response.compatibility_mode ? [] : ['beware'],
      }),
    }),
  },
  {
    id: 'a-trust-version-far-from-the-link',
    what: 'with a version of NORC-T that the subject does not speak',
    verifies: 'X-AMC-14',
    readings: ['L-V11'],
    bends: () => ({ before: (response) => ({ ...response, norc_t_version: '9.0' }) }),
  },
  {
    id: 'a-key-of-low-order',
    what: 'with an ephemeral key that yields no secret',
    verifies: 'X-KDF-07',
    bends: () => ({
      before: (response) => ({
        ...response,
        ephemeral_public_key: lowOrderExchangeKeys[2] ?? '',
      }),
    }),
  },
];

const unbelieved = lies.map(({ id, what, verifies, readings, bends }) =>
  defineCase({
    id: `federation/downgrade/${id}-is-not-accepted`,
    title: `After an answer ${what} the subject goes no further on that link`,
    verifies: [verifies],
    ...(readings && { readings }),
    needs: { commands: true },
    async run(stage) {
      await checkHonest(stage, verifies);
      const got = await goesOn(stage, await dialledBy(stage), bends(stage));
      stage.check(verifies, got === null, {
        what: `what follows an answer ${what}`,
        expected: 'nothing',
        got,
      });
    },
  }),
);

const transcript = defineCase({
  id: 'federation/downgrade/another-transcript-is-not-accepted',
  title: 'After an answer over another offer than it has made the subject goes no further',
  verifies: ['X-TRN-05'],
  at: ['1.1', '2.0'],
  readings: ['L-H03'],
  needs: { commands: true },
  async run(stage) {
    await checkHonest(stage, 'X-TRN-05');
    const mallory = await dialledBy(stage);
    const { key } = mallory;
    const { crypto } = stage;
    // As if somebody had changed the offer on the way: signed all the same.
    const got = await goesOn(stage, mallory, {
      after({ signature: _, ...response }) {
        const other = encodeBase64url(stage.entropy(32));
        const bent = { ...response, transcript_hash: other };
        return { ...bent, signature: crypto.sign(key, bent) };
      },
    });
    stage.check('X-TRN-05', got === null, {
      what: 'what follows a transcript_hash over other messages',
      expected: 'nothing',
      got,
    });
  },
});

const hybrid = defineCase({
  id: 'federation/downgrade/a-hybrid-answer-is-whole',
  title: 'After a hybrid answer without its ciphertext, or with half of one, nothing follows',
  verifies: ['X-PQ-02'],
  readings: ['L-H12'],
  needs: { commands: true },
  async run(stage) {
    const honest = await dialledBy(stage);
    const inbound = await theHandshake(honest);
    const { message } = inbound.received;
    const suites = message.type === 'federation_handshake' ? (message.cipher_suites ?? []) : [];
    if (!suites.includes('0101')) throw new Untestable('the subject does not offer 0101');
    for (const ciphertext of [
      undefined,
      encodeBase64url(new Uint8Array(limits.kemCiphertextBytes - 1)),
    ]) {
      const got = await goesOn(stage, await dialledBy(stage), {
        before: (response) => ({
          ...response,
          cipher_suite: '0101',
          ...(ciphertext !== undefined && { pq_ciphertext: ciphertext }),
        }),
      });
      stage.check('X-PQ-02', got === null, {
        what: `what follows 0101 ${ciphertext ? 'with half a ciphertext' : 'without a ciphertext'}`,
        expected: 'nothing',
        got,
      });
    }
  },
});

/** Certificates of a server that the subject dials (F-CONN-04). */
const certificates: readonly {
  id: string;
  what: string;
  options: (stage: Stage) => PeerOptions;
}[] = [
  {
    id: 'of-another-name',
    what: 'for another name',
    options: ({ domain }) => ({ certificate: { dnsNames: [domain('other')] } }),
  },
  {
    id: 'of-an-unknown-root',
    what: 'below a root that the subject does not accept',
    options: () => ({ certificate: { unknownRoot: true } }),
  },
  {
    id: 'that-has-expired',
    what: 'that has expired',
    options: (stage) => ({
      certificate: {
        notBeforeMs: stage.now() / 1000 - 7_200_000,
        notAfterMs: stage.now() / 1000 - 3_600_000,
      },
    }),
  },
];

const unmet = certificates.map(({ id, what, options }) =>
  defineCase({
    id: `federation/downgrade/a-certificate-${id}-is-not-spoken-to`,
    title: `The subject says nothing to a server with a certificate ${what}`,
    verifies: ['F-CONN-04'],
    needs: { commands: true },
    async run(stage) {
      await checkHonest(stage, 'F-CONN-04');
      const mallory = await dialledBy(stage, options(stage));
      const inbound = await mallory.inbound({ withinMs: patienceMs });
      stage.check('F-CONN-04', inbound === null, {
        what: `what the subject says to a server with a certificate ${what}`,
        expected: 'nothing',
        got: inbound?.received.message.type,
      });
    },
  }),
);

export const cases: readonly Case[] = [...unbelieved, transcript, hybrid, ...unmet];

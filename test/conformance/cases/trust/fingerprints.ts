/** The post-quantum key of a hybrid link in trust certificates (X-PQ-06; T App A.2, L-H14). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { Link, TrustRun } from '../../actors/peer.ts';
import { decodedText } from '../../actors/signing.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { asking } from './steps/asking.ts';
import { hybrid, hybridLink } from './steps/levels.ts';
import { notAccepted } from './steps/not-accepted.ts';
import { checkRefused, checkTaken, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';

const ID = 'X-PQ-06';
const KEM = 'pq_kem.mlkem768.fips';
const readings = ['L-H14'] as const;

type Certificate = NorcTrustCertificate;

/** The certificate says this of the key, beside what else it says. */
const stating =
  (value: string): Bend<Certificate> =>
  (honest) => {
    const extension = { id: 'pq_fingerprint', critical: false, value };
    return { ...honest, extensions: [...honest.extensions, extension] } as unknown as JsonObject;
  };

function statedIn(blob: string | undefined): unknown {
  const { extensions }: Certificate = JSON.parse(decodedText(blob ?? ''));
  return extensions.find(({ id }) => id === 'pq_fingerprint')?.value ?? 'nothing';
}

/** H(encapsulation key), which whoever dialled has offered. */
function fingerprintOf({ crypto }: Stage, encapsulationKey: string | undefined): string {
  if (encapsulationKey === undefined) throw new Untestable('no encapsulation key was offered');
  return crypto.hashBytes(encapsulationKey);
}

const ownFingerprint = (stage: Stage, { session }: Link) =>
  fingerprintOf(stage, session?.request.pq_public_key);

const issued = defineCase({
  id: 'trust/fingerprints/what-the-subject-issues-on-a-hybrid-link-states-its-key',
  title: 'A certificate that is asked for on a hybrid link states H(encapsulation key) of the link',
  verifies: [ID],
  behaviour: [ID],
  readings,
  needs: { capability: KEM },
  async run(stage) {
    const peer = await stage.peer(hybrid);
    const link = await hybridLink(peer);
    const run = peer.trustRun(link);
    await upTo(run, 'respond');
    const expected = ownFingerprint(stage, link);
    const got = statedIn(run.decision?.certificate_bundle[0]);
    stage.check(ID, got === expected, { what: 'pq_fingerprint of the certificate', expected, got });
  },
});

const reverse = defineCase({
  id: 'trust/fingerprints/the-certificate-in-return-states-the-same-key',
  title: 'What the subject issues in return states the key that it has dialled with itself',
  verifies: [ID],
  behaviour: [ID],
  readings,
  needs: { capability: KEM },
  async run(stage) {
    const { bravo } = await asking(stage, hybrid);
    const [acknowledged] = await bravo.heard('trust_acknowledgment');
    const handshakes = await bravo.heard('federation_handshake', { withinMs: 0 });
    const expected = handshakes.map(({ message }) => fingerprintOf(stage, message.pq_public_key));
    const got = statedIn(acknowledged?.message.trust_certificate);
    stage.check(
      ID,
      expected.some((one) => one === got),
      {
        what: 'pq_fingerprint of the certificate in return',
        expected: { oneOf: expected },
        got,
      },
    );
  },
});

/** Ours in return, on this link, with this in it. */
function acknowledging(link: Link, value: string): TrustRun {
  return link.peer.trustRun(link, { mutual: true, certificate: stating(value) });
}

const taken = defineCase({
  id: 'trust/fingerprints/the-key-of-the-link-is-taken',
  title: 'A certificate in return that states the key of the link is accepted',
  verifies: [ID],
  accepts: [ID],
  readings,
  needs: { capability: KEM },
  async run(stage) {
    const peer = await stage.peer(hybrid);
    const link = await hybridLink(peer);
    const value = ownFingerprint(stage, link);
    const run = acknowledging(link, value);
    const answer = await upTo(run, 'acknowledge');
    checkTaken(stage, ID, answer, { step: 'acknowledge', what: 'the key of the link' });
  },
});

interface Wrong {
  readonly id: string;
  readonly title: string;
  readonly isHybrid: boolean;
}

const wrong: readonly Wrong[] = [
  {
    id: 'another-key-than-that-of-the-link-is-refused',
    title: 'A certificate in return that states another post-quantum key is refused with 5811',
    isHybrid: true,
  },
  {
    id: 'a-key-on-a-classical-link-is-refused',
    title: 'A certificate in return that states a post-quantum key on a classical link is refused',
    isHybrid: false,
  },
];

const refused = wrong.map(({ id, title, isHybrid }) =>
  defineCase({
    id: `trust/fingerprints/${id}`,
    title,
    verifies: [ID],
    readings,
    ...(isHybrid && { needs: { capability: KEM } }),
    async run(stage) {
      const peer = await stage.peer(isHybrid ? hybrid : {});
      const link = await (isHybrid ? hybridLink(peer) : freshLink(peer));
      const value = stage.crypto.hash({ key: 'of somebody between' });
      const run = acknowledging(link, value);
      const answer = await upTo(run, 'acknowledge');
      const codes = [errorCode.trust.certificate];
      checkRefused(stage, ID, answer, { codes, what: title });
      await checkUntrusted(stage, ID, peer, 'the refusal');
    },
  }),
);

const decided = notAccepted('fingerprints', [
  {
    id: 'of-a-decision-on-a-classical-link-is-not-accepted',
    title: 'A decision whose certificate states a key that the link never had is not accepted',
    verifies: ID,
    readings,
    bends: (stage) => ({ certificate: stating(stage.crypto.hash({ key: 'of nobody' })) }),
  },
]);

export const cases: readonly Case[] = [issued, reverse, taken, ...refused, ...decided];

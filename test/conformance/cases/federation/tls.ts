/**
 * What TLS must have shown before a word is spoken, for servers that dial the subject (2.2 row 3).
 */
import { millis } from '../../../../reference/time.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { CertificateOptions, LinkOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import { checkCut, checkNoSession, checkSession, dialled, mustSpeak } from './steps/opening.ts';

const dayMs = 86_400_000;
const nowMs = (stage: Stage): number => stage.now() / millis(1);

const certificates: readonly {
  readonly id: string;
  readonly what: string;
  readonly options: (stage: Stage) => CertificateOptions;
}[] = [
  {
    id: 'an-unknown-root',
    what: 'a chain below a root that the subject does not accept',
    options: () => ({ unknownRoot: true }),
  },
  {
    id: 'a-self-signed-leaf',
    what: 'a leaf that has signed itself',
    options: () => ({ selfSigned: true }),
  },
  {
    id: 'an-expired-leaf',
    what: 'a leaf that has expired a minute ago',
    options: (stage) => ({
      notBeforeMs: nowMs(stage) - dayMs / 2,
      notAfterMs: nowMs(stage) - 60_000,
    }),
  },
  {
    id: 'a-leaf-of-tomorrow',
    what: 'a leaf that is not valid yet',
    options: (stage) => ({
      notBeforeMs: nowMs(stage) + dayMs,
      notAfterMs: nowMs(stage) + 30 * dayMs,
    }),
  },
  {
    id: 'a-leaf-that-may-not-sign',
    what: 'a leaf whose key usage has no digital_signature',
    options: () => ({ keyUsage: ['keyAgreement'] }),
  },
  {
    id: 'a-leaf-for-another-use',
    what: 'a leaf whose extended key usage is mail protection alone',
    options: () => ({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'] }),
  },
];

const refusedCertificates = certificates.map(({ id, what, options }) =>
  defineCase({
    id: `federation/tls/${id}-is-refused`,
    title: `No session comes of a link with ${what}`,
    verifies: ['F-CONN-04'],
    async run(stage) {
      await checkSession(stage, 'F-CONN-04', await stage.peer());
      const mallory = await stage.peer({ certificate: options(stage) });
      await checkNoSession(stage, 'F-CONN-04', mallory, { what });
    },
  }),
);

const dials: readonly {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly dial: LinkOptions;
}[] = [
  {
    id: 'a-link-without-a-certificate-is-refused',
    title: 'A link whose dialling side shows no certificate is cut',
    verifies: 'F-CONN-01',
    dial: { withoutCertificate: true },
  },
  {
    id: 'tls-1-2-is-refused',
    title: 'A link over TLS 1.2 is cut',
    verifies: 'F-CONN-01',
    dial: { maxTls: '1.2' },
  },
  {
    id: 'a-link-without-alpn-is-refused',
    title: 'A link without ALPN is cut',
    verifies: 'F-CONN-03',
    dial: { alpn: [] },
  },
  {
    id: 'a-link-without-a-common-alpn-is-refused',
    title: 'A link whose ALPN names no version that the subject speaks is cut',
    verifies: 'F-CONN-03',
    dial: { alpn: ['norc-f/9.0', 'http/1.1'] },
  },
];

const refusedDials = dials.map(({ id, title, verifies, dial }) =>
  defineCase({
    id: `federation/tls/${id}`,
    title,
    verifies: [verifies],
    ...(verifies === 'F-CONN-03' && { readings: ['L-V10'] as const }),
    async run(stage) {
      const bravo = await stage.peer();
      await checkSession(stage, verifies, bravo);
      await checkCut(stage, verifies, bravo, { dial, what: title });
      await checkSession(stage, verifies, bravo, 'an honest link afterwards');
    },
  }),
);

const bestAlpn = defineCase({
  id: 'federation/tls/the-best-common-alpn-is-chosen',
  title: 'The ALPN id of the greatest common version is chosen, in whatever order they are offered',
  verifies: ['F-CONN-03'],
  readings: ['L-V10'],
  async run(stage) {
    mustSpeak(stage, '1.0', '1.1', '2.0');
    const bravo = await stage.peer();
    for (const [offer, best] of [
      [['norc-f/1.0', 'norc-f/2.0', 'norc-f/1.1'], 'norc-f/2.0'],
      [['norc-f/1.0', 'norc-f/1.1'], 'norc-f/1.1'],
    ] as const) {
      const link = await bravo.dial({ alpn: offer });
      const got = link.refused ? null : link.alpn;
      stage.check('F-CONN-03', got === best, {
        what: `the choice among ${offer.join(', ')}`,
        expected: best,
        got,
      });
    }
    const none = { alpn: ['norc-f/0.9', 'norc-f/9.0'] };
    await checkCut(stage, 'F-CONN-03', bravo, { dial: none, what: 'no id in common' });
  },
});

const otherName = defineCase({
  id: 'federation/tls/the-handshake-names-the-server-of-the-certificate',
  title: 'A handshake in the name of a server that its certificate does not name is refused',
  verifies: ['F-CONN-05'],
  async run(stage) {
    const bravo = await stage.peer();
    await checkSession(stage, 'F-CONN-05', bravo);
    const { serverId } = await stage.peer();
    const link = await dialled(bravo);
    const { signature: _, ...honest } = link.composeHandshake();
    const named = { ...honest, requesting_server: serverId };
    const message = { ...named, signature: stage.crypto.sign(bravo.key, named) };
    const proof = link.proofFor(message, { requester: serverId });
    const answer = await link.requestRaw(message, { proof });
    const what = 'a handshake of bravo in the name of another server';
    checkRefused(stage, 'F-CONN-05', answer, { what, orBroken: true });
  },
});

const otherCertificate = defineCase({
  id: 'federation/tls/the-certificate-names-the-server-of-the-handshake',
  title: 'A certificate for another name does not serve for a handshake that is right by itself',
  verifies: ['F-CONN-05'],
  async run(stage) {
    await checkSession(stage, 'F-CONN-05', await stage.peer());
    const mallory = await stage.peer({ certificate: { dnsNames: [stage.domain('other')] } });
    await checkNoSession(stage, 'F-CONN-05', mallory, {
      what: 'an honest handshake over TLS with the certificate of another name',
    });
  },
});

export const cases: readonly Case[] = [
  bestAlpn,
  otherName,
  otherCertificate,
  ...refusedDials,
  ...refusedCertificates,
];

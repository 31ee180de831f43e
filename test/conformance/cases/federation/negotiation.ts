/**
 * Versions and suites of a link: the best of both lists or nothing (X-AMC, X-CS, X-PQ; D-1 to
 * D-4).
 */
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { HandshakeOptions, LinkOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { lowOrderExchangeKeys } from '../client/steps/points.ts';
import { checkRefused, told } from './steps/answers.ts';
import {
  checkOfferRefused,
  checkSession,
  dialled,
  mustOffer,
  mustSpeak,
  offered,
} from './steps/opening.ts';

const { federation: code, common } = errorCode;
const HYBRID = 'pq_kem.mlkem768.fips';

/** An offer of a fresh server is accepted with this version, or refused (null). */
async function checkVersion(
  stage: Stage,
  id: RequirementId,
  { dial, ...offer }: HandshakeOptions & { readonly dial?: LinkOptions },
  expected: { version: string | null; trustVersion?: string; what: string },
): Promise<void> {
  const { version, trustVersion, what } = expected;
  const bravo = await stage.peer();
  const link = await dialled(bravo, dial);
  const answer = await offered(stage, bravo, { ...offer, link });
  if (version === null) {
    const codes = [code.versionMismatch, code.malformed];
    return checkRefused(stage, id, answer, { what, codes, orBroken: true });
  }
  const { message } = answer;
  const response = message?.type === 'federation_handshake_response' ? message : null;
  const got = { version: response?.accepted_version, trustVersion: response?.norc_t_version };
  const isRight =
    got.version === version && (trustVersion === undefined || got.trustVersion === trustVersion);
  stage.check(id, isRight, { what, expected, got: response ? got : told(answer) });
}

const order = defineCase({
  id: 'federation/negotiation/the-order-of-versions-does-not-matter',
  title: 'The greatest common version is accepted, in whatever order the list has it',
  verifies: ['X-AMC-02'],
  readings: ['L-V01'],
  async run(stage) {
    mustSpeak(stage, '1.0', '1.1', '2.0');
    for (const versions of [
      ['1.0', '1.1', '2.0'],
      ['2.0', '1.0', '1.1'],
      ['1.1', '2.0', '1.0'],
    ]) {
      const dial = { alpn: versions.map((version) => `norc-f/${version}`) };
      const what = `the choice among ${versions.join(', ')}`;
      await checkVersion(stage, 'X-AMC-02', { dial, versions }, { version: '2.0', what });
    }
  },
});

const alpn = defineCase({
  id: 'federation/negotiation/alpn-and-list-agree',
  title: 'An ALPN below the best version of both lists is a downgrade and refused',
  verifies: ['F-HS-02'],
  readings: ['L-V10'],
  async run(stage) {
    mustSpeak(stage, '1.1', '2.0');
    const versions = ['2.0', '1.1'];
    const honest = { alpn: ['norc-f/2.0', 'norc-f/1.1'] };
    const both = 'both lists have 2.0 and 1.1';
    await checkVersion(
      stage,
      'F-HS-02',
      { dial: honest, versions },
      { version: '2.0', what: both },
    );
    const lowered = { alpn: ['norc-f/1.1'] };
    const what = `${both}, the ALPN is norc-f/1.1`;
    await checkVersion(stage, 'F-HS-02', { dial: lowered, versions }, { version: null, what });
  },
});

const distance = defineCase({
  id: 'federation/negotiation/majors-two-apart-do-not-meet',
  title: 'A list whose greatest major is two above that of the subject is refused',
  verifies: ['X-AMC-01'],
  readings: ['L-V03'],
  async run(stage) {
    mustSpeak(stage, '2.0');
    const dial = { alpn: ['norc-f/2.0'] };
    await checkVersion(
      stage,
      'X-AMC-01',
      { dial, versions: ['2.0', '3.0'] },
      { version: '2.0', what: 'a list of 2.0 and 3.0' },
    );
    await checkVersion(
      stage,
      'X-AMC-01',
      { dial, versions: ['2.0', '4.0'] },
      { version: null, what: 'a list of 2.0 and 4.0' },
    );
  },
});

const nothingCommon = defineCase({
  id: 'federation/negotiation/no-common-version-is-refused',
  title: 'Adjacent majors without a version in common are refused with 5601',
  verifies: ['X-AMC-03'],
  readings: ['L-V02'],
  async run(stage) {
    const dial = { alpn: [`norc-f/${stage.at}`] };
    await checkVersion(
      stage,
      'X-AMC-03',
      { dial, versions: [stage.at] },
      { version: stage.at, what: `a list of ${stage.at}` },
    );
    for (const versions of [['2.7'], ['1.7', '2.7'], ['1.5']]) {
      const what = `a list of ${versions.join(', ')}`;
      await checkVersion(stage, 'X-AMC-03', { dial, versions }, { version: null, what });
    }
    // The same rule chooses the version of NORC-T (L-V11).
    const trustVersions = ['2.7', '1.7'];
    const what = `NORC-T ${trustVersions.join(', ')}`;
    const offer = { dial, versions: [stage.at], trustVersions };
    await checkVersion(stage, 'X-AMC-03', offer, { version: null, what });
  },
});

const malformed = defineCase({
  id: 'federation/negotiation/malformed-versions-are-skipped',
  title: 'Texts that are no versions are skipped; a list of nothing else is refused',
  verifies: ['X-AMC-09'],
  readings: ['L-V05'],
  async run(stage) {
    const { at } = stage;
    const bend = (supported_versions: string[]): HandshakeOptions => ({
      handshake: (message) => ({ ...message, supported_versions }),
    });
    const mixed = ['latest', `v${at}`, at, `${at}.1`, '', '-1.0', '01.0'];
    const among = { version: at, what: `${at} among texts that are no versions` };
    await checkVersion(stage, 'X-AMC-09', bend(mixed), among);
    const nothing = { version: null, what: 'a list without any version' };
    await checkVersion(stage, 'X-AMC-09', bend([`v${at}`, '2', `0${at}`, 'latest']), nothing);
  },
});

const trustVersion = defineCase({
  id: 'federation/negotiation/the-trust-version-is-near-that-of-the-link',
  title: 'norc_t_version is the best that both speak within one major of the link, or 5601',
  verifies: ['X-AMC-14'],
  behaviour: ['X-AMC-14'],
  readings: ['L-V11'],
  async run(stage) {
    mustSpeak(stage, '1.0', '1.1', '2.0');
    const dial = { alpn: ['norc-f/2.0'] };
    for (const [trustVersions, expected] of [
      [['1.0', '2.0', '1.1'], '2.0'],
      [['1.0', '1.1'], '1.1'],
      [['9.0'], null],
      [['0.9'], null],
    ] as const) {
      const what = `NORC-T ${trustVersions.join(', ')} on a link at 2.0`;
      const wanted = expected === null ? { version: null } : { version: '2.0' };
      await checkVersion(
        stage,
        'X-AMC-14',
        { dial, versions: ['2.0'], trustVersions },
        { ...wanted, ...(expected && { trustVersion: expected }), what },
      );
    }
  },
});

const suites = defineCase({
  id: 'federation/negotiation/the-best-common-suite-is-chosen',
  title: 'The best suite of both lists is chosen in whatever order; without one there is 4000',
  verifies: ['X-CS-02', 'X-CS-03'],
  behaviour: ['X-CS-03'],
  readings: ['L-H09'],
  async run(stage) {
    const bravo = await stage.peer();
    const isHybrid = stage.subject.capabilities.includes(HYBRID);
    for (const [offer, best] of [
      [['0001'], '0001'],
      [['ffff', '0001', 'fffe'], '0001'],
      [['0001', '0101'], isHybrid ? '0101' : '0001'],
      [['0101', 'ffff', '0001'], isHybrid ? '0101' : '0001'],
    ] as const) {
      const link = await dialled(bravo);
      const answer = await offered(stage, bravo, { link, suites: offer });
      const { message } = answer;
      const got = message?.type === 'federation_handshake_response' ? message.cipher_suite : null;
      stage.check(offer.includes('0101' as never) ? 'X-CS-02' : 'X-CS-03', got === best, {
        what: `the choice among ${offer.join(', ')}`,
        expected: best,
        got: got ?? told(answer),
      });
      await link.close();
    }
    await checkOfferRefused(stage, 'X-CS-02', bravo, {
      suites: ['fffe', 'ffff'],
      what: 'no suite in common',
      codes: [common.cryptoError],
    });
  },
});

const classical = defineCase({
  id: 'federation/negotiation/hybrid-only-when-both-have-it',
  title: 'An offer without the hybrid suite is answered without its artefacts',
  verifies: ['X-PQ-01'],
  behaviour: ['X-PQ-01'],
  async run(stage) {
    const bravo = await stage.peer();
    const answer = await offered(stage, bravo, { link: await dialled(bravo), suites: ['0001'] });
    const { message } = answer;
    const isClassical =
      message?.type === 'federation_handshake_response' &&
      message.pq_ciphertext === undefined &&
      !message.shared_capabilities.includes(HYBRID);
    stage.check('X-PQ-01', isClassical, {
      what: 'the answer to an offer of 0001 alone',
      expected: 'neither pq_ciphertext nor the capability',
      got: told(answer),
    });
  },
});

const artefacts = defineCase({
  id: 'federation/negotiation/a-hybrid-offer-is-whole',
  title: 'A hybrid offer without its KEM key, or with half of one, is refused with 4000',
  verifies: ['X-PQ-02', 'X-PQ-04'],
  readings: ['L-H11', 'L-H12'],
  async run(stage) {
    mustOffer(stage, HYBRID);
    const bravo = await stage.peer();
    await checkHybrid(stage);
    const suites = ['0101', '0001'];
    await checkOfferRefused(stage, 'X-PQ-02', bravo, {
      suites,
      handshake: ({ pq_public_key: _, ...message }) => message,
      what: '0101 without pq_public_key',
      codes: [common.cryptoError, code.malformed],
    });
    for (const change of [-1, 1]) {
      await checkOfferRefused(stage, 'X-PQ-04', bravo, {
        suites,
        handshake: (message) => ({
          ...message,
          pq_public_key: resized(message.pq_public_key, limits.kemPublicKeyBytes + change),
        }),
        what: `a KEM key of ${limits.kemPublicKeyBytes + change} bytes`,
        codes: [common.cryptoError, code.malformed],
      });
    }
    await checkOfferRefused(stage, 'X-PQ-04', bravo, {
      suites,
      // FIPS 203 section 7.2: every coefficient is below the modulus. These are not.
      handshake: (message) => ({ ...message, pq_public_key: unreduced() }),
      what: 'a KEM key that is not reduced',
      codes: [common.cryptoError, code.malformed],
    });
  },
});

async function checkHybrid(stage: Stage): Promise<void> {
  const bravo = await stage.peer();
  const answer = await offered(stage, bravo, { link: await dialled(bravo), suites: ['0101'] });
  const { message } = answer;
  const got = message?.type === 'federation_handshake_response' ? message.cipher_suite : null;
  stage.check('X-PQ-02', got === '0101', {
    what: 'a whole hybrid offer',
    expected: '0101',
    got: got ?? told(answer),
  });
}

function resized(text: string | undefined, lengthBytes: number): string {
  const bytes = new Uint8Array(lengthBytes);
  bytes.set(bytesOf(text ?? '').subarray(0, lengthBytes));
  return encodeBase64url(bytes);
}

const unreduced = (): string =>
  encodeBase64url(new Uint8Array(limits.kemPublicKeyBytes).fill(0xff));

const lowOrder = defineCase({
  id: 'federation/negotiation/points-of-low-order-are-refused',
  title: 'An ephemeral key that yields no secret ends the handshake',
  verifies: ['X-KDF-07'],
  async run(stage) {
    const bravo = await stage.peer();
    await checkSession(stage, 'X-KDF-07', bravo);
    for (const ephemeral_public_key of lowOrderExchangeKeys) {
      await checkOfferRefused(stage, 'X-KDF-07', bravo, {
        handshake: (message) => ({ ...message, ephemeral_public_key }),
        what: 'an ephemeral key whose every multiple is zero',
        codes: [common.cryptoError, code.malformed],
        orBroken: true,
      });
    }
  },
});

export const cases: readonly Case[] = [
  order,
  alpn,
  distance,
  nothingCommon,
  malformed,
  trustVersion,
  suites,
  classical,
  artefacts,
  lowOrder,
];

/**
 * Cipher suites and the hybrid exchange, as far as a server decides them (X-CS, X-PQ, L-H09 to
 * L-H13).
 */
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { mustSpeak, negotiated, openingRequest, upgraded, upgradeFor } from './steps/opening.ts';
import { checkRefused, openingReaction } from './steps/reaction.ts';

const HYBRID = 'pq_kem.mlkem768.fips';
const codes = [errorCode.common.cryptoError];

const kemKey = ({ crypto, entropy }: Stage): string => crypto.kemKey(entropy(64)).publicKey;

/** PQ is a MAY: a subject that does not advertise it cannot be judged by its rules. */
async function mustBeHybrid(stage: Stage): Promise<void> {
  const { session } = await negotiated(stage);
  if (session?.accepted.server_capabilities.includes(HYBRID)) return;
  throw new Untestable(`the subject does not offer ${HYBRID}`);
}

const classical = defineCase({
  id: 'client/suites/0001-works',
  title: 'The mandatory suite leads to a session whose keys both sides have',
  verifies: ['X-CS-01', 'X-KDF-01', 'X-KDF-03', 'X-KDF-04'],
  behaviour: ['X-CS-01', 'X-KDF-01', 'X-KDF-03', 'X-KDF-04'],
  readings: ['L-H05', 'L-H06', 'L-H07'],
  async run(stage) {
    const { session } = await negotiated(stage, { suites: ['0001'] });
    const { suite, keys, transcript, confirmation } = session ?? {};
    stage.check('X-CS-01', suite === '0001', {
      what: 'the suite of a session where 0001 alone is offered',
      expected: '0001',
      got: suite,
    });
    const finished = confirmation?.server_finished ?? '';
    const isSame = keys !== undefined && transcript !== undefined;
    const holds = isSame && stage.crypto.verifyServerFinished(keys, transcript, finished);
    // One value depends on hash, salt and info: a difference in any of them shows.
    for (const id of ['X-KDF-01', 'X-KDF-03', 'X-KDF-04'] as const) {
      stage.check(id, holds, {
        what: 'server_finished, under keys derived as HKDF-BLAKE3 with both nonces and info',
        expected: isSame ? stage.crypto.serverFinished(keys, transcript) : 'a session',
        got: finished,
      });
    }
  },
});

const hybrid = defineCase({
  id: 'client/suites/0101-works',
  title: 'The hybrid suite leads to keys of both secrets, the classical one first',
  verifies: ['X-CS-01', 'X-KDF-02'],
  behaviour: ['X-CS-01', 'X-KDF-02'],
  readings: ['L-H11', 'L-H13'],
  async run(stage) {
    await mustBeHybrid(stage);
    const { session } = await negotiated(stage, { suites: ['0101'] });
    const { suite, keys, transcript, confirmation } = session ?? {};
    stage.check('X-CS-01', suite === '0101', {
      what: 'the suite of a session where 0101 alone is offered',
      expected: '0101',
      got: suite,
    });
    const finished = confirmation?.server_finished ?? '';
    const isSame = keys !== undefined && transcript !== undefined;
    stage.check(
      'X-KDF-02',
      isSame && stage.crypto.verifyServerFinished(keys, transcript, finished),
      {
        what: 'server_finished, under keys of the classical secret followed by the other',
        expected: isSame ? stage.crypto.serverFinished(keys, transcript) : 'a session',
        got: finished,
      },
    );
  },
});

const best = defineCase({
  id: 'client/suites/the-best-common-suite-is-chosen',
  title: 'The best suite that both have is chosen, in whatever order it is offered',
  verifies: ['X-CS-02'],
  readings: ['L-H09'],
  async run(stage) {
    await mustBeHybrid(stage);
    for (const suites of [
      ['0101', '0001'],
      ['0001', '0101'],
      ['0002', '0001', 'ffff', '0101'],
    ]) {
      const connection = await upgraded(stage);
      const offer = { cipher_suites: suites, pq_public_key: kemKey(stage) };
      await connection.send(openingRequest(stage, offer));
      const { message } = await connection.receive('connection_accepted');
      stage.check('X-CS-02', message.cipher_suite === '0101', {
        what: `the choice among ${suites.join(', ')}`,
        expected: '0101',
        got: message.cipher_suite,
      });
    }
    await checkNoCommonSuite(stage);
  },
});

async function checkNoCommonSuite(stage: Stage): Promise<void> {
  const connection = await upgraded(stage);
  const offer = { cipher_suites: ['fffe', 'ffff'], pq_public_key: kemKey(stage) };
  await connection.send(openingRequest(stage, offer));
  checkRefused(stage, 'X-CS-02', await openingReaction(connection), {
    what: 'no suite in common',
    codes,
    after: 'closed',
  });
}

const noCommon = defineCase({
  id: 'client/suites/no-common-suite-ends-the-handshake',
  title: 'Lists without a suite in common lead to 4000 and no session',
  verifies: ['X-CS-02'],
  run: checkNoCommonSuite,
});

const unknown = defineCase({
  id: 'client/suites/unknown-suites-are-ignored',
  title: 'Unknown suite ids are skipped and 0001 is always there',
  verifies: ['X-CS-03'],
  readings: ['L-H01'],
  async run(stage) {
    const { session } = await negotiated(stage, { suites: ['ffff', 'tls13', '0001', '9999'] });
    stage.check('X-CS-03', session?.suite === '0001', {
      what: 'the choice among ffff, tls13, 0001, 9999',
      expected: '0001',
      got: session?.suite,
    });
    if (stage.subject.versions.includes('1.0')) await checkKeyless(stage);
  },
});

/** L-H01: what the published 1.0 text sends has no keys; it counts only where policy allows it. */
async function checkKeyless(stage: Stage): Promise<void> {
  const connection = await upgraded(stage, upgradeFor(['1.0']));
  const { type, capabilities } = openingRequest(stage);
  const lists = { client_versions: ['1.0'], preferred_version: '1.0' };
  await connection.sendRaw({ type, capabilities, ...lists });
  checkRefused(stage, 'X-CS-03', await openingReaction(connection), {
    what: 'a request of 1.0 without suites and keys',
    codes,
    after: 'closed',
  });
}

const keyless = defineCase({
  id: 'client/suites/a-keyless-handshake-is-refused-by-default',
  title: 'A 1.0 handshake without suites and keys is refused unless policy allows it',
  verifies: ['X-CS-03'],
  readings: ['L-H01', 'L-V12'],
  async run(stage) {
    mustSpeak(stage, '1.0');
    await checkKeyless(stage);
  },
});

const fips = defineCase({
  id: 'client/suites/a-fips-server-refuses-other-suites',
  title: 'A server restricted to FIPS suites ends on no other',
  verifies: ['X-CS-05'],
  readings: ['L-H09', 'L-H10'],
  needs: { policy: { onlySuites: ['0002'] } },
  async run(stage) {
    for (const cipher_suites of [['0001'], ['0101', '0001']]) {
      const connection = await upgraded(stage);
      const offer = { cipher_suites, pq_public_key: kemKey(stage) };
      await connection.send(openingRequest(stage, offer));
      checkRefused(stage, 'X-CS-05', await openingReaction(connection), {
        what: `${cipher_suites.join(', ')} offered to a server of 0002 alone`,
        codes,
        after: 'closed',
      });
    }
  },
});

const notAsked = defineCase({
  id: 'client/suites/no-kem-unless-both-have-it',
  title: 'A device that does not offer the hybrid suite gets no ciphertext',
  verifies: ['X-PQ-01'],
  behaviour: ['X-PQ-01'],
  async run(stage) {
    for (const pq_public_key of [undefined, kemKey(stage)]) {
      const connection = await upgraded(stage);
      await connection.send(openingRequest(stage, pq_public_key ? { pq_public_key } : {}));
      const { message } = await connection.receive('connection_accepted');
      const isClassical = message.cipher_suite === '0001' && message.pq_ciphertext === undefined;
      stage.check('X-PQ-01', isClassical, {
        what: `0001 offered ${pq_public_key ? 'with' : 'without'} an encapsulation key`,
        expected: { cipher_suite: '0001' },
        got: { cipher_suite: message.cipher_suite, pq_ciphertext: message.pq_ciphertext ?? null },
      });
    }
  },
});

/** D-4. */
const stripped = defineCase({
  id: 'client/suites/a-hybrid-offer-without-its-key-is-refused',
  title: 'A hybrid suite offered without an encapsulation key ends the handshake',
  verifies: ['X-PQ-02', 'X-PQ-03'],
  behaviour: ['X-PQ-03'],
  readings: ['L-H12'],
  async run(stage) {
    await mustBeHybrid(stage);
    await checkKemRefused(stage, ['X-PQ-02', 'X-PQ-03'], { what: 'no encapsulation key' });
  },
});

const wrongKeys = defineCase({
  id: 'client/suites/encapsulation-keys-are-checked',
  title: 'An encapsulation key of another length, or not reduced, ends the handshake',
  verifies: ['X-PQ-04'],
  readings: ['L-H11'],
  async run(stage) {
    await mustBeHybrid(stage);
    const good = bytesOf(kemKey(stage));
    const unreduced = Uint8Array.from(good, (byte, at) => (at < 3 ? 0xff : byte));
    const wrong = { 'a byte short': good.slice(1), 'a coefficient of 4095': unreduced };
    for (const [what, bytes] of Object.entries(wrong)) {
      await checkKemRefused(stage, ['X-PQ-04'], { what, key: encodeBase64url(bytes) });
    }
    const longer = new Uint8Array(good.length + 1);
    longer.set(good);
    const what = 'a byte long';
    await checkKemRefused(stage, ['X-PQ-04'], { what, key: encodeBase64url(longer) });
  },
});

/**
 * 3000 where the length is a matter of shape. Falling back to 0001, which is offered too, is the
 * fault.
 */
async function checkKemRefused(
  stage: Stage,
  ids: readonly ('X-PQ-02' | 'X-PQ-03' | 'X-PQ-04')[],
  { what, key }: { readonly what: string; readonly key?: string },
): Promise<void> {
  const connection = await upgraded(stage);
  const offer = { cipher_suites: ['0101', '0001'], ...(key && { pq_public_key: key }) };
  await connection.sendRaw({ ...openingRequest(stage, offer) });
  const reaction = await openingReaction(connection);
  const allowed = key ? [...codes, errorCode.common.protocolError] : codes;
  for (const id of ids)
    checkRefused(stage, id, reaction, { what, codes: allowed, after: 'closed' });
}

export const cases: readonly Case[] = [
  classical,
  hybrid,
  best,
  noCommon,
  unknown,
  keyless,
  fips,
  notAsked,
  stripped,
  wrongKeys,
];

/** Revocation lists that the subject issues (T-CRL, T-REV-17, T-REV-18; T 5.2, L-R02, L-R08). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import {
  checkListed,
  checkUnlisted,
  entryFor,
  fetchedBy,
  HOUR_MS,
  seldomPolls,
} from './steps/lists.ts';
import { freshLink } from './steps/outcomes.ts';

const DAY_MS = 24 * HOUR_MS;
const nowOf = (stage: Stage): number => Math.floor(stage.now() / 1_000_000);

/** Trust with a peer, taken back by the subject's operator. */
async function revoked(stage: Stage, order: { reason: string; gracePeriodSeconds?: number }) {
  const bravo = await stage.peer();
  const { certificate } = await bravo.establish();
  await stage.command({ command: 'revoke-trust', server: bravo.serverId, ...order });
  await bravo.heard('trust_revoke');
  return { bravo, certificateId: certificate.certificate_id };
}

const signed = defineCase({
  id: 'trust/crl/is-signed-and-in-time',
  title: 'Whoever has shaken hands gets the list: of the subject, signed, begun and not yet over',
  verifies: ['T-CRL-01'],
  behaviour: ['T-CRL-01'],
  readings: ['L-R08'],
  async run(stage) {
    const { list, text } = await fetchedBy(await stage.peer());
    const received: JsonObject = JSON.parse(text);
    const { publicKey, serverId } = stage.subject;
    const isSigned = stage.crypto.verify(publicKey, without(received, 'signature'), list.signature);
    stage.check('T-CRL-01', isSigned && list.issuer_server === serverId, {
      what: 'name and signature of the list',
      expected: serverId,
      got: { issuer_server: list.issuer_server, isSigned },
    });
    const now = nowOf(stage);
    // The clocks of two machines may differ.
    const isBegun = list.this_update <= now + limits.federationSkewSeconds;
    stage.check('T-CRL-01', isBegun && now < list.next_update, {
      what: 'this_update and next_update around now',
      expected: now,
      got: [list.this_update, list.next_update],
    });
  },
});

const short = defineCase({
  id: 'trust/crl/lasts-a-day-at-most',
  title: 'A list promises the next one within a day, and keeps the promise',
  verifies: ['T-CRL-04'],
  behaviour: ['T-CRL-04'],
  readings: ['L-R08'],
  needs: { waitsSeconds: 86_400 },
  async run(stage) {
    const bravo = await stage.peer();
    const { list: first } = await fetchedBy(bravo);
    await stage.pass((first.next_update - nowOf(stage)) * 1000);
    const { list: second } = await fetchedBy(bravo);
    for (const { this_update, next_update } of [first, second]) {
      const life = next_update - this_update;
      stage.check('T-CRL-04', life > 0 && life <= limits.crlSeconds, {
        what: 'next_update − this_update, in seconds',
        expected: `at most ${limits.crlSeconds}`,
        got: life,
      });
    }
    stage.check('T-CRL-04', second.next_update > nowOf(stage), {
      what: 'next_update of the list that is there when the first one ends',
      expected: `after ${nowOf(stage)}`,
      got: second.next_update,
    });
  },
});

const numbered = defineCase({
  id: 'trust/crl/the-number-grows-with-the-content',
  title: 'A list of another content has a higher number; under one number it never changes',
  verifies: ['T-CRL-02'],
  behaviour: ['T-CRL-02'],
  readings: ['L-R08'],
  needs: { commands: true, alone: true },
  async run(stage) {
    const witness = await stage.peer();
    const before = await fetchedBy(witness);
    const again = await fetchedBy(witness);
    const isSame = again.list.crl_number === before.list.crl_number;
    stage.check('T-CRL-02', !isSame || again.text === before.text, {
      what: 'two lists of one number',
      expected: before.list,
      got: again.list,
    });
    const { certificateId } = await revoked(stage, { reason: 'policy_violation' });
    const { list: after } = await fetchedBy(witness);
    checkListed(stage, 'T-CRL-02', after, { certificateId, when: 'after its revocation' });
    const numbers = [again.list.crl_number ?? 0, after.crl_number ?? 0] as const;
    stage.check('T-CRL-02', numbers[1] > numbers[0], {
      what: 'crl_number after a revocation',
      expected: `more than ${numbers[0]}`,
      got: numbers[1],
    });
  },
});

const afterRestart = defineCase({
  id: 'trust/crl/a-restart-forgets-no-entry',
  title: 'After a restart every entry is still there',
  verifies: ['T-CRL-03'],
  behaviour: ['T-CRL-03'],
  readings: ['L-R08'],
  needs: { commands: true, restart: true },
  async run(stage) {
    const { bravo, certificateId } = await revoked(stage, { reason: 'policy_violation' });
    const { list: before } = await fetchedBy(bravo);
    checkListed(stage, 'T-CRL-03', before, { certificateId, when: 'before the restart' });
    await stage.restartSubject();
    const { list: after } = await fetchedBy(bravo);
    checkListed(stage, 'T-CRL-03', after, { certificateId, when: 'after the restart' });
  },
});

const stays = defineCase({
  id: 'trust/crl/an-entry-stays-while-the-certificate-would-last',
  title: 'An entry is there for as long as its certificate would have been valid',
  verifies: ['T-CRL-03'],
  behaviour: ['T-CRL-03'],
  readings: ['L-R08'],
  needs: {
    commands: true,
    waitsSeconds: 19 * 86_400,
    policy: { trust: { ...seldomPolls.trust, certificateSeconds: 20 * 86_400 } },
  },
  async run(stage) {
    const { bravo, certificateId } = await revoked(stage, { reason: 'voluntary' });
    for (const days of [1, 8, 10]) {
      await stage.pass(days * DAY_MS);
      const { list } = await fetchedBy(bravo);
      checkListed(stage, 'T-CRL-03', list, { certificateId, when: `${days} more days later` });
    }
  },
});

/** L-R02. */
const reasons: { readonly [reason: string]: string } = {
  compromised_key: 'key_compromise',
  policy_violation: 'privilege_withdrawn',
  voluntary: 'cessation_of_operation',
  superseded: 'superseded',
};

const mapped = Object.entries(reasons).map(([reason, listed]) =>
  defineCase({
    id: `trust/crl/lists-${reason.replaceAll('_', '-')}-as-${listed.replaceAll('_', '-')}`,
    title: `A certificate that is revoked as ${reason} is listed as ${listed}`,
    verifies: ['T-REV-17'],
    behaviour: ['T-REV-17'],
    readings: ['L-R02'],
    needs: { commands: true },
    async run(stage) {
      const { bravo, certificateId } = await revoked(stage, { reason });
      const entry = entryFor((await fetchedBy(bravo)).list, certificateId);
      stage.check('T-REV-17', entry?.revocation_reason === listed, {
        what: `the reason on the list of a certificate that was revoked as ${reason}`,
        expected: listed,
        got: entry?.revocation_reason ?? 'no entry',
      });
    },
  }),
);

const inGrace = defineCase({
  id: 'trust/crl/what-is-in-grace-is-listed-after-it',
  title: 'A certificate in its grace is not listed as revoked before the grace is over',
  verifies: ['T-REV-17'],
  behaviour: ['T-REV-17'],
  readings: ['L-R04', 'L-R08'],
  needs: { commands: true, waitsSeconds: 3601 },
  async run(stage) {
    const order = { reason: 'superseded', gracePeriodSeconds: 3600 };
    const { bravo, certificateId } = await revoked(stage, order);
    const { list: during } = await fetchedBy(bravo);
    checkUnlisted(stage, 'T-REV-17', during, { certificateId, when: 'in the grace' });
    await stage.pass(3_601_000);
    const { list: after } = await fetchedBy(bravo);
    checkListed(stage, 'T-REV-17', after, { certificateId, when: 'after the grace' });
  },
});

const lifeSeconds = 7200;

const expired = defineCase({
  id: 'trust/crl/what-expires-by-itself-is-not-listed',
  title: 'A certificate that has expired, and one that is revoked as expired, have no entry',
  verifies: ['T-REV-18'],
  behaviour: ['T-REV-18'],
  readings: ['L-R02'],
  needs: {
    commands: true,
    waitsSeconds: lifeSeconds,
    policy: { trust: { certificateSeconds: lifeSeconds, autoRenew: false } },
  },
  async run(stage) {
    const charlie = await stage.peer();
    const { certificate } = await charlie.establish();
    const { bravo, certificateId } = await revoked(stage, { reason: 'expired' });
    const { list: before } = await fetchedBy(bravo);
    checkUnlisted(stage, 'T-REV-18', before, {
      certificateId,
      when: 'after a revocation as expired',
    });
    await stage.pass(lifeSeconds * 1000);
    const { list: after } = await fetchedBy(bravo);
    const ended = { certificateId: certificate.certificate_id, when: 'after the end of another' };
    checkUnlisted(stage, 'T-REV-18', after, ended);
  },
});

const unproven = defineCase({
  id: 'trust/crl/is-fetched-with-a-proof',
  title: 'Without a proof of who asks the list is not given',
  verifies: ['F-AUTH-01'],
  readings: ['L-F09', 'L-R08'],
  async run(stage) {
    const bravo: Peer = await stage.peer();
    const answer = await (await freshLink(bravo)).fetchList({ proof: null });
    const codes = [errorCode.common.cryptoError];
    checkRefused(stage, 'F-AUTH-01', answer, {
      codes,
      orBroken: true,
      what: 'a GET without proof',
    });
  },
});

export const cases: readonly Case[] = [
  signed,
  short,
  numbered,
  afterRestart,
  stays,
  ...mapped,
  inGrace,
  expired,
  unproven,
];

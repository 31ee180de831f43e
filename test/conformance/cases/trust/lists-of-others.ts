/** What the subject makes of the revocation lists of its peers (T-CRL, T-CERT-08, T-REV-13, -15). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcCrl } from '../../../../spec/messages/trust/norc-crl.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { checkDelivered, neighbours } from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { checkLapses, HOUR_MS, seldomPolls } from './steps/lists.ts';
import { checkTrusted, checkUntrusted } from './steps/outcomes.ts';
import { checkAcknowledged, checkCut, revoke } from './steps/revoking.ts';

const POLL_MS = limits.revocationPollSeconds * 1000 + 1000;
const nowOf = (stage: Stage): number => Math.floor(stage.now() / 1_000_000);
const longWait = { waitsSeconds: 26 * 3600, policy: seldomPolls } as const;

async function trusting(stage: Stage): Promise<{ bravo: Peer; certificateId: string }> {
  const bravo = await stage.peer();
  const { reverse } = await bravo.establish();
  return { bravo, certificateId: reverse?.certificate_id ?? '' };
}

const polled = defineCase({
  id: 'trust/lists-of-others/are-fetched-every-minute',
  title: 'The list of a server whose certificate the subject holds is fetched every 60 s',
  verifies: ['T-REV-15'],
  behaviour: ['T-REV-15'],
  readings: ['L-R07'],
  needs: { waitsSeconds: 190 },
  async run(stage) {
    const { bravo } = await trusting(stage);
    await stage.pass(3 * POLL_MS);
    const { length } = await bravo.fetches({ withinMs: 0 });
    stage.check('T-REV-15', length >= 3, {
      what: 'how often the list was fetched in three minutes',
      expected: '3 or more',
      got: length,
    });
  },
});

const listed = defineCase({
  id: 'trust/lists-of-others/what-they-list-is-revoked',
  title: 'A certificate of the subject that its issuer lists ends relays, though nobody was told',
  verifies: ['T-CERT-07'],
  behaviour: ['T-CERT-07'],
  readings: ['L-R07', 'L-R08'],
  needs: { waitsSeconds: 61 },
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    await checkDelivered(stage, 'T-CERT-07', people);
    bravo.serveList(bravo.composeList({ revoked: [established.reverse?.certificate_id ?? ''] }));
    await stage.pass(POLL_MS);
    await checkCut(stage, 'T-CERT-07', people, 'the list');
  },
});

const forged = defineCase({
  id: 'trust/lists-of-others/a-forged-one-has-no-effect',
  title: 'A list whose signature does not verify revokes nothing',
  verifies: ['T-CRL-01'],
  readings: ['L-R08'],
  needs: { waitsSeconds: 61 },
  async run(stage) {
    const { bravo, certificateId } = await trusting(stage);
    const list = bravo.composeList({ revoked: [certificateId] });
    bravo.serveList({ ...list, crl_number: Number(list.crl_number) + 1 });
    await stage.pass(POLL_MS);
    await checkTrusted(stage, 'T-CRL-01', bravo, 'a forged list');
  },
});

const unavailable = defineCase({
  id: 'trust/lists-of-others/without-one-for-a-day-trust-is-suspended',
  title: 'At basic a day without a list is borne; then trust is suspended until there is one',
  verifies: ['T-CERT-08'],
  readings: ['L-T15'],
  needs: longWait,
  async run(stage) {
    const { bravo } = await trusting(stage);
    const serve = () => bravo.serveList('failing');
    await checkLapses(stage, 'T-CERT-08', bravo, { serve, what: 'no list' });
    bravo.serveList('honest');
    await stage.pass(HOUR_MS);
    await checkTrusted(stage, 'T-CERT-08', bravo, 'a list at last');
  },
});

interface Useless {
  readonly id: string;
  readonly title: string;
  readonly verifies: 'T-CRL-01' | 'T-CRL-02' | 'T-CRL-04';
  /** What is served; `round` counts from 0, every twelve hours. */
  readonly list: (stage: Stage, bravo: Peer, round: number) => JsonObject;
}

const bent = (bravo: Peer, bend: Bend<NorcCrl>): JsonObject => bravo.composeList({ bend });

const useless: readonly Useless[] = [
  {
    id: 'a-stale-one-says-nothing',
    title: 'A list after its next_update is no sign that a certificate stands',
    verifies: 'T-CRL-01',
    list: (stage, bravo) => {
      const now = nowOf(stage);
      return bent(bravo, set({ this_update: now - 7200, next_update: now - 3600 }));
    },
  },
  {
    id: 'one-of-the-future-says-nothing',
    title: 'A list before its this_update is no sign that a certificate stands',
    verifies: 'T-CRL-01',
    list: (stage, bravo) => {
      const later = nowOf(stage) + 13 * 3600;
      return bent(bravo, set({ this_update: later, next_update: later + 3600 }));
    },
  },
  {
    id: 'one-for-longer-than-a-day-says-nothing',
    title: 'A list that promises the next one in ten days is not relied on',
    verifies: 'T-CRL-04',
    list: (stage, bravo) => bent(bravo, set({ next_update: nowOf(stage) + 10 * 86_400 })),
  },
];

const unusable = useless.map(({ id, title, verifies, list }) =>
  defineCase({
    id: `trust/lists-of-others/${id}`,
    title,
    verifies: [verifies],
    readings: ['L-R08', 'L-T15'],
    needs: longWait,
    async run(stage) {
      const { bravo } = await trusting(stage);
      let round = 0;
      const serve = () => {
        bravo.serveList(list(stage, bravo, round));
        round += 1;
      };
      await checkLapses(stage, verifies, bravo, { serve, what: 'such lists' });
    },
  }),
);

/** A first good list, then others that are not above it. */
const rolledBack = [
  { id: 'a-lower-number-says-nothing', title: 'A list of a lower number is refused', step: -1 },
  {
    id: 'the-same-number-with-other-content-says-nothing',
    title: 'A second list of the same number is not relied on',
    step: 0,
  },
].map(({ id, title, step }) =>
  defineCase({
    id: `trust/lists-of-others/${id}`,
    title,
    verifies: ['T-CRL-02'],
    readings: ['L-R08', 'L-T15'],
    needs: { waitsSeconds: 27 * 3600, policy: seldomPolls },
    async run(stage) {
      const { bravo } = await trusting(stage);
      const number = nowOf(stage);
      bravo.serveList(bravo.composeList({ number }));
      await stage.pass(HOUR_MS);
      const serve = () => bravo.serveList(bravo.composeList({ number: number + step }));
      await checkLapses(stage, 'T-CRL-02', bravo, { serve, what: 'lists that are not newer' });
    },
  }),
);

const gap = defineCase({
  id: 'trust/lists-of-others/a-gap-in-the-chain-is-looked-up-there',
  title: 'When a revocation is linked to one that never came, the list of the issuer is fetched',
  verifies: ['T-REV-13'],
  readings: ['L-R09'],
  async run(stage) {
    const bravo = await stage.peer();
    const established = await bravo.establish();
    const unknown = () => ({ trust_certificate_id: stage.uuid() });
    await revoke(bravo, established, set(unknown()));
    bravo.composeRevocation(established, set(unknown())); // and never sent
    const answer = await revoke(bravo, established, set(unknown()));
    checkAcknowledged(stage, 'T-REV-13', answer, 'a revocation after one that is missing');
    const fetches = await bravo.fetches();
    stage.check('T-REV-13', fetches.length > 0, {
      what: 'how often the list was fetched after the gap',
      expected: '1 or more',
      got: fetches.length,
    });
  },
});

const shown = defineCase({
  id: 'trust/lists-of-others/are-shown-to-other-peers',
  title: 'A list that the subject has fetched is shown to another peer of its own, unchanged',
  verifies: ['T-CRL-02'],
  behaviour: ['T-CRL-02'],
  readings: ['L-R08'],
  needs: { waitsSeconds: 61 },
  async run(stage) {
    const { bravo } = await trusting(stage);
    const { bravo: charlie } = await trusting(stage);
    bravo.serveList(bravo.composeList());
    await stage.pass(POLL_MS);
    const heard = await charlie.heard('norc_crl');
    const ofBravo = heard.filter(({ message }) => message.issuer_server === bravo.serverId);
    stage.check('T-CRL-02', ofBravo.length > 0, {
      what: 'lists of bravo that charlie has been shown',
      expected: '1 or more',
      got: ofBravo.length,
    });
  },
});

const suspendedAgain = defineCase({
  id: 'trust/lists-of-others/a-restart-does-not-make-it-known',
  title: 'Trust that is suspended for want of a list stays so over a restart',
  verifies: ['T-CERT-08'],
  readings: ['L-T15'],
  needs: { ...longWait, restart: true },
  async run(stage) {
    const { bravo } = await trusting(stage);
    bravo.serveList('failing');
    await stage.pass(25 * HOUR_MS);
    await stage.restartSubject();
    await checkUntrusted(stage, 'T-CERT-08', bravo, 'a day without a list and a restart');
  },
});

export const cases: readonly Case[] = [
  polled,
  listed,
  forged,
  unavailable,
  ...unusable,
  ...rolledBack,
  gap,
  shown,
  suspendedAgain,
];

/**
 * The subject as the holder of a certificate of ours: it renews in time, takes no successor that is
 * not one, and sends on without a gap (machine trust-requester, rows 9 and 9a).
 */
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { AnswerBends, Peer, PeerOptions } from '../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { type Correspondents, write } from '../federation/steps/sending.ts';
import { set } from './steps/changes.ts';

/** Validity of what we issue here, and where the last third of it begins. */
const LASTS_SECONDS = 5400;
const THIRD_SECONDS = 3600;

const shortLived: Bend<NorcTrustCertificate> = (certificate) => ({
  ...certificate,
  not_after: certificate.not_before + LASTS_SECONDS,
});

/** The subject has asked bravo for trust, and holds a certificate for an hour and a half. */
async function holder(stage: Stage, options: PeerOptions = {}): Promise<Correspondents> {
  const alice = await stage.device();
  const bravo = await stage.peer({
    ...options,
    bends: { certificate: shortLived, ...options.bends },
  });
  const { userId } = bravo.user;
  const conversationId = await alice.createConversation([userId]);
  const people = { alice, bravo, conversationId };
  await write(people, { text: 'the first' });
  const relays = await bravo.relayed();
  if (relays.length === 0) throw new Untestable('the subject does not ask for trust by itself');
  return people;
}

/** Alice's session does not outlive the wait. */
async function later(stage: Stage, people: Correspondents, seconds: number) {
  await stage.pass(seconds * 1000);
  return { ...people, alice: await people.alice.reconnect() };
}

async function relaysAfterWriting(people: Correspondents, withinMs?: number): Promise<number> {
  const before = (await people.bravo.relayed({ withinMs: 0, count: 0 })).length;
  await write(people, { text: 'another' });
  const options = { count: before + 1, ...(withinMs !== undefined && { withinMs }) };
  return (await people.bravo.relayed(options)).length - before;
}

async function renewalsOf(bravo: Peer) {
  const heard = await bravo.heard('trust_renewal', { withinMs: 1500 });
  if (heard.length === 0) throw new Untestable('the subject does not renew by itself');
  return heard.map(({ message }) => message);
}

const inTime = defineCase({
  id: 'trust/renewing/it-asks-in-the-last-third',
  title: 'The subject asks for a successor in the last third of a short certificate, not before',
  verifies: ['T-REN-01', 'T-REN-03'],
  behaviour: ['T-REN-01', 'T-REN-03'],
  readings: ['L-R10'],
  needs: { waitsSeconds: LASTS_SECONDS },
  async run(stage) {
    const people = await holder(stage);
    await stage.pass((THIRD_SECONDS - 120) * 1000);
    const early = await people.bravo.heard('trust_renewal', { withinMs: 0, count: 0 });
    stage.check('T-REN-03', early.length === 0, {
      what: 'renewals of the subject before the last third of the validity',
      expected: 0,
      got: early.length,
    });
    await stage.pass(130_000);
    const [renewal] = await renewalsOf(people.bravo);
    stage.check('T-REN-01', renewal?.renewal_reason === 'scheduled', {
      what: 'the reason of a renewal in the last third',
      expected: 'scheduled',
      got: renewal?.renewal_reason,
    });
  },
});

const noGap = defineCase({
  id: 'trust/renewing/it-sends-on-without-a-gap',
  title: 'Across the end of the old certificate the subject goes on relaying under the new one',
  verifies: ['T-REN-03', 'T-REN-05'],
  behaviour: ['T-REN-03', 'T-REN-05'],
  readings: ['L-R10'],
  needs: { waitsSeconds: 2 * LASTS_SECONDS },
  async run(stage) {
    let people = await holder(stage, { bends: { successor: shortLived } });
    for (let minutes = 20; minutes <= 180; minutes += 20) {
      people = await later(stage, people, 1200);
      const count = await relaysAfterWriting(people);
      stage.check('T-REN-03', count === 1, {
        what: `relays of the subject after ${minutes} minutes`,
        expected: 1,
        got: count,
      });
    }
    const renewals = await renewalsOf(people.bravo);
    const acks = (await people.bravo.heard('trust_acknowledgment')).map(({ message }) => message);
    const closed = renewals.filter(({ renewal_id }) => {
      return acks.some((ack) => ack.request_id === renewal_id && ack.decision_accepted);
    });
    stage.check('T-REN-05', closed.length === renewals.length, {
      what: 'renewals of the subject, and those that it has acknowledged',
      expected: renewals.length,
      got: closed.length,
    });
  },
});

const insistent = defineCase({
  id: 'trust/renewing/after-silence-it-asks-again-under-the-same-id',
  title: 'A renewal that is not answered is sent again, with the same id and content',
  verifies: ['T-REN-05'],
  behaviour: ['T-REN-05'],
  needs: { waitsSeconds: LASTS_SECONDS },
  async run(stage) {
    const people = await holder(stage, { leaves: ['trust_renewal'] });
    await stage.pass((THIRD_SECONDS + 10) * 1000);
    await renewalsOf(people.bravo);
    await stage.pass((limits.renewalRetrySeconds + 120) * 1000);
    const renewals = await renewalsOf(people.bravo);
    const [first] = renewals;
    const texts = new Set(renewals.map((renewal) => stage.crypto.hash({ ...renewal })));
    stage.check('T-REN-05', renewals.length > 1 && texts.size === 1, {
      what: 'renewals of the subject in seven minutes without an answer',
      expected: { moreThan: 1, all: first },
      got: renewals,
    });
  },
});

// --- successors that are none --------------------------------------------------------------------

interface Fault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly bends: (stage: Stage) => AnswerBends;
}

const faults: readonly Fault[] = [
  {
    id: 'of-a-higher-level-is-not-taken',
    title: 'A decision on a renewal that grants a higher level than was asked is not accepted',
    verifies: 'T-DEC-02',
    bends: () => ({ successor: set({ trust_level: 'verified' }) }),
  },
  {
    id: 'that-begins-after-the-old-one-ends-is-not-taken',
    title: 'A successor that begins after the end of the old certificate is not accepted',
    verifies: 'T-REN-03',
    readings: ['L-R10'],
    bends: () => ({
      successor: (certificate) => ({
        ...certificate,
        not_before: certificate.not_before + LASTS_SECONDS,
        not_after: certificate.not_before + 3 * LASTS_SECONDS,
      }),
    }),
  },
  {
    id: 'with-a-condition-that-is-overdue-is-not-taken',
    title: 'A successor with a condition that is overdue is not accepted',
    verifies: 'T-CERT-06',
    bends: () => ({
      successor: (certificate) => ({
        ...certificate,
        conditions: [
          {
            condition_type: 'security_review',
            parameters: {},
            deadline: certificate.not_before - 60,
            auto_action: 'notify',
          },
        ],
      }),
    }),
  },
  {
    id: 'for-another-key-is-not-taken',
    title: 'A successor that certifies another key than the subject has is not accepted',
    verifies: 'T-CERT-04',
    bends: (stage) => ({
      successor: set({ public_key: stage.crypto.signingKey(stage.entropy(32)).publicKey }),
    }),
  },
];

const notTaken = faults.map(({ id, title, verifies, readings, bends }) =>
  defineCase({
    id: `trust/renewing/a-successor-${id}`,
    title,
    verifies: [verifies],
    ...(readings && { readings }),
    needs: { waitsSeconds: LASTS_SECONDS },
    async run(stage) {
      const people = await holder(stage, { bends: bends(stage) });
      await stage.pass((THIRD_SECONDS + 10) * 1000);
      const [renewal] = await renewalsOf(people.bravo);
      const acks = await people.bravo.heard('trust_acknowledgment', { count: 2, withinMs: 1500 });
      const accepted = acks.filter(({ message }) => {
        return message.request_id === renewal?.renewal_id && message.decision_accepted;
      });
      stage.check(verifies, accepted.length === 0, {
        what: 'acknowledgments of the subject that accept the successor',
        expected: 'none',
        got: accepted.map(({ message }) => message),
      });
      const count = await relaysAfterWriting(await later(stage, people, 1));
      stage.check(verifies, count === 1, {
        what: 'relays of the subject under the old certificate',
        expected: 1,
        got: count,
      });
    },
  }),
);

// --- by order ------------------------------------------------------------------------------------

const byOrder = defineCase({
  id: 'trust/renewing/by-order-it-renews-early',
  title: 'On the order of its operator the subject renews before the window, and says early',
  verifies: ['T-REN-01', 'T-REN-05'],
  behaviour: ['T-REN-01', 'T-REN-05'],
  needs: { commands: true },
  async run(stage) {
    const { bravo } = await holder(stage);
    await stage.command({ command: 'renew-trust', server: bravo.serverId });
    const [renewal] = (await bravo.heard('trust_renewal')).map(({ message }) => message);
    stage.check('T-REN-01', renewal?.renewal_reason === 'early', {
      what: 'the reason of a renewal by order',
      expected: 'early',
      got: renewal?.renewal_reason,
    });
    const acks = await bravo.heard('trust_acknowledgment', { count: 2 });
    const closing = acks.find(({ message }) => message.request_id === renewal?.renewal_id);
    stage.check('T-REN-05', closing?.message.decision_accepted === true, {
      what: 'the acknowledgment of the renewed decision',
      expected: { request_id: renewal?.renewal_id, decision_accepted: true },
      got: acks.map(({ message }) => message),
    });
  },
});

export const cases: readonly Case[] = [inTime, noGap, insistent, ...notTaken, byOrder];

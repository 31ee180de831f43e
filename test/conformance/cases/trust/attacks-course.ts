/**
 * Attack scripts of Part 7 on the course of things: friends that nobody has (S-14), what gets lost
 * (S-23), a list that is kept back above basic (S-11), and a name that leads elsewhere (S-32).
 */
import { limits } from '../../../../spec/limits.ts';
import type { ListServing, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { neighbours } from '../federation/steps/neighbours.ts';
import { asking, TEXT } from './steps/asking.ts';
import { certificateIn } from './steps/certificates.ts';
import { set } from './steps/changes.ts';
import { checkListed, fetchedBy } from './steps/lists.ts';
import { checkTrusted, checkUntrusted, freshLink, mustTake, upTo } from './steps/outcomes.ts';
import { askAbout, byWebOfTrust, checkUnrecommended } from './steps/recommending.ts';
import { relaysAfterWriting } from './steps/revoking.ts';

const vouching = defineCase({
  id: 'trust/attacks/S-14-those-who-vouch-for-each-other-are-trusted-by-none',
  title: 'S-14: three servers without trust that all recommend each other open the door to none',
  verifies: ['T-REC-03'],
  readings: ['L-T24'],
  needs: byWebOfTrust,
  async run(stage) {
    const ring = [await stage.peer(), await stage.peer(), await stage.peer()];
    for (const [at, one] of ring.entries()) {
      const next = ring[(at + 1) % ring.length];
      if (next) await askAbout(stage, one, next);
    }
    for (const one of ring) {
      await checkUnrecommended(stage, 'T-REC-03', one, 'the word of servers without trust');
    }
  },
});

const ACKNOWLEDGMENT_MS = (limits.trustAcknowledgmentSeconds + 1) * 1000;

const lost = defineCase({
  id: 'trust/attacks/S-23-an-acknowledgment-that-is-lost-leaves-no-half',
  title: 'S-23: what nobody acknowledges is revoked on the list, and trust can be made anew',
  verifies: ['T-ACK-03'],
  behaviour: ['T-ACK-03'],
  readings: ['L-T10'],
  needs: { waitsSeconds: limits.trustAcknowledgmentSeconds + limits.trustCooldownSeconds },
  async run(stage) {
    const bravo = await stage.peer();
    const run = bravo.trustRun(await freshLink(bravo));
    mustTake('respond', await upTo(run, 'respond'));
    await checkUntrusted(stage, 'T-ACK-03', bravo, 'a decision whose acknowledgment is lost');
    await stage.pass(ACKNOWLEDGMENT_MS);
    await checkUntrusted(stage, 'T-ACK-03', bravo, 'the time for an acknowledgment');
    const { list } = await fetchedBy(bravo);
    const certificateId = run.decision ? certificateIn(run.decision).certificate_id : '';
    const when = 'that nobody has acknowledged';
    checkListed(stage, 'T-ACK-03', list, { certificateId, when });
    await stage.pass(limits.trustCooldownSeconds * 1000);
    await bravo.establish();
    await checkTrusted(stage, 'T-ACK-03', bravo, 'a run after the one that was lost');
  },
});

/** What the issuer's last list was good for is over, and no day more is given (L-T15). */
const WITHOUT_LIST_MS = 600_000;

function stale(stage: Stage, bravo: Peer): ListServing {
  const now = Math.floor(stage.now() / 1_000_000);
  return bravo.composeList({ bend: set({ this_update: now - 7200, next_update: now - 3600 }) });
}

const keptBack = (
  [
    ['no-list', 'no list comes', (): ListServing => 'failing'],
    ['a-stale-list', 'an old list comes again', stale],
  ] as const
).map(([id, title, serve]) =>
  defineCase({
    id: `trust/attacks/S-11-above-basic-${id}-ends-traffic`,
    title: `S-11: at verified, when ${title}, traffic ends in minutes and not in a day`,
    verifies: ['T-CERT-08'],
    readings: ['L-R08', 'L-T15'],
    needs: { waitsSeconds: WITHOUT_LIST_MS / 1000 },
    async run(stage) {
      const verified = { certificate: set({ trust_level: 'verified' }) };
      const people = await neighbours(stage, { trust: verified });
      const { bravo } = people;
      bravo.serveList(serve(stage, bravo));
      await stage.pass(WITHOUT_LIST_MS);
      const what = `ten minutes in which ${title}`;
      await checkUntrusted(stage, 'T-CERT-08', bravo, what);
      const alice = await people.alice.reconnect();
      const sent = await relaysAfterWriting({ ...people, alice }, 1500);
      stage.check('T-CERT-08', sent === 0, {
        what: `relays of the subject after ${what}`,
        expected: 0,
        got: sent,
      });
    },
  }),
);

const poisoned = defineCase({
  id: 'trust/attacks/S-32-nothing-is-told-to-a-server-of-another-name',
  title: 'S-32: where the name of bravo leads to mallory, the subject tells her nothing',
  verifies: ['F-CONN-04'],
  async run(stage) {
    await asking(stage); // an honest server is asked
    const alice = await stage.device();
    // Where the records of bravo lead, a leaf stands that names another.
    const mallory = await stage.peer({ certificate: { dnsNames: [stage.domain('mallory')] } });
    const { userId } = mallory.user;
    const conversationId = await alice.createConversation([userId]);
    await alice.sendMessage({ conversationId, to: [userId], text: TEXT });
    const inbound = await mallory.inbound({ withinMs: 1500 });
    const heard = await mallory.heard('trust_capabilities', { withinMs: 0, count: 0 });
    stage.check('F-CONN-04', inbound === null && heard.length === 0, {
      what: 'what the subject says where the name leads to another certificate',
      expected: 'nothing',
      got: inbound?.received.message.type ?? heard.map(({ message }) => message.type),
    });
  },
});

export const cases: readonly Case[] = [vouching, lost, ...keptBack, poisoned];

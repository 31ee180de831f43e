/** Attack scripts of Part 7 against revocation: S-11, S-11b, S-12, S-24, S-25. */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { checkDelivered, neighbours } from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { fetchedBy } from './steps/lists.ts';
import { checkTrusted, freshLink } from './steps/outcomes.ts';
import { checkCut, relaysAfterWriting, revoke } from './steps/revoking.ts';

const { trust: code } = errorCode;
const PROPAGATION_MS = limits.revocationPropagationSeconds * 1000;

const suppressed = defineCase({
  id: 'trust/attacks/S-11-a-withheld-revocation-is-found-on-the-list',
  title: 'S-11: a revocation that is kept from the subject stops it within 300 s of healing',
  verifies: ['T-REV-15'],
  behaviour: ['T-REV-15'],
  readings: ['L-R07', 'L-R08'],
  needs: { waitsSeconds: 600 },
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    await bravo.goOffline(); // nothing gets through, nothing is pushed
    bravo.serveList(bravo.composeList({ revoked: [established.reverse?.certificate_id ?? ''] }));
    await stage.pass(120_000);
    await bravo.goOnline();
    await stage.pass(PROPAGATION_MS);
    const alice = await people.alice.reconnect(); // her connection has slept meanwhile
    const what = '300 s after the network healed';
    await checkCut(stage, 'T-REV-15', { ...people, alice }, what);
  },
});

const equivocating = defineCase({
  id: 'trust/attacks/S-11b-what-any-list-revokes-is-revoked',
  title: 'S-11b: an issuer that shows the subject one list and another server a second is caught',
  verifies: ['T-CRL-02'],
  behaviour: ['T-CRL-02'],
  readings: ['L-R08'],
  needs: { waitsSeconds: 61 },
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const charlie = await stage.peer();
    await charlie.establish();
    const number = Math.floor(stage.now() / 1_000_000);
    bravo.serveList(bravo.composeList({ number }));
    await stage.pass(61_000);
    await checkTrusted(stage, 'T-CRL-02', bravo, 'the list that bravo shows to the subject');
    const revoked = [established.reverse?.certificate_id ?? ''];
    const other = bravo.composeList({ number, revoked });
    const answer = await (await freshLink(charlie)).requestRaw(other);
    const codes = [code.certificate];
    const what = 'a second list of the same number';
    checkRefused(stage, 'T-CRL-02', answer, { codes, what });
    await checkCut(stage, 'T-CRL-02', people, 'the list that bravo has shown to charlie');
  },
});

const foreignList = defineCase({
  id: 'trust/attacks/S-12-a-list-in-a-foreign-name-has-no-effect',
  title: 'S-12: a list of bravo that mallory has signed revokes nothing: 5802',
  verifies: ['T-CRL-01'],
  readings: ['L-R08'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const mallory = await stage.peer();
    await mallory.establish();
    const revoked = [established.reverse?.certificate_id ?? ''];
    const list = mallory.composeList({ revoked, bend: set({ issuer_server: bravo.serverId }) });
    const answer = await (await freshLink(mallory)).requestRaw(list);
    const codes = [code.badSignature];
    checkRefused(stage, 'T-CRL-01', answer, { codes, what: "mallory's list in bravo's name" });
    await checkDelivered(stage, 'T-CRL-01', people);
  },
});

const raced = defineCase({
  id: 'trust/attacks/S-24-a-partial-revocation-gives-nothing-back',
  title: 'S-24: what one partial revocation has taken, no later one gives back',
  verifies: ['T-REV-05'],
  behaviour: ['T-REV-05'],
  readings: ['L-R05', 'L-R12'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const partial = (...names: string[]) =>
      set({ revocation_scope: 'partial', partial_revocation_permissions: names });
    await revoke(bravo, established, partial('message_relay'));
    await revoke(bravo, established, partial('user_discovery', 'teleport'));
    const sent = await relaysAfterWriting(people, 1500);
    stage.check('T-REV-05', sent === 0, {
      what: 'relays of the subject after message_relay and then user_discovery were revoked',
      expected: 0,
      got: sent,
    });
  },
});

const restored = defineCase({
  id: 'trust/attacks/S-25-a-number-is-never-used-twice',
  title: 'S-25: lists before and after a crash never share a number and differ',
  verifies: ['T-CRL-02'],
  behaviour: ['T-CRL-02'],
  readings: ['L-R08'],
  needs: { commands: true, restart: true },
  async run(stage) {
    const witness = await stage.peer();
    const texts = new Map<number, string>();
    const note = async (): Promise<void> => {
      const { list, text } = await fetchedBy(witness);
      const known = texts.get(list.crl_number ?? 0) ?? text;
      stage.check('T-CRL-02', known === text, {
        what: `two lists of number ${list.crl_number}`,
        expected: known,
        got: text,
      });
      texts.set(list.crl_number ?? 0, text);
    };
    for (const crash of [true, false]) {
      await note();
      const bravo = await stage.peer();
      await bravo.establish();
      const order = { server: bravo.serverId, reason: 'policy_violation' };
      await stage.command({ command: 'revoke-trust', ...order });
      await bravo.heard('trust_revoke');
      await note();
      if (crash) await stage.restartSubject();
    }
    const numbers = [...texts.keys()];
    const isRising = numbers.every((number, index) => number >= (numbers[index - 1] ?? 0));
    stage.check('T-CRL-02', isRising && numbers.length >= 3, {
      what: 'numbers of the lists, in the order in which they came',
      expected: 'three or more, rising',
      got: numbers,
    });
  },
});

export const cases: readonly Case[] = [suppressed, equivocating, foreignList, raced, restored];

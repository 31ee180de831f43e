/** Objections to revocations, which change nothing (T-REV-10; 2.7 row 8, L-R06). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { type Case, defineCase } from '../../case.ts';
import { told } from '../federation/steps/answers.ts';
import { neighbours } from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { freshLink } from './steps/outcomes.ts';
import { checkCut, revoke } from './steps/revoking.ts';

const statuses = ['disputed', 'appealing'] as const;

const said = statuses.map((status) =>
  defineCase({
    id: `trust/disputes/an-operator-says-${status}`,
    title: `By order the subject tells the revoker that it is ${status}, signed, and obeys all the same`,
    verifies: ['T-REV-10'],
    behaviour: ['T-REV-10'],
    readings: ['L-R06'],
    needs: { commands: true },
    async run(stage) {
      const people = await neighbours(stage);
      const { bravo, established } = people;
      const revocation = bravo.composeRevocation(established);
      await (await freshLink(bravo)).requestRaw({ ...revocation });
      const server = bravo.serverId;
      await stage.command({ command: 'dispute-revocation', server, status });
      const [objection] = await bravo.heard('revocation_acknowledgment');
      const received: JsonObject = JSON.parse(objection?.text ?? '{}');
      const signature = String(received.acknowledgment_signature);
      const signed = without(received, 'acknowledgment_signature');
      const isSigned = stage.crypto.verify(stage.subject.publicKey, signed, signature);
      const expected = [revocation.revocation_id, status, status === 'appealing', true];
      const got = [
        received.revocation_id,
        received.acknowledgment_status,
        received.appeal_filed,
        isSigned,
      ];
      stage.check('T-REV-10', got.join() === expected.join(), {
        what: 'revocation, status, appeal and signature of the objection',
        expected,
        got,
      });
      const again = await (await freshLink(bravo)).requestRaw({ ...revocation });
      const { message } = again;
      const repeated = message?.type === 'revocation_acknowledgment' ? message : null;
      stage.check('T-REV-10', repeated?.acknowledgment_status === status, {
        what: 'the answer to the same revocation after it',
        expected: status,
        got: repeated?.acknowledgment_status ?? told(again),
      });
      await checkCut(stage, 'T-REV-10', people, 'an objection');
    },
  }),
);

const heard = statuses.map((status) =>
  defineCase({
    id: `trust/disputes/a-later-word-of-${status}-changes-nothing`,
    title: `When the revoked server says later that it is ${status}, it stays revoked`,
    verifies: ['T-REV-10'],
    behaviour: ['T-REV-10'],
    readings: ['L-R06'],
    needs: { commands: true },
    async run(stage) {
      const people = await neighbours(stage);
      const { bravo } = people;
      const order = { server: bravo.serverId, reason: 'policy_violation' };
      await stage.command({ command: 'revoke-trust', ...order });
      const [pushed] = await bravo.heard('trust_revoke');
      const bend = set({ acknowledgment_status: status, appeal_filed: status === 'appealing' });
      const objection = bravo.composeAcknowledgment(pushed?.text ?? '{}', bend);
      const answer = await (await freshLink(bravo)).requestRaw({ ...objection });
      stage.check('T-REV-10', answer.status >= 200 && answer.status < 300, {
        what: 'the answer to a later objection',
        expected: 'an empty answer',
        got: told(answer),
      });
      await checkCut(stage, 'T-REV-10', people, 'a later objection');
    },
  }),
);

const ofNothing = defineCase({
  id: 'trust/disputes/about-nothing-is-refused',
  title: 'An acknowledgment of a revocation that the subject has not made is refused: 5803',
  verifies: ['X-ERR-07'],
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    const revocation = bravo.composeRevocation(established, set({ revocation_id: stage.uuid() }));
    const objection = bravo.composeAcknowledgment(JSON.stringify(revocation));
    const answer = await (await freshLink(bravo)).requestRaw({ ...objection });
    const { message } = answer;
    const isRefused = message?.type === 'federation_error' && message.error_code === 5803;
    stage.check('X-ERR-07', isRefused, {
      what: 'the answer to an acknowledgment of nothing',
      expected: 5803,
      got: told(answer),
    });
    await revoke(bravo, established);
  },
});

export const cases: readonly Case[] = [...said, ...heard, ofNothing];

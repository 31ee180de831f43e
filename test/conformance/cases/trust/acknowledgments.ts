/** The end of an establishment (T-ACK; 2.3 responder rows 8 and 9, L-T10, L-T11). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkRefused as checkRelayRefused } from '../federation/steps/answers.ts';
import { relayFor, sendRelay } from '../federation/steps/neighbours.ts';
import { leaveOut, misplaced, set } from './steps/changes.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  checkUntrusted,
  freshLink,
  mustTake,
  upTo,
} from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code, federation } = errorCode;
const hardened = ['1.1', '2.0'] as const;
const step = 'acknowledge';
const codes = [code.certificate];

const faults: readonly RunFault[] = [
  {
    id: 'changed-after-signing-is-refused',
    title: 'An acknowledgment that was changed after signing is refused with 5802',
    verifies: 'T-ACK-01',
    step,
    codes: [code.badSignature],
    options: () => ({
      acknowledgment: (message) => ({
        ...message,
        next_renewal_date: message.next_renewal_date - 1,
      }),
      resign: false,
    }),
  },
  {
    id: 'unsigned-is-refused',
    title: 'An acknowledgment without signature brings nothing into force',
    verifies: 'T-ACK-01',
    step,
    codes: [code.malformed, code.badSignature],
    options: () => ({ acknowledgment: leaveOut('acknowledgment_signature'), resign: false }),
  },
  {
    id: 'in-a-foreign-name-is-refused',
    title: 'An acknowledgment in the name of another server is refused',
    verifies: 'T-ACK-01',
    step,
    options: (stage) => ({ acknowledgment: set({ acknowledging_server: stage.domain('other') }) }),
  },
  {
    id: 'of-another-request-is-refused',
    title: 'An acknowledgment of a request that was never made is refused with 5803',
    verifies: 'X-ERR-07',
    step,
    codes: [code.unknownExchange],
    readings: ['L-T09'],
    options: (stage) => ({ acknowledgment: set({ request_id: stage.uuid() }) }),
  },
  {
    id: 'of-another-transcript-is-refused',
    title: 'An acknowledgment that belongs to another run is refused with 5810',
    verifies: 'T-TRN-01',
    step,
    codes: [code.transcript],
    readings: ['L-H03'],
    options: () => ({ acknowledgment: misplaced }),
  },
  {
    id: 'without-transcript-is-refused',
    title: 'From 1.1 on an acknowledgment without transcript hash is refused',
    verifies: 'X-AMC-17',
    step,
    codes: [code.transcript, code.malformed],
    readings: ['L-V12', 'L-H03'],
    at: hardened,
    options: () => ({ acknowledgment: leaveOut('transcript_hash') }),
  },
  {
    id: 'in-force-before-the-certificate-is-refused',
    title: 'An acknowledgment that is in force before its certificate is refused with 5811',
    verifies: 'T-ACK-04',
    step,
    codes,
    options: () => ({
      acknowledgment: (message) => ({
        ...message,
        effective_date: message.effective_date - 86_400,
      }),
    }),
  },
  {
    id: 'to-be-renewed-after-the-end-is-refused',
    title: 'An acknowledgment that puts renewal after the end is refused with 5811',
    verifies: 'T-ACK-04',
    step,
    codes,
    options: () => ({
      acknowledgment: (message) => ({
        ...message,
        next_renewal_date: message.next_renewal_date + limits.trustAgeSeconds,
      }),
    }),
  },
  {
    id: 'without-the-reverse-certificate-is-refused',
    title: 'Where trust is mutual, an acknowledgment without certificate is refused with 5811',
    verifies: 'T-DEC-08',
    step,
    codes,
    readings: ['L-T11'],
    options: () => ({ acknowledgment: leaveOut('trust_certificate') }),
  },
  {
    id: 'with-nonsense-as-certificate-is-refused',
    title: 'A reverse certificate that is no certificate is refused with 5811',
    verifies: 'T-ACK-05',
    step,
    codes: [code.certificate, code.malformed],
    readings: ['L-T14'],
    options: () => ({
      acknowledgment: set({
        trust_certificate: encodeBase64url(new TextEncoder().encode('{"type":"nonsense"}')),
      }),
    }),
  },
];

const beforeIt = defineCase({
  id: 'trust/acknowledgments/nothing-is-in-force-before',
  title: 'A relay between decision and acknowledgment is refused with 5001; after it, delivered',
  verifies: ['T-ACK-02'],
  behaviour: ['T-ACK-02'],
  async run(stage) {
    const alice = await stage.device();
    const bravo = await stage.peer();
    const link = await freshLink(bravo);
    const run = bravo.trustRun(link);
    mustTake('respond', await upTo(run, 'respond'));
    const early = await sendRelay(link, relayFor({ alice, bravo }));
    const what = 'a relay before the acknowledgment';
    const expected = { codes: [federation.notTrusted], orBroken: true, what } as const;
    checkRelayRefused(stage, 'T-ACK-02', early, expected);
    await checkUntrusted(stage, 'T-ACK-02', bravo, 'the decision alone');
    const close = await run.acknowledge();
    checkTaken(stage, 'T-ACK-02', close, { step, what: 'the acknowledgment' });
    await checkTrusted(stage, 'T-ACK-02', bravo, 'the acknowledgment');
  },
});

const oneWay = defineCase({
  id: 'trust/acknowledgments/one-way-trust-needs-no-reverse-certificate',
  title: 'Where nobody wants mutual trust, an acknowledgment without certificate is enough',
  verifies: ['T-DEC-08'],
  accepts: ['T-DEC-08'],
  readings: ['L-T11'],
  needs: { policy: { trust: { mutual: false } } },
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer), { mutual: false });
    mustTake('respond', await upTo(run, 'respond'));
    stage.check('T-DEC-08', run.decision?.mutual_trust_required === false, {
      what: 'mutual_trust_required, where neither side asks for it',
      expected: false,
      got: run.decision?.mutual_trust_required,
    });
    const what = 'an acknowledgment without certificate';
    checkTaken(stage, 'T-DEC-08', await run.acknowledge(), { step, what });
    await checkTrusted(stage, 'T-DEC-08', peer, what);
  },
});

const mutualByRequest = defineCase({
  id: 'trust/acknowledgments/a-request-for-mutual-trust-binds-both',
  title: 'A request for mutual trust makes it so, whatever the policy of the subject',
  verifies: ['T-REQ-10'],
  accepts: ['T-REQ-10'],
  readings: ['L-T11'],
  needs: { policy: { trust: { mutual: false } } },
  async run(stage) {
    const peer = await stage.peer();
    const options = { mutual: true, acknowledgment: leaveOut('trust_certificate') };
    const run = peer.trustRun(await freshLink(peer), options);
    mustTake('respond', await upTo(run, 'respond'));
    stage.check('T-REQ-10', run.decision?.mutual_trust_required === true, {
      what: 'mutual_trust_required, where the request asks for it',
      expected: true,
      got: run.decision?.mutual_trust_required,
    });
    const what = 'an acknowledgment without certificate';
    checkRefused(stage, 'T-REQ-10', await run.acknowledge(), { codes, what });
    await checkUntrusted(stage, 'T-REQ-10', peer, what);
  },
});

const declined = defineCase({
  id: 'trust/acknowledgments/a-refused-decision-is-over',
  title: 'A decision that was refused cannot be accepted afterwards: its certificate is revoked',
  verifies: ['T-ACK-03'],
  behaviour: ['T-ACK-03'],
  readings: ['L-T10'],
  async run(stage) {
    const peer = await stage.peer();
    const accepted: JsonObject[] = [];
    const run = peer.trustRun(await freshLink(peer), {
      acknowledgment: (message) => {
        accepted.push({ ...message });
        const { trust_certificate: _, ...rest } = message;
        return { ...rest, decision_accepted: false, mutual_trust_established: false };
      },
    });
    const closed = await upTo(run, 'acknowledge');
    checkTaken(stage, 'T-ACK-03', closed, { step, what: 'an acknowledgment that refuses' });
    const answer = await (await freshLink(peer)).requestRaw(accepted[0] ?? {});
    const what = 'an acknowledgment that accepts, after one that refused';
    checkRefused(stage, 'T-ACK-03', answer, { codes: [code.unknownExchange], what });
    await checkUntrusted(stage, 'T-ACK-03', peer, what);
  },
});

const overdue = defineCase({
  id: 'trust/acknowledgments/after-the-time-for-it-is-refused',
  title: 'A decision that nobody acknowledges in time is taken back',
  verifies: ['T-ACK-03'],
  behaviour: ['T-ACK-03'],
  readings: ['L-T10'],
  needs: { waitsSeconds: limits.trustAcknowledgmentSeconds + 1 },
  async run(stage) {
    const peer = await stage.peer();
    const composed: JsonObject[] = [];
    const run = peer.trustRun(await freshLink(peer), {
      acknowledgment: (message) => {
        composed.push({ ...message });
        return { type: 'nobody_knows_this' };
      },
    });
    await upTo(run, 'acknowledge'); // composed, but not sent
    await stage.pass((limits.trustAcknowledgmentSeconds + 1) * 1000);
    const answer = await (await freshLink(peer)).requestRaw(composed[0] ?? {});
    const what = 'an acknowledgment after the time for it';
    const late = [code.unknownExchange, code.expired, federation.trustRevoked];
    checkRefused(stage, 'T-ACK-03', answer, { codes: late, what });
    await checkUntrusted(stage, 'T-ACK-03', peer, what);
  },
});

const repeatedOne = defineCase({
  id: 'trust/acknowledgments/a-repeat-changes-nothing',
  title: 'The same acknowledgment again is answered as before, and trust stands',
  verifies: ['T-ACK-02'],
  behaviour: ['T-ACK-02'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer));
    mustTake('acknowledge', await upTo(run, 'acknowledge'));
    const sent = run.messages.find(({ type }) => type === 'trust_acknowledgment');
    const answer = await (await freshLink(peer)).requestRaw({ ...sent });
    checkTaken(stage, 'T-ACK-02', answer, { step, what: 'the same acknowledgment again' });
    await checkTrusted(stage, 'T-ACK-02', peer, 'the repeat');
  },
});

export const cases: readonly Case[] = [
  beforeIt,
  ...refusedRuns('acknowledgments', faults),
  oneWay,
  mutualByRequest,
  declined,
  overdue,
  repeatedOne,
];

/**
 * S-21: mallory has the server key of the subject, and with it she can sign as the subject to
 * everybody else. To the subject itself she can be nobody else: what bravo has to sign is refused
 * under any key but bravo's own.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import { asJson } from '../../actors/signing.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { checkDelivered, neighbours } from '../federation/steps/neighbours.ts';
import { type AskedFault, brokenOff } from './steps/asking.ts';
import { type DecisionFault, notAccepted } from './steps/not-accepted.ts';
import { checkRefused, freshLink } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;
const codes = [code.badSignature];

/** Bravo's words, signed by the key of the one who is to believe them. */
function bySubject(stage: Stage, member = 'signature'): Bend<object> {
  const key = stage.stolenKey();
  return (message) => {
    const bare = without(asJson(message), member);
    return { ...bare, [member]: stage.crypto.sign(key, bare) };
  };
}

const asked: readonly AskedFault[] = [
  {
    id: 'S-21-a-challenge-that-its-own-key-has-signed-is-not-answered',
    title: 'S-21: a challenge of bravo under the own key of the subject is not answered',
    verifies: 'X-SIG-02',
    codes,
    answers: (stage) => ({ bends: { challenge: bySubject(stage), resign: false } }),
  },
];

const decided: readonly DecisionFault[] = [
  {
    id: 'S-21-a-decision-that-its-own-key-has-signed-is-not-accepted',
    title: 'S-21: a decision of bravo under the own key of the subject is not accepted',
    verifies: 'T-DEC-03',
    bends: (stage) => ({ decision: bySubject(stage, 'decision_signature'), resign: false }),
  },
  {
    id: 'S-21-a-certificate-that-its-own-key-has-signed-is-not-accepted',
    title: 'S-21: a certificate of bravo under the own key of the subject is not accepted',
    verifies: 'T-CERT-02',
    bends: (stage) => ({
      certificate: bySubject(stage) as Bend<NorcTrustCertificate>,
      resign: false,
    }),
  },
];

const runs: readonly RunFault[] = [
  {
    id: 'S-21-a-request-that-its-own-key-has-signed-is-refused',
    title: 'S-21: a request of bravo under the own key of the subject is refused: 5802',
    verifies: 'T-REQ-02',
    step: 'request',
    codes,
    options: (stage) => ({ request: bySubject(stage), resign: false }),
  },
  {
    id: 'S-21-a-response-that-its-own-key-has-signed-is-refused',
    title: 'S-21: a response of bravo under the own key of the subject is refused: 5802',
    verifies: 'T-RESP-09',
    step: 'respond',
    codes,
    options: (stage) => ({ response: bySubject(stage), resign: false }),
  },
  {
    id: 'S-21-an-acknowledgment-that-its-own-key-has-signed-is-refused',
    title: 'S-21: an acknowledgment of bravo under the own key of the subject is refused: 5802',
    verifies: 'T-ACK-01',
    step: 'acknowledge',
    codes,
    options: (stage) => ({
      acknowledgment: bySubject(stage, 'acknowledgment_signature'),
      resign: false,
    }),
  },
];

const revocation = defineCase({
  id: 'trust/attacks/S-21-a-revocation-that-its-own-key-has-signed-has-no-effect',
  title: 'S-21: a revocation by bravo under the own key of the subject revokes nothing: 5802',
  verifies: ['T-REV-01'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const honest = bravo.composeRevocation(established);
    const forged: JsonObject = bySubject(stage, 'revocation_signature')(honest);
    const what = 'a revocation in the name of bravo';
    const answer = await (await freshLink(bravo)).requestRaw(forged);
    checkRefused(stage, 'T-REV-01', answer, { codes, what });
    await checkDelivered(stage, 'T-REV-01', people);
  },
});

export const cases: readonly Case[] = [
  ...brokenOff('attacks', asked, {
    never: 'trust_response',
    what: 'a challenge that bravo has not signed',
  }),
  ...notAccepted('attacks', decided),
  ...refusedRuns('attacks', runs),
  revocation,
];

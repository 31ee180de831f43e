/** How a whole establishment is asked about, and one with a single fault. */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { hex } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { transcriptHash } from '../../primitives/transcript.ts';
import {
  alice,
  bob,
  type RunOptions,
  type Step,
  type TrustRun,
  trustRun,
} from '../../primitives/trust-run.ts';

export const grounds = {
  run: { requirements: ['T-TRN-01', 'T-DEC-03'], readings: ['L-H03'], flags: ['transcript'] },
  altered: { requirements: ['T-TRN-01', 'X-TRN-08'], readings: ['L-H03'], flags: ['transcript'] },
  spliced: { requirements: ['T-TRN-01'], readings: ['L-H03'], flags: ['splice'] },
  crossed: {
    requirements: ['T-TRN-01', 'T-REQ-11'],
    readings: ['L-T27', 'L-H03'],
    flags: ['splice'],
  },
  order: { requirements: ['T-TRN-01', 'T-CAP-01'], readings: ['L-H03'], flags: ['splice'] },
  signature: {
    requirements: ['T-REQ-02', 'T-RESP-09', 'T-DEC-03', 'T-ACK-01'],
    readings: ['L-T08'],
    flags: ['unsigned'],
  },
  cap: { requirements: ['T-LVL-05'], readings: ['L-T19'], flags: ['beyond-method'] },
  offered: { requirements: ['T-CAP-03'], readings: ['L-T21'], flags: ['beyond-method'] },
  request: { requirements: ['T-REQ-04'], readings: ['L-T06'], flags: ['other-party'] },
  challenge: {
    requirements: ['T-CHAL-01', 'T-CHAL-04', 'T-CHAL-11'],
    readings: ['L-T03'],
    flags: ['other-party'],
  },
  domain: { requirements: ['T-CHAL-05'], readings: ['L-T04'], flags: ['passed-on'] },
  response: {
    requirements: ['T-RESP-01', 'T-CHAL-09'],
    readings: ['L-T02'],
    flags: ['unanswered'],
  },
  proof: { requirements: ['T-RESP-02', 'T-RESP-03'], readings: ['L-T05'], flags: ['passed-on'] },
  late: { requirements: ['T-CHAL-06'], readings: ['L-T03'], flags: ['unanswered'] },
  decision: {
    requirements: ['T-DEC-01', 'T-DEC-02', 'T-DEC-06'],
    readings: ['L-T10'],
    flags: ['generous-decision'],
  },
  grant: {
    requirements: ['T-CERT-04', 'T-DEC-05'],
    readings: ['L-T12'],
    flags: ['generous-decision'],
  },
  mutual: { requirements: ['T-DEC-08', 'T-ACK-05'], readings: ['L-T11'], flags: ['one-sided'] },
  acknowledged: {
    requirements: ['T-ACK-02', 'T-ACK-03'],
    readings: ['L-T10'],
    flags: ['one-sided'],
  },
} satisfies Record<string, Grounds>;

export const asked = (
  messages: readonly JsonObject[],
  parties: Pick<RunOptions, 'requester' | 'responder'> = { requester: alice, responder: bob },
): VectorValue => ({
  messages,
  requester: parties.requester.name,
  responder: parties.responder.name,
  requester_public_key: hex(parties.requester.key.public),
  responder_public_key: hex(parties.responder.key.public),
});

export function established(
  about: Grounds,
  name: string,
  run: TrustRun,
  isEstablished = run.decision !== 'reject',
): Draft {
  return valid(about, name, asked(run.messages, run), {
    established: isEstablished,
    level: isEstablished ? run.level : 'untrusted',
    transcript_hash: hex(transcriptHash('trust', run.messages)),
  });
}

export const refuse = (about: Grounds, name: string, messages: readonly JsonObject[]): Draft =>
  invalid(about, name, asked(messages));

/** One message as a faulty or hostile party writes it; everything after it is consistent with it. */
export function written(
  about: Grounds,
  name: string,
  step: Step,
  change: JsonObject,
  options: Partial<RunOptions> = {},
): Draft {
  const draft = (at: Step, body: JsonObject): JsonObject =>
    at === step ? { ...body, ...change } : body;
  return refuse(about, `${step}-${name}`, trustRun({ ...options, draft }).messages);
}

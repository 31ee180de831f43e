/** Frames, rates and classification labels. */
import { isWithinCeiling } from '../../../reference/federation/ceiling.ts';
import { createBucket, take } from '../../../reference/guard/token-bucket.ts';
import { createCodeTable, decodeFrame, encodeFrame } from '../../../reference/wire/frame.ts';
import { classifications } from '../../../spec/emitted/registries.ts';
import { declarations } from '../../../spec/messages.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, answered, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { must } from './tools.ts';

const codes = createCodeTable(declarations);

export const framing = byFunction({
  encode: (input) =>
    unlessImpossible(() =>
      output({
        frame: hexOf(
          encodeFrame({
            major: input.number('major'),
            code: input.number('type_code'),
            messageId: input.bytes('message_id'),
            sequenceNumber: Number(input.text('sequence_number')),
            previousHash: input.bytes('prev_message_hash'),
            ciphertext: input.bytes('ciphertext'),
          }),
        ),
      }),
    ),
  decode: (input) => {
    const options = { maxBytes: input.number('max_bytes'), must };
    return answered(decodeFrame(input.bytes('frame'), options), (frame) => ({
      major: frame.major,
      type_code: frame.code,
      message_id: hexOf(frame.messageId),
      sequence_number: String(frame.sequenceNumber),
      prev_message_hash: hexOf(frame.previousHash),
      ciphertext: hexOf(frame.ciphertext),
    }));
  },
  'type-of': (input) => {
    const type = codes.typeOf(input.number('code'));
    return type === null ? rejected('X-FMT-02') : output({ type });
  },
});

const rateOf = (input: Input) => ({
  burst: input.number('burst'),
  tokens: input.number('tokens'),
  periodSeconds: input.number('period_seconds'),
});

export const rate = byFunction({
  trace: (input) => {
    const steps = input.inputs('steps');
    const bucket = createBucket(rateOf(input), steps[0]?.number('at') ?? 0);
    const outcomes = steps.map((step) => {
      const taken = take(bucket, step.number('at'), step.number('cost'));
      const wait = taken.accepted ? null : taken.retryAfterSeconds;
      return { accepted: taken.accepted, retry_after: wait };
    });
    return output({ outcomes });
  },
  admit: (input) => {
    const earlier = input.list('earlier').map(Number);
    const at = input.number('at');
    const bucket = createBucket(rateOf(input), earlier[0] ?? at);
    for (const time of earlier) take(bucket, time);
    return allowed(take(bucket, at).accepted, 'X-RATE-01');
  },
});

const ladders: readonly (readonly string[])[] = Object.values(classifications);

/** X-CLS-02, L-X02: two ladders without an order between them. */
function compare(input: Input): Answer {
  const [one, other] = [input.text('one'), input.text('other')];
  const ladder = ladders.find((labels) => labels.includes(one));
  if (!ladder || !ladders.some((labels) => labels.includes(other))) return rejected('X-CLS-02');
  if (!ladder.includes(other)) return output({ order: 'none' });
  const difference = Math.sign(ladder.indexOf(one) - ladder.indexOf(other));
  return output({ order: ['below', 'equal', 'above'][difference + 1] ?? '' });
}

/** X-CLS-06: it may be left out of a message, and not of a relay. */
function readLabel(input: Input): Answer {
  if (!input.has('label')) {
    return input.text('carrier') === 'message'
      ? output({ label: 'unclassified' })
      : rejected('X-CLS-06');
  }
  const label = input.text('label');
  const isKnown = ladders.some((labels) => labels.includes(label));
  return isKnown ? output({ label }) : rejected('X-CLS-02');
}

export const classification = byFunction({
  admits: (input) => allowed(isWithinCeiling(input.text('level'), input.text('label')), 'X-CLS-04'),
  compare,
  'read-label': readLabel,
});

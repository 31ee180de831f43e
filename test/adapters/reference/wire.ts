/** Frames, rates and classification labels. */
import { charge as chargeDevice, type Limited } from '../../../reference/client/server/rates.ts';
import { defaultPolicy } from '../../../reference/config.ts';
import { isWithinCeiling } from '../../../reference/federation/ceiling.ts';
import { charge as chargeServer, createRates } from '../../../reference/federation/rates.ts';
import { createBucket, take } from '../../../reference/guard/token-bucket.ts';
import type { Standing } from '../../../reference/ports.ts';
import { isEncoded } from '../../../reference/transport/body.ts';
import { createCodeTable, decodeFrame, encodeFrame } from '../../../reference/wire/frame.ts';
import { classifications, errorCode } from '../../../spec/emitted/registries.ts';
import { declarations } from '../../../spec/messages.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, answered, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { contextAt, must, primitives } from './tools.ts';

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
  'read-body': (input) => {
    const body = input.bytes('body');
    const headers = input.has('content_encoding')
      ? { 'content-encoding': input.text('content_encoding') }
      : {};
    if (isEncoded(headers)) return rejected('F-CONN-07');
    if (body.length > input.number('max_bytes')) return rejected('X-FMT-03');
    return output({ length: body.length, blake3: hexOf(primitives.blake3(body)) });
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

/** What a device is told: its bucket is the server's, the code that of the message (L-X08). */
function deviceAnswers(input: Input, limited: Limited, code: number): Answer {
  const server = { buckets: new Map(), bucketsBeforeSearch: 1, config: { policy: defaultPolicy } };
  const outcomes = input.inputs('steps').map((step) => {
    const context = contextAt(step.number('at'));
    const { accepted, retryAfterSeconds } = chargeDevice(server as never, limited, 'a', context);
    return accepted ? null : { type: 'error', error_code: code, retry_after: retryAfterSeconds };
  });
  return output({ outcomes });
}

function serverAnswers(input: Input): Answer {
  const standing = input.has('granted')
    ? grantedStanding(input.input('granted').number('messages_per_second'))
    : strangerStanding;
  const rates = createRates(defaultPolicy, standing, 0);
  const isBytes = input.text('what') === 'server-bytes';
  const outcomes = input.inputs('steps').map((step) => {
    const sizeBytes = isBytes ? step.number('cost') : 1;
    const cost = { policy: defaultPolicy, standing, sizeBytes };
    const refusal = chargeServer(rates, cost, contextAt(step.number('at')));
    if (!refusal) return null;
    const wait = refusal.limit?.retry_after ?? null;
    return { type: 'rate_limit_exceeded', error_code: refusal.code, retry_after: wait };
  });
  return output({ outcomes });
}

const strangerStanding: Standing = {
  ...{ status: 'none', level: 'untrusted', certificateId: null, permissions: new Set() },
  limits: { maxMessageBytes: 0, messagesPerSecond: 0, bandwidthMbps: 0 },
  ...{ establishedAtSeconds: 0, expiresAtSeconds: Number.MAX_SAFE_INTEGER },
};

const grantedStanding = (messagesPerSecond: number): Standing => ({
  ...strangerStanding,
  ...{ status: 'active', level: 'basic' },
  limits: { maxMessageBytes: 1_048_576, messagesPerSecond, bandwidthMbps: 50 },
});

const { common, client } = errorCode;

export const rate = byFunction({
  answers: (input) => {
    switch (input.text('what')) {
      case 'device-messages':
        return deviceAnswers(input, 'message', client.messageRate);
      case 'key-lookups':
        return deviceAnswers(input, 'key-lookup', common.rateLimited);
      case 'registrations':
        return deviceAnswers(input, 'registration', common.rateLimited);
      default:
        return serverAnswers(input);
    }
  },
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

/**
 * Rate limits of a device (X-RATE-01, -02, -06 to -08, S-18): token buckets, judged with the clock.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { ErrorMessage } from '../../../../spec/messages/common/error.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acked, couple } from './steps/people.ts';
import { secondsOf } from './steps/reaction.ts';

interface Exhausted {
  /** What was taken before the first refusal. */
  readonly taken: number;
  readonly elapsedSeconds: number;
  /** Null: it never came, twice the burst notwithstanding. */
  readonly refusal: ErrorMessage | null;
}

/** Sends until it is refused, or until no bucket could have held so much. */
async function exhausted(
  stage: Stage,
  burst: number,
  send: () => Promise<ErrorMessage | null>,
): Promise<Exhausted> {
  const start = stage.now();
  const elapsed = () => (stage.now() - start) / 1_000_000;
  for (let taken = 0; taken < 2 * burst; taken += 1) {
    const refusal = await send();
    if (refusal) return { taken, elapsedSeconds: elapsed(), refusal };
  }
  return { taken: 2 * burst, elapsedSeconds: elapsed(), refusal: null };
}

/** What a bucket of this size can have given in this time, and one for rounding. */
const atMost = (burst: number, perMinute: number, { elapsedSeconds }: Exhausted): number =>
  burst + Math.ceil((elapsedSeconds * perMinute) / 60) + 1;

const PER_MINUTE = limits.messagesPerMinute;
const BURST = 2 * PER_MINUTE;

/** One honest message; the error that refuses it, or null. */
function sender(device: Device, to: string, conversationId: string) {
  return async (): Promise<ErrorMessage | null> => {
    const sent = await device.sendMessage({ conversationId, to: [to] });
    return answerFor(device, sent.message_id);
  };
}

async function answerFor(device: Device, messageId: string): Promise<ErrorMessage | null> {
  for (;;) {
    const { message } = await device.connection.receive(['message_ack', 'error']);
    if (message.type === 'error') return message;
    if (message.type === 'message_ack' && message.message_id === messageId) return null;
  }
}

function checkExhausted(
  stage: Stage,
  id: 'X-RATE-01' | 'X-RATE-02' | 'X-RATE-08',
  found: Exhausted,
  { burst, perMinute, code }: { burst: number; perMinute: number; code: number },
): void {
  const { taken, refusal } = found;
  const bound = atMost(burst, perMinute, found);
  stage.check(id, taken <= bound && refusal?.error_code === code, {
    what: 'how much is taken before the refusal',
    expected: { atMost: bound, code },
    got: { taken, code: refusal?.error_code ?? null },
  });
  stage.check(id, (refusal?.retry_after ?? 0) > 0, {
    what: 'retry_after',
    expected: 'more than 0 s',
    got: refusal?.retry_after,
  });
}

const messageCode = errorCode.client.messageRate;

const messages = defineCase({
  id: 'client/rates/sixty-messages-a-minute',
  title: 'A device may send 120 messages at once and 60 a minute; the rest is refused 6001',
  verifies: ['X-RATE-01', 'X-RATE-06'],
  behaviour: ['X-RATE-06'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const send = sender(alice, bob.identity.userId, conversationId);
    const found = await exhausted(stage, BURST, send);
    const rate = { burst: BURST, perMinute: PER_MINUTE, code: messageCode };
    checkExhausted(stage, 'X-RATE-01', found, rate);
    const wait = found.refusal?.retry_after ?? 0;
    await stage.pass(wait * 1000);
    const refusal = await send();
    stage.check('X-RATE-06', refusal === null, {
      what: `a message ${wait} s after the refusal, as it asked`,
      expected: 'taken',
      got: refusal?.error_code ?? 'taken',
    });
  },
});

const sustained = defineCase({
  id: 'client/rates/sixty-a-minute-go-on-for-ever',
  title: 'One message a second is never refused, and a bucket refills no faster',
  verifies: ['X-RATE-01'],
  needs: { waitsSeconds: 180 },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const send = sender(alice, bob.identity.userId, conversationId);
    await exhausted(stage, BURST, send);
    await stage.pass(1000);
    for (let second = 0; second < 60; second += 1) {
      const refusal = await send();
      stage.check('X-RATE-01', refusal === null, {
        what: `message ${second + 1} of one a second`,
        expected: 'taken',
        got: refusal?.error_code ?? 'taken',
      });
      await stage.pass(1000);
    }
    await stage.pass(10_000);
    const found = await exhausted(stage, BURST, send);
    stage.check('X-RATE-01', found.taken <= 12, {
      what: 'what is taken at once after ten seconds of silence',
      expected: 'at most 12',
      got: found.taken,
    });
  },
});

const perDevice = defineCase({
  id: 'client/rates/another-connection-buys-nothing',
  title: 'The limit belongs to the device: a new connection of it finds the same bucket',
  verifies: ['X-RATE-07'],
  behaviour: ['X-RATE-07'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const { userId } = bob.identity;
    const start = stage.now();
    await exhausted(stage, BURST, sender(alice, userId, conversationId));
    const again = await alice.reconnect();
    const found = await exhausted(stage, BURST, sender(again, userId, conversationId));
    const refilled = Math.ceil((stage.now() - start) / 1_000_000) + 1;
    stage.check('X-RATE-07', found.taken <= refilled, {
      what: 'what a second connection of the device may send',
      expected: `at most ${refilled}`,
      got: found.taken,
    });
    const sibling = await stage.device({ userId: alice.identity.userId });
    const refusal = await sender(sibling, userId, conversationId)();
    stage.check('X-RATE-07', refusal === null, {
      what: 'a message of another device of the same user',
      expected: 'taken',
      got: refusal?.error_code ?? 'taken',
    });
  },
});

const repeats = defineCase({
  id: 'client/rates/repeats-cost-as-much',
  title: 'Repeats of one message and messages that are refused cost as much as others',
  verifies: ['X-RATE-08'],
  behaviour: ['X-RATE-08'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    const sent = await alice.sendMessage({ conversationId, to });
    await acked(alice, sent.message_id);
    let nth = 0;
    const found = await exhausted(stage, BURST, async () => {
      nth += 1;
      const isRepeat = nth % 2 === 0;
      await alice.connection.sendRaw({ ...sent, ...(!isRepeat && { message_type: 'poll' }) });
      const refusal = await answerFor(alice, sent.message_id);
      return refusal?.error_code === messageCode ? refusal : null;
    });
    checkExhausted(stage, 'X-RATE-08', found, {
      burst: BURST,
      perMinute: PER_MINUTE,
      code: messageCode,
    });
  },
});

const lookUps = defineCase({
  id: 'client/rates/thirty-look-ups-a-minute',
  title: 'A device may look up keys 30 times a minute; more is refused 6000',
  verifies: ['X-RATE-02'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { connection, identity } = await stage.device();
    const perMinute = limits.keyLookupsPerMinute;
    const send = async (): Promise<ErrorMessage | null> => {
      await connection.send({
        type: 'key_request',
        request_id: stage.uuid(),
        user_ids: [identity.userId],
        device_filter: 'all',
        include_revoked: false,
      });
      const { message } = await connection.receive(['key_response', 'error']);
      return message.type === 'error' ? message : null;
    };
    const found = await exhausted(stage, perMinute, send);
    const code = errorCode.common.rateLimited;
    checkExhausted(stage, 'X-RATE-02', found, { burst: perMinute, perMinute, code });
    const waitedFrom = secondsOf(stage);
    await stage.pass((found.refusal?.retry_after ?? 0) * 1000);
    const refusal = await send();
    stage.check('X-RATE-02', refusal === null, {
      what: `a look-up ${secondsOf(stage) - waitedFrom} s after the refusal, as it asked`,
      expected: 'taken',
      got: refusal?.error_code ?? 'taken',
    });
  },
});

export const cases: readonly Case[] = [messages, sustained, perDevice, repeats, lookUps];

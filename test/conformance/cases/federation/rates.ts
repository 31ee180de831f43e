/**
 * How much a server may send: its baseline, its grant, and what cannot get around them (F-RATE,
 * X-RATE; S-18).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { RateLimitExceeded } from '../../../../spec/messages/federation/rate-limit-exceeded.ts';
import type { Answer, Established, Link } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { codeOf, told } from './steps/answers.ts';
import { neighbours, relayFor } from './steps/neighbours.ts';
import { withMetadata } from './steps/refused-relays.ts';

const { federation: code } = errorCode;

/** Low enough to be met quickly, and a token comes back every second. */
const messagesPerMinute = 60;
const lowRate = { federationMessagesPerMinute: messagesPerMinute };
/** Limits may be tighter than the default (X-RATE-05). */
const needs = { policy: lowRate };

/** A message that costs a token and means nothing: its type is unknown (X-ERR-06). */
const send = (link: Link): Promise<Answer> =>
  link.requestRaw({ type: 'rate_probe' }, { proof: null });

interface Flood {
  /** Messages that were taken before the first refusal. */
  readonly taken: number;
  readonly refusal: Answer | null;
}

async function flood(link: Link, most: number): Promise<Flood> {
  for (let taken = 0; taken < most; taken += 1) {
    const answer = await send(link);
    if (answer.status === 429 || codeOf(answer) !== null) return { taken, refusal: answer };
  }
  return { taken: most, refusal: null };
}

/** A refusal came, 429 with this code, and its members say what the limit is. */
function checkLimited(
  stage: Stage,
  id: RequirementId,
  answer: Answer | null,
  { limitCode, what }: { limitCode: number; what: string },
): RateLimitExceeded | null {
  const message = answer?.message?.type === 'rate_limit_exceeded' ? answer.message : null;
  const number = message?.error_code ?? limitCode;
  const isLimited = answer?.status === 429 && message !== null && number === limitCode;
  stage.check(id, isLimited, {
    what,
    expected: { status: 429, type: 'rate_limit_exceeded', code: limitCode },
    got: answer ? told(answer) : 'no refusal',
  });
  return message;
}

const baseline = defineCase({
  id: 'federation/rates/a-baseline-holds-without-a-grant',
  title:
    'A server without a certificate has its share a minute; what is above is refused, truthfully',
  verifies: ['X-RATE-04', 'F-RATE-02', 'X-RATE-06'],
  behaviour: ['F-RATE-02', 'X-RATE-06'],
  readings: ['L-X07', 'L-X08'],
  needs,
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    const { taken, refusal } = await flood(link, messagesPerMinute * 4);
    stage.check('X-RATE-04', taken >= messagesPerMinute / 2, {
      what: 'messages that were taken at once',
      expected: `about ${messagesPerMinute}`,
      got: taken,
    });
    const what = `more than ${messagesPerMinute} messages a minute`;
    const message = checkLimited(stage, 'X-RATE-04', refusal, {
      limitCode: code.messageRate,
      what,
    });
    const { limit_type, limit = 0, current_rate = 0, retry_after = 0 } = message ?? {};
    const isWhole = limit_type !== undefined && limit > 0 && current_rate >= limit;
    stage.check('F-RATE-02', isWhole && retry_after >= 1, {
      what: 'members of the refusal',
      expected: 'limit_type, a current_rate of at least limit, and retry_after',
      got: message,
    });
    stage.check('X-RATE-06', retry_after <= 60, {
      what: `retry_after at ${messagesPerMinute} messages a minute`,
      expected: 'a second or so',
      got: retry_after,
    });
    // On sockets nobody waits for longer than two seconds.
    if (retry_after > 1) return;
    await stage.pass(retry_after * 1000);
    const again = await send(link);
    stage.check('X-RATE-06', again.status < 300, {
      what: `a message ${retry_after} s later`,
      expected: 'taken',
      got: told(again),
    });
  },
});

const published = defineCase({
  id: 'federation/rates/the-baseline-is-a-thousand-a-minute',
  title: 'By default a server without a certificate has a thousand messages a minute and no more',
  verifies: ['X-RATE-04'],
  readings: ['L-X07'],
  needs: { waitsSeconds: 60 },
  async run(stage) {
    const link = await (await stage.peer()).link();
    const most = limits.federationMessagesPerMinute;
    const { taken, refusal } = await flood(link, most + 10);
    stage.check('X-RATE-04', taken <= most, {
      what: 'messages taken at one instant',
      expected: `at most ${most}`,
      got: taken,
    });
    const what = `the message after ${taken}`;
    checkLimited(stage, 'X-RATE-04', refusal, { limitCode: code.messageRate, what });
  },
});

const bytes = defineCase({
  id: 'federation/rates/bytes-are-counted-too',
  title: 'A server that sends more bytes than its share is refused with 5402',
  verifies: ['F-RATE-01'],
  readings: ['L-X07'],
  needs: { policy: { federationBytesPerFiveMinutes: 400_000 } },
  async run(stage) {
    const link = await (await stage.peer()).link();
    const probe = { type: 'rate_probe', filler: 'x'.repeat(120_000) };
    const answers: Answer[] = [];
    for (let count = 0; count < 5; count += 1) {
      answers.push(await link.requestRaw(probe, { proof: null }));
    }
    stage.check('F-RATE-01', (answers[0]?.status ?? 0) < 300, {
      what: 'the first 120 kB of 400 kB',
      expected: 'taken',
      got: answers[0] ? told(answers[0]) : null,
    });
    const what = '600 kB where 400 kB are allowed';
    checkLimited(stage, 'F-RATE-01', answers.at(-1) ?? null, { limitCode: code.bandwidth, what });
  },
});

const everyLink = defineCase({
  id: 'federation/rates/more-links-are-not-more',
  title: 'All links of a server share one budget, and no other server pays for it',
  verifies: ['X-RATE-07'],
  behaviour: ['X-RATE-07'],
  needs,
  async run(stage) {
    const bravo = await stage.peer();
    const links = [await bravo.link(), await bravo.link(), await bravo.link()];
    let taken = 0;
    for (const link of links) taken += (await flood(link, messagesPerMinute * 2)).taken;
    // A slow machine gets some tokens back on the way.
    stage.check('X-RATE-07', taken < messagesPerMinute * 2, {
      what: 'messages taken over three links',
      expected: `about ${messagesPerMinute}`,
      got: taken,
    });
    const other = await (await stage.peer()).link();
    const answer = await send(other);
    stage.check('X-RATE-07', answer.status < 300, {
      what: 'a message of another server meanwhile',
      expected: 'taken',
      got: told(answer),
    });
  },
});

const refusedToo = defineCase({
  id: 'federation/rates/what-is-refused-has-paid',
  title: 'Requests with a broken proof use up the budget like any other',
  verifies: ['X-RATE-08'],
  behaviour: ['X-RATE-08'],
  needs,
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    const message = { ...bravo.composeRelay({ to: ['a@b.example'], recipients: [] }) };
    let refusal: Answer | null = null;
    for (let count = 0; count < messagesPerMinute * 4 && refusal === null; count += 1) {
      const answer = await link.requestRaw(message, { proof: null });
      if (answer.status === 429) refusal = answer;
      if (answer.status === 0) break;
    }
    const what = 'more bad requests than the budget has room for';
    checkLimited(stage, 'X-RATE-08', refusal, { limitCode: code.messageRate, what });
  },
});

function grantedRate({ certificate }: Established): number {
  const stated = certificate.extensions.find(({ id }) => id === 'limits')?.value;
  const { messages_per_second: rate } = (stated ?? {}) as { messages_per_second?: number };
  return rate ?? limits.grantedMessagesPerSecond;
}

const granted = defineCase({
  id: 'federation/rates/a-certificate-grants-its-own',
  title: 'A certificate with a rate a second overrides the baseline, and its rate holds',
  verifies: ['F-RATE-03', 'F-QOS-02'],
  behaviour: ['F-QOS-02'],
  readings: ['L-X07', 'L-T12'],
  needs: { policy: lowRate, waitsSeconds: 3 },
  async run(stage) {
    const people = await neighbours(stage);
    const { link, established } = people;
    const rate = grantedRate(established);
    await stage.pass(2000);
    const { taken, refusal } = await flood(link, rate * 2 + 10);
    stage.check('F-RATE-03', taken >= rate - 1 && taken <= rate, {
      what: 'messages taken at one instant',
      expected: `${rate}, as the certificate says`,
      got: taken,
    });
    const what = `more than ${rate} messages a second`;
    checkLimited(stage, 'F-RATE-03', refusal, { limitCode: code.messageRate, what });
    const urgent = relayFor(people, { beforeOrigin: withMetadata({ priority: 'urgent' }) });
    const answer = await link.requestRaw({ ...urgent });
    const rush = 'an urgent relay when the budget is used up';
    checkLimited(stage, 'F-QOS-02', answer, { limitCode: code.messageRate, what: rush });
  },
});

export const cases: readonly Case[] = [baseline, published, bytes, everyLink, refusedToo, granted];

/**
 * What refusals look like, and what does not lead to one (F-ERR-01, X-ERR-01, -02, -04, -05, -08).
 */

import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../reference/time.ts';
import { errorByCode, errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Answer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkAlive, checkRefused, codeOf, told } from './steps/answers.ts';
import {
  checkDelivered,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';

const { federation: code, common } = errorCode;

function lookup(stage: Stage, people: Neighbours, request_id: string): JsonObject {
  return {
    type: 'user_lookup',
    request_id,
    requesting_server: people.bravo.serverId,
    target_server: stage.subject.serverId,
    user_queries: [`nobody@${stage.subject.serverId}`],
    lookup_type: 'detailed',
    requester_user: people.bravo.user.userId,
  };
}

/** Refusals of many kinds. */
async function refusals(stage: Stage, people: Neighbours): Promise<readonly Answer[]> {
  const { link } = people;
  const relays = [
    relayFor(people, { ttlSeconds: 0 }),
    relayFor(people, { classification: 'secret' }),
    relayFor(people, { routePath: [people.bravo.serverId, stage.domain('elsewhere')] }),
    relayFor(people, { afterHop: (relay) => ({ ...relay, added: 1 }) }),
    relayFor(people, { to: [`eve@${stage.domain('other')}`] }),
    relayFor(people, { targetServer: stage.domain('nowhere') }),
  ];
  const answers: Answer[] = [];
  for (const relay of relays) answers.push(await sendRelay(link, relay));
  answers.push(await link.requestRaw('{"type":'));
  answers.push(await link.requestRaw({ ...relayFor(people) }, { proof: null }));
  return answers;
}

const ranges = defineCase({
  id: 'federation/errors/codes-categories-and-times',
  title: 'Every refusal has a code of its layer, the category of the code, a text and a time',
  verifies: ['F-ERR-01', 'X-ERR-01', 'X-ERR-02'],
  behaviour: ['F-ERR-01', 'X-ERR-01', 'X-ERR-02'],
  readings: ['L-X03', 'L-X04'],
  async run(stage) {
    const people = await neighbours(stage);
    for (const answer of await refusals(stage, people)) {
      const { message } = answer;
      const error = message?.type === 'federation_error' ? message : null;
      const number = error?.error_code ?? 0;
      const isOwn = (number >= 5000 && number < 5900) || number === common.cryptoError;
      const names = { expected: 'federation_error with a code from 5000 to 5899, or 4000' };
      stage.check('F-ERR-01', isOwn, { ...names, what: 'the code', got: told(answer) });
      const row = Object.values(errorByCode).find((known) => known.code === number);
      stage.check('X-ERR-02', row === undefined || row.category === error?.error_category, {
        what: `error_category of ${number}`,
        expected: row?.category,
        got: error?.error_category,
      });
      const age = Math.abs((error?.timestamp ?? 0) - toSeconds(stage.now()));
      const isWhole = (error?.message ?? '') !== '' && age <= 5;
      stage.check('X-ERR-01', isWhole, {
        what: 'message and timestamp',
        expected: 'a text, and the present second',
        got: error,
      });
    }
  },
});

const echoed = defineCase({
  id: 'federation/errors/a-refusal-names-the-request',
  title: 'A refusal of a request with a request_id carries the same request_id',
  verifies: ['F-ERR-01'],
  behaviour: ['F-ERR-01'],
  async run(stage) {
    const people = await neighbours(stage);
    const mallory = await stage.peer();
    const link = await mallory.link();
    const request_id = stage.uuid();
    const message = lookup(stage, { ...people, bravo: mallory }, request_id);
    const answer = await link.requestRaw(message);
    checkRefused(stage, 'F-ERR-01', answer, {
      what: 'a look-up by a stranger',
      codes: [code.notTrusted, code.capabilityMissing],
    });
    const got = answer.message && 'request_id' in answer.message ? answer.message.request_id : null;
    stage.check('F-ERR-01', got === request_id, {
      what: 'request_id of the refusal',
      expected: request_id,
      got,
    });
  },
});

const unanswered = defineCase({
  id: 'federation/errors/an-error-is-not-answered-by-one',
  title: 'An error that the subject gets, even a broken one, leads to no error',
  verifies: ['X-ERR-05'],
  readings: ['L-X04'],
  async run(stage) {
    const people = await neighbours(stage);
    const { link } = people;
    const { category, message } = errorByCode[code.noRoute];
    const error = {
      type: 'federation_error',
      error_code: code.noRoute,
      error_category: category,
      message,
      timestamp: toSeconds(stage.now()),
    };
    const { error_code: _, ...broken } = error;
    for (const [sent, what] of [
      [error, 'a federation_error'],
      [broken, 'a federation_error without its code'],
    ] as const) {
      const answer = await link.requestRaw(sent);
      stage.check('X-ERR-05', codeOf(answer) === null && answer.status !== 0, {
        what: `the answer to ${what}`,
        expected: 'nothing',
        got: told(answer),
      });
    }
    await checkAlive(stage, 'X-ERR-05', link, 'two errors');
    await checkDelivered(stage, 'X-ERR-05', people);
  },
});

const tenth = defineCase({
  id: 'federation/errors/the-tenth-malformed-body-ends-the-link',
  title: 'Bodies that are no JSON are refused one by one, and the tenth ends the link',
  verifies: ['X-ERR-08'],
  readings: ['L-X04'],
  async run(stage) {
    const people = await neighbours(stage);
    const { link } = people;
    const most = limits.malformedFramesBeforeClose;
    for (let count = 1; count < most; count += 1) {
      const answer = await link.requestRaw(`{"type":"message_relay",`, { proof: null });
      stage.check('X-ERR-08', answer.status !== 0, {
        what: `the answer to malformed body ${count}`,
        expected: 'a refusal or silence',
        got: told(answer),
      });
    }
    await checkAlive(stage, 'X-ERR-08', link, `${most - 1} malformed bodies`);
    await link.requestRaw('[', { proof: null });
    const isClosed = await link.closed();
    stage.check('X-ERR-08', isClosed, {
      what: `the link after ${most} malformed bodies`,
      expected: 'closed',
      got: isClosed ? 'closed' : 'open',
    });
    await checkDelivered(stage, 'X-ERR-08', { ...people, link: await people.bravo.link() });
  },
});

export const cases: readonly Case[] = [ranges, echoed, unanswered, tenth];

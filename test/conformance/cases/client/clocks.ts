/** Authentication against the clock (C-AUTH-04, X-TIME-02, X-TIME-04, X-CAN-14, L-S10, L-X10). */
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { TimeSync } from '../../../../spec/messages/common/time-sync.ts';
import type { DeviceIdentity } from '../../actors/device.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { membersOf } from './steps/people.ts';
import { authRequest, authResponse, challenged } from './steps/proofs.ts';
import { checkRefused, type Reaction, reactionOf, secondsOf, told } from './steps/reaction.ts';

const skewSeconds = limits.authenticationSkewSeconds;
const codes = [errorCode.client.invalidSignature];

const MOST_ATTEMPTS = 5;
const intoSecondMs = (stage: Stage): number => (stage.now() / 1000) % 1000;

/**
 * The reaction to what is sent in the middle of a second, so that a subject whose clock is a little off
 * reads the same second. An answer that took until the next says nothing, and it is sent again.
 */
async function inMidSecond(
  stage: Stage,
  prepared: () => Promise<() => Promise<Reaction>>,
): Promise<Reaction> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const send = await prepared();
    const fraction = intoSecondMs(stage);
    if (fraction < 200 || fraction > 600) await stage.pass((1200 - fraction) % 1000);
    const sentAt = stage.now();
    const reaction = await send();
    if (stage.now() - sentAt < 300_000) return reaction;
  }
  throw new Untestable(`no answer came within 300 ms in ${MOST_ATTEMPTS} attempts`);
}

const requestSkew = defineCase({
  id: 'client/clocks/auth-request-within-five-seconds',
  title: 'An auth_request is taken when its clock is at most 5 s off, and refused at 6 s',
  verifies: ['C-AUTH-04'],
  readings: ['L-X17'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { identity } = await stage.device();
    // Five seconds behind is 5.5 s and left open: a server may compare the fraction as well.
    for (const skew of [0, skewSeconds, 1 - skewSeconds]) {
      const { others, ...reaction } = await asked(stage, identity, skew);
      const isTaken = others.some(({ message }) => message.type === 'auth_challenge');
      stage.check('C-AUTH-04', isTaken, {
        what: `an auth_request ${skew} s off`,
        expected: 'auth_challenge',
        got: told({ ...reaction, others }),
      });
    }
    for (const skew of [skewSeconds + 1, -skewSeconds - 1, 300, -86_400]) {
      const expected = { what: `an auth_request ${skew} s off`, codes };
      checkRefused(stage, 'C-AUTH-04', await asked(stage, identity, skew), expected);
    }
  },
});

async function asked(stage: Stage, identity: DeviceIdentity, skew: number): Promise<Reaction> {
  return inMidSecond(stage, async () => {
    const connection = await negotiated(stage);
    return async () => {
      await connection.send(authRequest(stage, identity, secondsOf(stage) + skew));
      return reactionOf(connection);
    };
  });
}

const responseSkew = defineCase({
  id: 'client/clocks/auth-response-within-five-seconds',
  title: 'An auth_response opens a session when its clock is at most 5 s off, and none at 6 s',
  verifies: ['X-TIME-02'],
  readings: ['L-X17'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { identity } = await stage.device();
    for (const skew of [0, skewSeconds, 1 - skewSeconds]) {
      const { others, ...reaction } = await answered(stage, identity, skew);
      const isOpen = others.some(({ message }) => message.type === 'auth_success');
      stage.check('X-TIME-02', isOpen, {
        what: `an auth_response ${skew} s off`,
        expected: 'auth_success',
        got: told({ ...reaction, others }),
      });
    }
    for (const skew of [skewSeconds + 1, -skewSeconds - 1, 300, -86_400]) {
      const expected = { what: `an auth_response ${skew} s off`, codes };
      checkRefused(stage, 'X-TIME-02', await answered(stage, identity, skew), expected);
    }
  },
});

async function answered(stage: Stage, identity: DeviceIdentity, skew: number): Promise<Reaction> {
  return inMidSecond(stage, async () => {
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, identity);
    return async () => {
      const timestamp = secondsOf(stage) + skew;
      const parts = { identity, connection, signed: { timestamp } };
      await connection.send({ ...authResponse(stage, challenge, parts), timestamp });
      return reactionOf(connection);
    };
  });
}

const wrongUnit = defineCase({
  id: 'client/clocks/another-unit-is-another-time',
  title: 'Milliseconds or microseconds where seconds are meant are out of the window',
  verifies: ['X-CAN-14'],
  behaviour: ['X-CAN-14'],
  readings: ['L-S10'],
  async run(stage) {
    const { identity } = await stage.device();
    for (const factor of [1000, 1_000_000]) {
      const connection = await negotiated(stage);
      await connection.send(authRequest(stage, identity, secondsOf(stage) * factor));
      const expected = { what: `${factor} units a second`, codes };
      checkRefused(stage, 'X-CAN-14', await reactionOf(connection), expected);
    }
  },
});

const timeSync = defineCase({
  id: 'client/clocks/time-sync-is-signed',
  title: 'A time_sync of the server is signed by its key, and near the truth',
  verifies: ['X-TIME-04'],
  behaviour: ['X-TIME-04'],
  readings: ['L-X10'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    await connection.authenticate(identity);
    const sync = await nextTimeSync(stage, connection);
    const { server_time, uncertainty_ms, server_id, signature = '' } = sync.message;
    const { publicKey, serverId } = stage.subject;
    const members = without(membersOf(sync), 'signature');
    const isSigned = stage.crypto.verify(publicKey, members, signature);
    stage.check('X-TIME-04', isSigned && server_id === serverId, {
      what: 'signer and signature of time_sync',
      expected: serverId,
      got: { server_id, isSigned },
    });
    const offMs = Math.abs(stage.now() / 1000 - server_time * 1000);
    stage.check('X-TIME-04', offMs <= uncertainty_ms + skewSeconds * 1000, {
      what: 'the distance of server_time from our clock, in ms',
      expected: `at most ${uncertainty_ms} and a margin of ${skewSeconds} s`,
      got: offMs,
    });
  },
});

/** A server may send it when it likes, or never: then there is nothing to judge. */
async function nextTimeSync(
  stage: Stage,
  connection: Awaited<ReturnType<typeof negotiated>>,
): Promise<Received<TimeSync>> {
  await connection.send({ type: 'ping', timestamp: secondsOf(stage) });
  for (;;) {
    const got = await connection.next();
    if (got === null || 'closed' in got || got.message.type === 'pong') {
      throw new Untestable('the subject sends no time_sync');
    }
    if (got.message.type === 'time_sync') return got as Received<TimeSync>;
  }
}

export const cases: readonly Case[] = [requestSkew, responseSkew, wrongUnit, timeSync];

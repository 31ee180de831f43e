/**
 * The life of a session: its end, keep-alive, capabilities (C-SES-01, C-CONN-08, C-CONN-09, L-C16).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { couple } from './steps/people.ts';
import { checkRefused, openingReaction, reactionOf, secondsOf, told } from './steps/reaction.ts';
import { checkUnasked } from './steps/unasked.ts';

const SESSION_SECONDS = 2;
/** Three intervals, and the patience for a pong. */
const SILENT_SECONDS = limits.keepaliveSeconds * 3 + limits.pongSeconds;

const expiry = defineCase({
  id: 'client/sessions/a-session-ends-with-1004',
  title: 'At its end a session is refused 1004 and closed; the device can open another',
  verifies: ['C-SES-01'],
  needs: { policy: { sessionSeconds: SESSION_SECONDS }, waitsSeconds: SESSION_SECONDS },
  async run(stage) {
    const device = await stage.device();
    const during = await reactionOf(device.connection);
    stage.check('C-SES-01', during.closed === null, {
      what: 'the session before its end',
      expected: 'open',
      got: told(during),
    });
    await stage.pass(SESSION_SECONDS * 1000);
    checkRefused(stage, 'C-SES-01', await openingReaction(device.connection), {
      what: 'the session after its end',
      codes: [errorCode.client.sessionExpired],
      after: 'closed',
    });
    await device.reconnect();
  },
});

const pong = defineCase({
  id: 'client/sessions/a-ping-is-answered',
  title: 'A ping is answered by a pong with its timestamp, before and after authentication',
  verifies: ['C-CONN-09'],
  readings: ['L-C16'],
  async run(stage) {
    const { connection } = await stage.device();
    for (const asking of [await negotiated(stage), connection]) {
      const timestamp = secondsOf(stage) - 7;
      await asking.send({ type: 'ping', timestamp });
      const { message } = await asking.receive('pong', { withinMs: limits.pongSeconds * 1000 });
      const isEcho = message.echo === timestamp || (stage.at === '1.0' && !message.echo);
      stage.check('C-CONN-09', isEcho, {
        what: 'the echo of a ping',
        expected: timestamp,
        got: message.echo,
      });
    }
    await connection.sendRaw({ type: 'ping' });
    checkRefused(stage, 'C-CONN-09', await reactionOf(connection), {
      what: 'a ping without a timestamp',
      codes: [errorCode.common.protocolError],
    });
  },
});

async function checkGivenUp(stage: Stage): Promise<void> {
  const { connection } = await stage.device();
  const closedAt = await silentUntilClosed(stage, connection, SILENT_SECONDS);
  stage.check('C-CONN-09', closedAt !== null, {
    what: `a device that answers nothing for ${SILENT_SECONDS} s`,
    expected: 'closed',
    got: closedAt ?? 'open',
  });
}

/** Reads and answers nothing; null: still open after so many seconds. */
async function silentUntilClosed(
  stage: Stage,
  connection: Device['connection'],
  seconds: number,
): Promise<number | null> {
  const end = secondsOf(stage) + seconds;
  while (secondsOf(stage) < end) {
    const got = await connection.next({ withinMs: 1000 * (end - secondsOf(stage)) });
    if (got && 'closed' in got) return secondsOf(stage);
  }
  return null;
}

const givenUp = defineCase({
  id: 'client/sessions/a-dead-device-is-given-up',
  title: 'A device that leaves two pings unanswered is closed',
  verifies: ['C-CONN-09'],
  readings: ['L-C16'],
  needs: { waitsSeconds: SILENT_SECONDS },
  run: checkGivenUp,
});

const keptAlive = defineCase({
  id: 'client/sessions/a-live-device-is-kept',
  title: 'A device that pings every 30 s and answers pings is not closed',
  verifies: ['C-CONN-11'],
  readings: ['L-C16'],
  needs: { waitsSeconds: SILENT_SECONDS },
  async run(stage) {
    const { connection } = await stage.device();
    for (let rounds = 0; rounds < 5; rounds += 1) {
      await stage.pass(limits.keepaliveSeconds * 1000);
      const reaction = await reactionOf(connection);
      stage.check('C-CONN-11', reaction.closed === null, {
        what: `the connection after ${(rounds + 1) * limits.keepaliveSeconds} s`,
        expected: 'open',
        got: told(reaction),
      });
    }
    await checkUnasked(stage);
  },
});

const unasked = defineCase({
  id: 'client/sessions/an-answer-without-a-challenge-is-a-violation',
  title: 'auth_response without a challenge ends the connection with 3000',
  verifies: ['C-CONN-11'],
  run: checkUnasked,
});

const noCalls = defineCase({
  id: 'client/sessions/a-call-needs-its-capability',
  title: 'A device that has not offered voice is refused calls, and its session goes on',
  verifies: ['C-CONN-08'],
  async run(stage) {
    const capabilities = ['messaging', 'e2ee'];
    const { connection, identity } = await stage.device({ negotiate: { capabilities } });
    await connection.send({
      type: 'call_end',
      call_id: stage.uuid(),
      ended_by: identity.deviceId,
      reason: 'normal',
      duration: 0,
      timestamp: secondsOf(stage),
    });
    checkRefused(stage, 'C-CONN-08', await reactionOf(connection), {
      what: 'call_end without voice or video',
      codes: [errorCode.common.notAuthorized],
      after: 'open',
    });
  },
});

const noMessaging = defineCase({
  id: 'client/sessions/sending-needs-its-capability',
  title: 'A device that has not offered messaging may not send',
  verifies: ['C-CONN-08'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const mute = await stage.device({
      identity: alice.identity,
      negotiate: { capabilities: ['e2ee'] },
    });
    await mute.sendMessage({ conversationId, to: [bob.identity.userId] });
    checkRefused(stage, 'C-CONN-08', await reactionOf(mute.connection), {
      what: 'message_send without messaging',
      codes: [errorCode.common.notAuthorized],
      after: 'open',
    });
  },
});

export const cases: readonly Case[] = [
  expiry,
  pong,
  givenUp,
  keptAlive,
  unasked,
  noCalls,
  noMessaging,
];

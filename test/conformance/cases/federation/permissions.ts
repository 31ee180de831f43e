/** Operations and the permissions that they need (F-TRUST-03; T 4.1, F 1.3). */

import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../reference/time.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { exampleOf } from '../../../../spec/example.ts';
import { type MessageType, messages } from '../../../../spec/messages.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';

const { federation: code } = errorCode;
const codes = [code.capabilityMissing];

/** An honest example of the message, with these members. */
function exampleFor(type: MessageType, change: JsonObject): JsonObject {
  const example = exampleOf(messages[type].json);
  return { ...(example as JsonObject), ...change };
}

/** Requests that basic trust does not permit (L-T20). */
function barredRequests(stage: Stage, bravo: Peer): readonly JsonObject[] {
  const timestamp = toSeconds(stage.now());
  const { serverId } = stage.subject;
  const { userId, deviceId } = bravo.user;
  return [
    exampleFor('archive_sync', {
      requesting_server: bravo.serverId,
      target_server: serverId,
      sync_period: { start_time: timestamp - 3600, end_time: timestamp },
    }),
    exampleFor('call_invite_federation', {
      origin_server: bravo.serverId,
      target_server: serverId,
      caller: userId,
      callees: [`alice@${serverId}`],
      caller_device_id: deviceId,
    }),
    exampleFor('media_relay_info', { relay_server: bravo.serverId }),
    exampleFor('presence_federation', {
      user_id: userId,
      device_id: deviceId,
      origin_server: bravo.serverId,
      target_servers: [serverId],
      timestamp,
    }),
  ];
}

const basic = defineCase({
  id: 'federation/permissions/basic-trust-permits-no-more-than-its-table',
  title: 'Files, archives, calls, media and presence are refused at level basic with 5603',
  verifies: ['F-TRUST-03'],
  readings: ['L-T20'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, link, alice } = people;
    await checkDelivered(stage, 'F-TRUST-03', people);
    for (const message of barredRequests(stage, bravo)) {
      const answer = await link.requestRaw(message);
      // Presence without permission may be dropped in silence as well (F13).
      const isDropped = message.type === 'presence_federation' && answer.message === null;
      const what = `${message.type} at level basic`;
      if (!isDropped) checkRefused(stage, 'F-TRUST-03', answer, { what, codes });
    }
    const file = relayFor(people, {
      beforeOrigin: (relay) => ({ ...relay, message_type: 'file' }),
    });
    const what = 'a relay of a file at level basic';
    checkRefused(stage, 'F-TRUST-03', await sendRelay(link, file), { what, codes });
    await checkNothingCame(stage, 'F-TRUST-03', alice, what);
  },
});

const withdrawn = defineCase({
  id: 'federation/permissions/a-withdrawn-permission-is-gone-at-once',
  title: 'After a partial revocation of message_relay relays are refused with 5603',
  verifies: ['F-TRUST-03'],
  readings: ['L-R04'],
  needs: { commands: true },
  async run(stage) {
    const people = await neighbours(stage);
    await checkDelivered(stage, 'F-TRUST-03', people);
    await stage.command({
      command: 'revoke-trust',
      server: people.bravo.serverId,
      reason: 'policy_violation',
      scope: 'partial',
      permissions: ['message_relay'],
    });
    // An order is not answered; the word that follows from it says that it was carried out.
    await people.bravo.heard('trust_revoke');
    const answer = await sendRelay(people.link, relayFor(people));
    const what = 'a relay after message_relay was taken back';
    checkRefused(stage, 'F-TRUST-03', answer, { what, codes });
    await checkNothingCame(stage, 'F-TRUST-03', people.alice, what);
  },
});

export const cases: readonly Case[] = [basic, withdrawn];

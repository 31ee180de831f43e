/** Where a number may have a fraction, and where not (X-CAN-06, L-S03). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import { negotiated } from '../client/steps/opening.ts';
import { authRequest, authResponse, challenged } from '../client/steps/proofs.ts';
import { checkRefused, reactionOf, secondsOf } from '../client/steps/reaction.ts';

const codes = [errorCode.common.protocolError, errorCode.client.invalidSignature];

const request = defineCase({
  id: 'wire/numbers/a-second-is-whole-in-auth-request',
  title: 'A timestamp with a fraction is malformed, however near',
  verifies: ['X-CAN-06'],
  readings: ['L-S03'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    await connection.sendRaw({
      ...authRequest(stage, identity),
      timestamp: secondsOf(stage) + 0.5,
    });
    const what = 'auth_request half a second from now';
    checkRefused(stage, 'X-CAN-06', await reactionOf(connection), { what, codes });
  },
});

const response = defineCase({
  id: 'wire/numbers/a-second-is-whole-in-auth-response',
  title: 'A signed timestamp with a fraction is malformed',
  verifies: ['X-CAN-06'],
  readings: ['L-S03'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, identity);
    const timestamp = secondsOf(stage) + 0.5;
    const parts = { identity, connection, signed: { timestamp } };
    await connection.sendRaw({ ...authResponse(stage, challenge, parts), timestamp });
    const what = 'auth_response half a second from now, signed as it is';
    checkRefused(stage, 'X-CAN-06', await reactionOf(connection), { what, codes });
  },
});

const ping = defineCase({
  id: 'wire/numbers/a-second-is-whole-in-ping',
  title: 'A ping at a whole second is answered, and one at a fraction is malformed',
  verifies: ['X-CAN-06'],
  readings: ['L-S03'],
  async run(stage) {
    const connection = await negotiated(stage);
    await connection.sendRaw('{"type":"ping","timestamp":7}');
    await connection.receive('pong');
    await connection.sendRaw('{"type":"ping","timestamp":7.5}');
    checkRefused(stage, 'X-CAN-06', await reactionOf(connection), {
      what: 'a ping at 7.5',
      codes: [errorCode.common.protocolError],
    });
  },
});

export const cases: readonly Case[] = [request, response, ping];

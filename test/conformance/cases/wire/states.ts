/**
 * Every message in every state where it is illegal (Part 2.1, C-CONN-05, C-AUTH-01, X-AMC-06,
 * X-ERR-07, L-X05). The messages are well-formed, so nothing but the state is wrong. Foreign
 * layers' messages are judged before the handshake only: later a server of NORC-C alone need not
 * know them (X-ERR-06).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { exampleOf } from '../../../../spec/example.ts';
import type { Declaration } from '../../../../spec/message.ts';
import { declarations } from '../../../../spec/messages.ts';
import type { DeviceConnection } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated, openingRequest, upgraded } from '../client/steps/opening.ts';
import { checkRefused, openingReaction, reactionOf } from '../client/steps/reaction.ts';

type State = 'connecting' | 'authenticating' | 'authenticated';

/** An `error` is never answered, in no state (X-ERR-05); a record never travels alone. */
const sendable = declarations.filter(
  ({ type, direction }) => type !== 'error' && direction !== 'record',
);
const ofClients = sendable.filter(({ layer }) => layer === 'client' || layer === 'common');

const byDevice = new Set(['client-to-server', 'client-server-both', 'client-to-client']);

const maySend = ({ direction, legalIn }: Declaration, state: State): boolean =>
  byDevice.has(direction) && legalIn.includes(state);

interface Matrix {
  readonly name: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly state: State;
  readonly declared: readonly Declaration[];
}

const matrices: readonly Matrix[] = [
  {
    name: 'application-before-the-handshake',
    title: 'An application message as the first frame ends the connection',
    verifies: 'X-AMC-06',
    state: 'connecting',
    declared: ofClients.filter((declared) => maySend(declared, 'authenticated')),
  },
  {
    name: 'authentication-before-the-handshake',
    title: 'A message of registration or authentication as the first frame ends the connection',
    verifies: 'C-CONN-05',
    state: 'connecting',
    declared: ofClients.filter(
      (declared) => maySend(declared, 'authenticating') && !maySend(declared, 'authenticated'),
    ),
  },
  {
    name: 'anything-else-before-the-handshake',
    title: 'A message of a server or of another layer as the first frame ends the connection',
    verifies: 'C-CONN-05',
    state: 'connecting',
    declared: sendable.filter(
      (declared) =>
        declared.type !== 'connection_request' &&
        !maySend(declared, 'authenticating') &&
        !maySend(declared, 'authenticated'),
    ),
  },
  {
    name: 'application-before-authentication',
    title: 'An application message before authentication ends the connection',
    verifies: 'C-AUTH-01',
    state: 'authenticating',
    declared: ofClients.filter(
      (declared) => maySend(declared, 'authenticated') && !maySend(declared, 'authenticating'),
    ),
  },
  {
    name: 'handshake-before-authentication',
    title: 'A message that only servers send, or the handshake again, ends the connection',
    verifies: 'X-ERR-07',
    state: 'authenticating',
    declared: ofClients.filter(
      (declared) => !maySend(declared, 'authenticated') && !maySend(declared, 'authenticating'),
    ),
  },
  {
    name: 'handshake-in-a-session',
    title: 'In a session the handshake, authentication and what only servers send end it',
    verifies: 'X-ERR-07',
    state: 'authenticated',
    declared: ofClients.filter((declared) => !maySend(declared, 'authenticated')),
  },
];

/** Well-formed, honest where that costs nothing. */
function exampleFor(stage: Stage, { type, json }: Declaration): JsonObject {
  if (type === 'connection_request') return { ...openingRequest(stage) };
  return exampleOf(json) as JsonObject;
}

/** A connection in this state, as often as it is asked. */
async function arrivals(stage: Stage, state: State): Promise<() => Promise<DeviceConnection>> {
  if (state === 'connecting') return () => upgraded(stage);
  if (state === 'authenticating') return () => negotiated(stage);
  const device = await stage.device();
  return async () => (await device.reconnect()).connection;
}

export const cases: readonly Case[] = matrices.map((matrix) =>
  defineCase({
    id: `wire/states/${matrix.name}`,
    title: matrix.title,
    verifies: [matrix.verifies],
    readings: ['L-X05'],
    async run(stage) {
      const arrive = await arrivals(stage, matrix.state);
      for (const declared of matrix.declared) {
        const connection = await arrive();
        await connection.sendRaw(exampleFor(stage, declared));
        const isOpening = matrix.state === 'connecting';
        const reaction = await (isOpening ? openingReaction(connection) : reactionOf(connection));
        checkRefused(stage, matrix.verifies, reaction, {
          what: `${declared.type} while ${matrix.state}`,
          codes: [errorCode.common.protocolError],
          after: 'closed',
        });
        await connection.close();
      }
    },
  }),
);

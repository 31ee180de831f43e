/** NORC-C: a device connects, registers and authenticates (C2–C13). */

import { limits } from '../../../spec/limits.ts';
import type { DeviceConnection, DeviceIdentity } from '../../conformance/actors/device.ts';
import { connect } from '../../conformance/actors/device-connection.ts';
import type { ActorEnvironment } from '../../conformance/actors/environment.ts';
import { freshIdentity } from '../../conformance/actors/roster.ts';
import { SubjectMisbehaved } from '../../conformance/case.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';

const registration = ['connection_request', 'device_register', 'registration_response'];
const all = [...registration, 'auth_request', 'auth_response'];
/** Later than the life of a challenge, and than the time in which a connection must authenticate. */
const lateMs = (limits.challengeSeconds + 1) * 1000;

export const clientScript: Script = {
  name: 'client',
  messages: all,
  steps: ['connection_request', 'device_register', 'auth_request'],
  grants: [
    { name: 'registered', of: registration },
    { name: 'authenticated', of: all },
  ],
  deadlines: { registration_response: lateMs, auth_response: lateMs },
  bent: all,
  hands: [],
  carried: [],
  async start(environment, tampering) {
    const userId = `${environment.chance.localName('alice')}@${environment.subject.facts.serverId}`;
    const identity = freshIdentity(environment, userId);
    return sceneOf({ environment, tampering, identity, connection: null, isAuthenticated: false });
  },
};

interface State {
  readonly environment: ActorEnvironment;
  readonly tampering: Tampering;
  readonly identity: DeviceIdentity;
  connection: DeviceConnection | null;
  isAuthenticated: boolean;
}

function sceneOf(state: State): Scene {
  const { environment, tampering, identity } = state;
  const { bend, waitBefore } = tampering;
  return {
    steps: {
      async connection_request() {
        state.connection ??= await connected(environment);
        const { bend: request } = bend('connection_request');
        await state.connection.negotiate({ ...(request && { request }) });
      },
      async device_register() {
        const { bend: register } = bend('device_register');
        const { bend: response } = bend('registration_response');
        await opened(state).register(identity, {
          ...(register && { register }),
          ...(response && { response }),
          onChallenge: () => waitBefore('registration_response'),
        });
      },
      async auth_request() {
        const { bend: request } = bend('auth_request');
        const { bend: response } = bend('auth_response');
        await opened(state).authenticate(identity, {
          ...(request && { request }),
          ...(response && { response }),
          onChallenge: () => waitBefore('auth_response'),
        });
        state.isAuthenticated = true;
      },
    },
    granted: () => granted(state),
    again: () => again(state),
  };
}

async function connected(environment: ActorEnvironment): Promise<DeviceConnection> {
  const connection = await connect(environment);
  if (!connection.refused) return connection;
  throw new SubjectMisbehaved('the upgrade was refused', 'status 101', connection);
}

function opened({ connection }: State): DeviceConnection {
  if (connection) return connection;
  throw new SubjectMisbehaved('no connection', 'one', 'none');
}

async function granted(state: State): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (state.isAuthenticated || (await isUsable(state))) found.add('authenticated');
  await state.connection?.close();
  const { roster } = state.environment;
  if (roster.has(state.identity) || (await authenticates(state))) found.add('registered');
  return found;
}

/** Whether the connection serves what only authenticated devices get. */
async function isUsable({ connection, identity, environment }: State): Promise<boolean> {
  if (!connection) return false;
  await connection.sendRaw({
    type: 'key_request',
    request_id: environment.chance.uuid(),
    user_ids: [identity.userId],
    device_filter: 'all',
    include_revoked: false,
  });
  for (let heard = await connection.next(); heard; heard = await connection.next()) {
    if ('closed' in heard) return false;
    if (heard.message.type === 'key_response') return true;
  }
  return false;
}

/** A device that was never told of its registration may have one all the same. */
async function authenticates({ environment, identity }: State): Promise<boolean> {
  const connection = await connected(environment);
  await connection.negotiate();
  try {
    await connection.authenticate(identity);
    return true;
  } catch (error) {
    if (error instanceof SubjectMisbehaved) return false;
    throw error;
  } finally {
    await connection.close();
  }
}

async function again({ environment, identity }: State): Promise<void> {
  const connection = await connected(environment);
  await connection.negotiate();
  if (!environment.roster.has(identity)) await connection.register(identity);
  await connection.authenticate(identity);
  await connection.close();
}

/** Devices of ours: connections, and whole sessions of registered devices. */
import type { AuthSuccess } from '../../../spec/messages/client/auth-success.ts';
import { SubjectMisbehaved } from '../case.ts';
import type {
  Device,
  DeviceConnection,
  DeviceIdentity,
  DeviceOptions,
  NegotiateOptions,
  Session,
  UpgradeOptions,
  UpgradeRefused,
} from './device.ts';
import { connect } from './device-connection.ts';
import { createDirectory } from './directory.ts';
import type { ActorEnvironment } from './environment.ts';
import {
  type Correspondent,
  composeMessage,
  createConversation,
  receiveMessage,
  sendMessage,
} from './messaging.ts';
import { freshIdentity } from './roster.ts';

export interface DeviceActor {
  connect(options?: UpgradeOptions): Promise<DeviceConnection | UpgradeRefused>;
  /** Connected, registered unless it is already, authenticated. */
  device(options?: DeviceOptions): Promise<Device>;
}

export function createDeviceActor(environment: ActorEnvironment): DeviceActor {
  return {
    connect: (options) => connect(environment, options),
    async device({ userId, identity, negotiate = {} } = {}) {
      const chosen = identity ?? freshIdentity(environment, userId ?? freshUserId(environment));
      return open(environment, chosen, negotiate);
    },
  };
}

const freshUserId = ({ chance, subject }: ActorEnvironment): string =>
  `${chance.localName('alice')}@${subject.facts.serverId}`;

async function open(
  environment: ActorEnvironment,
  identity: DeviceIdentity,
  options: NegotiateOptions,
): Promise<Device> {
  const { versions } = options;
  const connection = await connect(environment, versions ? { versions } : {});
  if (connection.refused) {
    throw new SubjectMisbehaved('the upgrade of a device was refused', 'status 101', connection);
  }
  const session = await connection.negotiate(options);
  if (!environment.roster.has(identity)) await connection.register(identity);
  const { message } = await connection.authenticate(identity);
  return deviceOf(environment, { identity, connection, session, authenticated: message }, options);
}

interface Opened {
  readonly identity: DeviceIdentity;
  readonly connection: DeviceConnection;
  readonly session: Session;
  readonly authenticated: AuthSuccess;
}

function deviceOf(
  environment: ActorEnvironment,
  opened: Opened,
  negotiate: NegotiateOptions,
): Device {
  const directory = createDirectory(environment, opened.connection);
  const correspondent: Correspondent = { environment, directory, ...opened };
  return {
    ...opened,
    createConversation: (members, type) => createConversation(correspondent, members, type),
    sendMessage: (options) => sendMessage(correspondent, options),
    composeMessage: (options) => composeMessage(correspondent, options),
    receiveMessage: (options) => receiveMessage(correspondent, options),
    reconnect: () => open(environment, opened.identity, negotiate),
  };
}

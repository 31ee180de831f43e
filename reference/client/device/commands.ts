/** What the user, or whoever runs the device, wants of it. */
import type { ConversationCreate } from '../../../spec/messages/client/conversation-create.ts';
import { deviceAuthorization } from '../signed-objects.ts';
import { timeOf } from './clock.ts';
import { closeSilently, connect } from './connecting.ts';
import type { DeviceCommand, DeviceContext } from './device.ts';
import { confirm } from './displaying.ts';
import { enterFurther } from './entering.ts';
import { importKeys } from './key-directory.ts';
import { enqueue, enqueueKeys } from './requests.ts';
import { revokeDevice } from './revocations.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState } from './state.ts';

const NORMAL = 1000;

export function obey(device: DeviceState, command: DeviceCommand, context: DeviceContext): void {
  switch (command.command) {
    case 'connect':
      return connect(device, context);
    case 'disconnect':
      device.wantsSession = false;
      return closeSilently(device, NORMAL, 'bye', context);
    case 'register':
      return register(device, command, context);
    case 'authenticate':
      device.wantsSession = true;
      return enterFurther(device, context);
    case 'authorize-device':
      return authorize(device, command, context);
    case 'import-keys':
      return importKeys(device, command.devices, context);
    default:
      return obeyInSession(device, command, context);
  }
}

type Entering =
  | 'connect'
  | 'disconnect'
  | 'register'
  | 'authenticate'
  | 'authorize-device'
  | 'import-keys';
type SessionCommand = Exclude<DeviceCommand, { command: Entering }>;

function obeyInSession(device: DeviceState, command: SessionCommand, context: DeviceContext): void {
  switch (command.command) {
    case 'create-conversation':
      return enqueue(device, { kind: 'create', message: creation(command) }, context);
    case 'send': {
      const { command: _, ...text } = command;
      return enqueue(device, { kind: 'send', text, attempts: 1 }, context);
    }
    case 'request-keys':
      return enqueueKeys(device, command.users, context);
    case 'acknowledge':
      return confirm(device, command.messageId, context);
    case 'read':
      return read(device, command, context);
    case 'revoke-device':
      return revokeDevice(device, command, context);
  }
}

function register(
  device: DeviceState,
  { enrolmentToken, authorization }: DeviceCommand & { command: 'register' },
  context: DeviceContext,
): void {
  device.registration = {
    enrolmentToken: enrolmentToken ?? null,
    authorization: authorization ?? null,
  };
  enterFurther(device, context);
}

/** L-C01: signed after the user has compared the keys on both screens. */
function authorize(
  { config }: DeviceState,
  { binding }: DeviceCommand & { command: 'authorize-device' },
  context: DeviceContext,
): void {
  const { signingKey, deviceId: authorizer } = config;
  const signature = context.crypto.sign(signingKey, deviceAuthorization(binding));
  const authorization = { authorizer, signature };
  context.emit({ type: 'authorized', deviceId: binding.deviceId, authorization });
}

/** C-MSG-11: for this device only. */
function read(
  device: DeviceState,
  { messageId, conversationId }: DeviceCommand & { command: 'read' },
  context: DeviceContext,
): void {
  if (device.phase !== 'authenticated') return;
  sendMessage(
    device,
    {
      type: 'read_receipt',
      message_id: messageId,
      conversation_id: conversationId,
      read_by_device: device.config.deviceId,
      timestamp: timeOf(device, context),
    },
    context,
  );
}

function creation(command: DeviceCommand & { command: 'create-conversation' }): ConversationCreate {
  const participants = command.members.map((userId) => ({
    user_id: userId,
    role: 'member' as const,
  }));
  return {
    type: 'conversation_create',
    conversation_id: command.conversationId,
    conversation_type: command.kind,
    name: command.name,
    participants,
    settings: { is_public: false, history_visible: false, max_members: 100 },
  };
}

/**
 * One NORC-C connection of ours (profile 2.1, seen from the device): sending, receiving, waiting.
 */
import { type Micros, millis, toMillis, toSeconds } from '../../../reference/time.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { SubjectMisbehaved } from '../case.ts';
import type { DeviceChannel } from '../ground.ts';
import type { Received } from '../stage.ts';
import { authenticate } from './authentication.ts';
import type {
  Closed,
  DeviceConnection,
  Session,
  UpgradeOptions,
  UpgradeRefused,
} from './device.ts';
import { type ActorEnvironment, defaultWithinMs } from './environment.ts';
import type { Route } from './exchange.ts';
import { negotiate } from './negotiation.ts';
import { register } from './registration.ts';
import { asJson } from './signing.ts';

type MessageType = NorcMessage['type'];

/** What one connection works with; `session` is set by the handshake. */
interface ConnectionState {
  readonly environment: ActorEnvironment;
  readonly channel: DeviceChannel;
  readonly label: string;
  session: Session | undefined;
  closed: Closed | null;
}

/** Types that may come at any time and concern nobody who waits for something else. */
const unsolicited: readonly string[] = ['time_sync', 'ping', 'key_response'];

export async function connect(
  environment: ActorEnvironment,
  options: UpgradeOptions = {},
): Promise<DeviceConnection | UpgradeRefused> {
  const { subject, exchange, at } = environment;
  const label = environment.label('device');
  const { versions = [at], ...offered } = options;
  const majors = new Set(versions.map((version) => version.split('.')[0]));
  const subprotocols = [...versions, ...majors].map((version) => `norc-c-json-v${version}`);
  const channel = await subject.upgrade({ path: '/norc-c', subprotocols, ...offered });
  const route = { from: label, to: 'subject', channel: label };
  if (channel.refused) {
    exchange.event(route, `upgrade refused ${channel.status ?? 'by TLS'}`);
    return channel;
  }
  exchange.event(route, `upgrade ${channel.subprotocol}`);
  environment.opened(channel);
  return connectionOf({ environment, channel, label, session: undefined, closed: null });
}

function connectionOf(state: ConnectionState): DeviceConnection {
  const { environment, channel } = state;
  const connection: DeviceConnection = {
    refused: false,
    headers: channel.headers,
    subprotocol: channel.subprotocol,
    get session() {
      return state.session;
    },
    send: (message) => send(state, message),
    async sendRaw(frame) {
      const text = environment.exchange.sendRaw(outward(state), frame, versionOf(state));
      await channel.send(frame instanceof Uint8Array ? frame : text);
    },
    receive: (type, options) => receive(state, type, options),
    next: ({ withinMs = defaultWithinMs } = {}) => next(state, deadlineIn(state, withinMs)),
    receiveError: (options) => receive(state, 'error', options),
    closed: (options) => closed(state, options),
    silence: () => silence(state),
    close: () => channel.close(),
    async negotiate(options = {}) {
      state.session = await negotiate(environment, connection, options);
      return state.session;
    },
    register: (identity, options = {}) => register(environment, connection, identity, options),
    authenticate: (identity, options = {}) =>
      authenticate(environment, connection, identity, options),
  };
  return connection;
}

async function send(state: ConnectionState, message: NorcMessage): Promise<void> {
  const { exchange, chains, roster } = state.environment;
  const text = exchange.send(outward(state), asJson(message), versionOf(state));
  if (message.type === 'message_send') chains.left((message as MessageSend).message_id);
  if (message.type === 'device_revoke') roster.changed();
  await state.channel.send(text);
}

/** Unknown types are recorded and ignored (X-ERR-06); a close stays the last thing there is. */
async function next(state: ConnectionState, deadline: Micros): Promise<Received | Closed | null> {
  const { environment, channel } = state;
  for (;;) {
    environment.surface();
    if (state.closed) return state.closed;
    const frame = await channel.next(leftMs(state, deadline));
    if (frame === null) return null;
    if (frame.closed) {
      state.closed = frame;
      environment.exchange.event(inward(state), `closed ${frame.code}`);
      return frame;
    }
    const received = environment.exchange.receive(inward(state), frame.text, versionOf(state));
    if (received) return received;
  }
}

async function receive<T extends MessageType>(
  state: ConnectionState,
  type: T | readonly T[],
  options: { withinMs?: number; passing?: readonly string[] } = {},
): Promise<Received<Extract<NorcMessage, { type: T }>>> {
  const { withinMs = defaultWithinMs, passing = [] } = options;
  const wanted: readonly string[] = typeof type === 'string' ? [type] : type;
  const deadline = deadlineIn(state, withinMs);
  for (;;) {
    const got = await next(state, deadline);
    if (got === null) throw misbehaved(wanted, `nothing within ${withinMs} ms`);
    if ('closed' in got) throw misbehaved(wanted, `a close with code ${got.code}`);
    if (wanted.includes(got.message.type)) {
      return got as Received<Extract<NorcMessage, { type: T }>>;
    }
    if (got.message.type === 'ping') await pong(state, got.message.timestamp);
    else if (![...unsolicited, ...passing].includes(got.message.type)) {
      throw misbehaved(wanted, got.message);
    }
  }
}

async function closed(
  state: ConnectionState,
  { withinMs = defaultWithinMs }: { withinMs?: number } = {},
): Promise<Closed> {
  const deadline = deadlineIn(state, withinMs);
  for (;;) {
    const got = await next(state, deadline);
    if (got === null) throw misbehaved(['a close'], `nothing within ${withinMs} ms`);
    if ('closed' in got) return got;
  }
}

/** Frames are answered in order, so what comes after the pong was not caused by what was sent. */
async function silence(state: ConnectionState): Promise<readonly (Received | Closed)[]> {
  const timestamp = toSeconds(state.environment.subject.now());
  await send(state, { type: 'ping', timestamp });
  const deadline = deadlineIn(state, defaultWithinMs);
  const heard: (Received | Closed)[] = [];
  for (;;) {
    const got = await next(state, deadline);
    if (got === null) throw misbehaved(['pong'], `nothing within ${defaultWithinMs} ms`);
    if ('closed' in got) return [...heard, got];
    if (got.message.type === 'pong') return heard;
    if (got.message.type === 'ping') await pong(state, got.message.timestamp);
    else if (got.message.type !== 'time_sync') heard.push(got);
  }
}

async function pong(state: ConnectionState, echo: number): Promise<void> {
  const timestamp = toSeconds(state.environment.subject.now());
  await send(state, { type: 'pong', timestamp, echo });
}

function misbehaved(wanted: readonly string[], got: unknown): SubjectMisbehaved {
  const what = typeof got === 'string' ? got : describe(got);
  return new SubjectMisbehaved(`waited for ${wanted.join(' or ')}, got ${what}`, wanted, got);
}

function describe(message: unknown): string {
  const { type, error_code } = message as Partial<Record<'type' | 'error_code', unknown>>;
  return error_code === undefined ? String(type) : `${type} ${error_code}`;
}

const deadlineIn = ({ environment }: ConnectionState, withinMs: number): Micros =>
  environment.subject.now() + millis(withinMs);

const leftMs = ({ environment }: ConnectionState, deadline: Micros): number =>
  Math.max(0, toMillis(deadline - environment.subject.now()));

const versionOf = ({ session, environment }: ConnectionState): string =>
  session?.version ?? environment.at;

const outward = ({ label }: ConnectionState): Route => ({
  from: label,
  to: 'subject',
  channel: label,
});

const inward = ({ label }: ConnectionState): Route => ({
  from: 'subject',
  to: label,
  channel: label,
});

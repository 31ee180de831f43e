/**
 * Users who write to users of other servers. Every message is sealed by the sender's device, relayed
 * between the servers and opened by the receiver's device: nothing is spared. Keys have been
 * compared out of band.
 */
import { invariant } from '../../reference/assert.ts';
import { createStream, type Stream } from '../philox.ts';
import { purposes } from '../purposes.ts';
import type { RelayLoad } from '../scenario/compile.ts';
import type { UserDevice } from '../world/devices.ts';
import { uuidFrom } from '../world/entropy.ts';
import type { World } from '../world/world.ts';

interface Talk {
  readonly world: World;
  readonly load: RelayLoad;
  readonly stream: Stream;
  /** By sender and receiver. */
  readonly conversations: Map<string, string>;
}

export function scheduleLoads(world: World, loads: readonly RelayLoad[], seed: number): void {
  for (const [place, load] of loads.entries()) {
    const stream = createStream({ seed, entity: place, purpose: purposes.workload });
    const talk: Talk = { world, load, stream, conversations: new Map() };
    world.at(load.at, () => sayNext(talk));
  }
}

function sayNext(talk: Talk): void {
  const { world, load, stream } = talk;
  const { now } = world.kernel;
  const from = drawn(load.from, stream, null) ?? '';
  const to = drawn(addresseesOf(load, from), stream, from);
  if (to !== null) say(talk, userOf(world, from, stream), userOf(world, to, stream), from);
  const next = now + load.every;
  if (next < load.until) world.at(next, () => sayNext(talk));
}

function addresseesOf({ to }: RelayLoad, from: string): readonly string[] {
  return 'get' in to ? (to.get(from) ?? []) : to;
}

/** Null: there is nobody but `other`, who may be named more than once. */
function drawn(servers: readonly string[], stream: Stream, other: string | null): string | null {
  const place = other === null ? -1 : servers.indexOf(other);
  const isNamedOnce = place < 0 || servers.lastIndexOf(other as string) === place;
  if (!isNamedOnce)
    return pick(
      servers.filter((server) => server !== other),
      -1,
      stream,
    );
  return pick(servers, place, stream);
}

/** One of them, but not the one at `without`. */
function pick(servers: readonly string[], without: number, stream: Stream): string | null {
  const count = without < 0 ? servers.length : servers.length - 1;
  if (count === 0) return null;
  const chosen = stream.below(count);
  return servers[without >= 0 && chosen >= without ? chosen + 1 : chosen] ?? null;
}

function userOf(world: World, server: string, stream: Stream): UserDevice {
  const users = world.servers.get(server)?.users ?? [];
  const user = users[stream.below(Math.max(1, users.length))];
  invariant(user, `${server} has no users`);
  return user;
}

function say(
  { world, load, conversations }: Talk,
  from: UserDevice,
  to: UserDevice,
  server: string,
) {
  const key = `${from.userId} ${to.userId}`;
  const conversationId = conversations.get(key) ?? begin(from, to);
  conversations.set(key, conversationId);
  const messageId = uuidFrom(from.names);
  world.record(server, { event: 'said', user: from.userId, to: to.userId, messageId });
  const text = 'x'.repeat(load.sizeBytes);
  const message = { messageId, conversationId, recipients: [to.userId], text };
  from.command({ command: 'send', ...message });
}

function begin(from: UserDevice, to: UserDevice): string {
  const conversationId = uuidFrom(from.names);
  from.command({ command: 'import-keys', devices: [bindingOf(to)] });
  to.command({ command: 'import-keys', devices: [bindingOf(from)] });
  const common = { conversationId, kind: 'direct', name: '' } as const;
  from.command({ command: 'create-conversation', ...common, members: [to.userId] });
  return conversationId;
}

function bindingOf({ userId, config }: UserDevice) {
  const { deviceId, signingKey, exchangeKey } = config;
  const keys = { publicKey: signingKey.publicKey, kexPublicKey: exchangeKey.publicKey };
  return { userId, deviceId, ...keys };
}

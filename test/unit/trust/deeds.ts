/** What tests do with a world of trust layers, and what they ask of it. */
import type { AuditEvent, LogEntry } from '../../../reference/core.ts';
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import type { Standing } from '../../../reference/ports.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  ACME,
  arrive,
  asJson,
  BRAVO,
  crypto,
  type Envelope,
  type Inner,
  present,
  serverOf,
  settle,
  type World,
} from './pair.ts';

export interface WishOptions {
  readonly from?: string;
  readonly to?: string;
  readonly method?: string;
  readonly level?: string;
  readonly mutual?: boolean;
}

export function ask(world: World, options: WishOptions = {}): void {
  const {
    from = ACME,
    to = BRAVO,
    method = 'direct_exchange',
    level = 'basic',
    mutual = true,
  } = options;
  const server = present(world, from);
  server.layer.establish({ server: to, level, method, mutual }, server.context);
}

export function establish(world: World, options: WishOptions = {}): void {
  ask(world, options);
  settle(world);
}

export function revoke(
  world: World,
  by: string,
  of: string,
  order: {
    reason?: string;
    scope?: string;
    permissions?: string[];
    gracePeriodSeconds?: number;
  } = {},
): void {
  const server = present(world, by);
  const full = {
    reason: 'voluntary',
    scope: 'full',
    permissions: [],
    gracePeriodSeconds: 0,
    ...order,
  };
  server.layer.revoke({ server: of, ...full }, server.context);
  settle(world);
}

export function approve(
  world: World,
  by: string,
  of: string,
  decision: 'approve' | 'refuse',
): void {
  const server = present(world, by);
  server.layer.approve({ server: of, decision }, server.context);
  settle(world);
}

/** By order of the operator: T18 from the subject. */
export function renew(
  world: World,
  by: string,
  of: string,
  order: {
    reason?: string;
    level?: string;
    permissions?: string[];
    messagesPerSecond?: number;
    bandwidthMbps?: number;
  } = {},
): void {
  const { layer, context } = present(world, by);
  const full = { reason: 'early', permissions: [], justification: 'we need it', ...order };
  layer.renew({ server: of, ...full }, context);
  settle(world);
}

export function meet(
  world: World,
  by: string,
  of: string,
  condition: string,
  whose: 'issued' | 'held' = 'issued',
): void {
  const { layer, context } = present(world, by);
  layer.meetCondition({ server: of, condition, evidence: 'report 7', of: whose }, context);
  settle(world);
}

/** Hands a message to a server as a request of `from` and returns what it answers. */
export function request(
  world: World,
  from: string,
  to: string,
  message: NorcMessage,
): Envelope | undefined {
  const inner = world as Inner;
  inner.counter += 1;
  const exchange = `x${inner.counter}`;
  inner.posted.set(exchange, { from, to, message });
  const before = world.sent.length;
  const kept = world.tap;
  // The one who asks is the test, not the layer of `from`.
  world.tap = (envelope) =>
    envelope.exchange === exchange && envelope.kind === 'answer'
      ? [{ ...envelope, message: null }]
      : kept(envelope);
  arrive(inner, { from, to, message, kind: 'request', status: 0, exchange });
  settle(world);
  world.tap = kept;
  return world.sent.slice(before).find((one) => one.exchange === exchange && one.kind === 'answer');
}

export function standing(
  world: World,
  of: string,
  peer: string,
): { inbound: Standing; outbound: Standing } {
  const { layer } = serverOf(world, of);
  return { inbound: layer.inbound(peer, world.now), outbound: layer.outbound(peer, world.now) };
}

/** Statuses as `acme in, acme out, bravo in, bravo out`. */
export function statuses(world: World, a = ACME, b = BRAVO): string[] {
  const [left, right] = [standing(world, a, b), standing(world, b, a)];
  return [left.inbound, left.outbound, right.inbound, right.outbound].map(({ status }) => status);
}

export function lastOf<T extends NorcMessage['type']>(
  world: World,
  type: T,
): Extract<NorcMessage, { type: T }> {
  const found = world.sent.findLast(({ message }) => message?.type === type)?.message;
  if (!found) throw new Error(`no ${type} was sent`);
  return found as Extract<NorcMessage, { type: T }>;
}

export function countOf(world: World, type: NorcMessage['type']): number {
  return world.sent.filter(({ message }) => message?.type === type).length;
}

export function logsOf(world: World, id: string): LogEntry[] {
  return serverOf(world, id).effects.flatMap((effect) =>
    effect.type === 'log' ? [effect.entry] : [],
  );
}

export function auditsOf(world: World, id: string): AuditEvent[] {
  return serverOf(world, id).effects.flatMap((effect) =>
    effect.type === 'audit' ? [effect.event] : [],
  );
}

/** Requirements that a server found broken, oldest first. */
export function brokenAt(world: World, id: string): string[] {
  return logsOf(world, id).flatMap((entry) =>
    entry.event === 'refused' ? [entry.requirement] : [],
  );
}

/** Signs a message again after a change, as its sender could. */
export function resign<M extends NorcMessage>(key: SigningKey, message: M, member: string): M {
  const bare = without(asJson(message), member);
  return { ...bare, [member]: crypto.sign(key, bare) } as unknown as M;
}

/**
 * A tap that changes the first message of a type, signed again by its sender unless
 * `keepSignature`.
 */
export function bend<T extends NorcMessage['type']>(
  world: World,
  type: T,
  change: (message: Extract<NorcMessage, { type: T }>) => object,
  signature: string | null,
): void {
  world.tap = (envelope) => {
    if (envelope.message?.type !== type) return [envelope];
    const changed = change(structuredClone(envelope.message) as Extract<NorcMessage, { type: T }>);
    const key = serverOf(world, envelope.from).key;
    const message = changed as unknown as NorcMessage;
    return [
      { ...envelope, message: signature === null ? message : resign(key, message, signature) },
    ];
  };
}

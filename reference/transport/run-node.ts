/**
 * Runs a node on the real world: events become inputs, one at a time and with the time; effects become
 * deeds, in the order emitted. Rows are on the disk before anything emitted after them leaves, so what
 * the world has seen of us survives any crash (core.ts).
 */
import type { Effect, Input, Row } from '../core.ts';
import type { ServerNode } from '../node/server.ts';
import type { Store } from '../store/store.ts';
import { type Clock, createTimers, type Timers } from './clock.ts';

type Inner = 'persist' | 'audit' | 'set-timer' | 'cancel-timer';
type Outer = Exclude<Effect, { type: Inner }>;
type EffectsByType = { [E in Outer as E['type']]: E };

/** Who does what a node asks for beyond time and store. None may throw for what a peer did. */
export type Hands = { [T in keyof EffectsByType]: (effect: EffectsByType[T]) => void };

/** A defect of ours, met while an input was handled or an effect performed. The node lives on. */
export interface Fault {
  readonly during: Input['type'] | Effect['type'];
  readonly error: unknown;
}

export interface NodeParts {
  readonly node: ServerNode;
  readonly store: Store;
  readonly clock: Clock;
  /** Default: timers of the process. A virtual clock brings its own. */
  readonly timers?: (clock: Clock, fired: (timer: string) => void) => Timers;
  readonly hands: Hands;
  readonly onFault: (fault: Fault) => void;
  /** The store failed: nothing has left since, and nothing may any more. */
  readonly onStoreFailed: (error: unknown) => void;
}

export interface RunningNode {
  deliver(input: Input): void;
  /** No input reaches the node any more. */
  close(): void;
}

export function runNode(parts: NodeParts): RunningNode {
  const waiting: Input[] = [];
  let state: 'idle' | 'busy' | 'closed' = 'idle';
  const timers = (parts.timers ?? createTimers)(parts.clock, (timer) =>
    deliver({ type: 'timer-fired', timer }),
  );

  function deliver(input: Input): void {
    if (state === 'closed') return;
    waiting.push(input);
    if (state === 'idle') drain();
  }

  /** A deed may bring about the next input at once; it waits until this one is done. */
  function drain(): void {
    state = 'busy';
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) handle(next);
    if (state === 'busy') state = 'idle';
  }

  function handle(input: Input): void {
    try {
      perform(parts.node.handle(input, parts.clock()));
    } catch (error) {
      parts.onFault({ during: input.type, error });
      const amends = amendsFor(input);
      if (amends) tryHand(amends);
    }
  }

  function perform(effects: readonly Effect[]): void {
    let rows: Row[] = [];
    for (const effect of effects) {
      if (effect.type === 'persist') {
        rows.push(effect);
        continue;
      }
      if (!flush(rows)) return;
      rows = [];
      performOne(effect);
    }
    flush(rows);
  }

  function flush(rows: readonly Row[]): boolean {
    try {
      if (rows.length > 0) {
        parts.store.write(rows.map(({ table, key, value }) => ({ table, key, value })));
      }
      return true;
    } catch (error) {
      close();
      parts.onStoreFailed(error);
      return false;
    }
  }

  function performOne(effect: Exclude<Effect, { type: 'persist' }>): void {
    if (effect.type === 'set-timer') timers.set(effect.timer, effect.at);
    else if (effect.type === 'cancel-timer') timers.cancel(effect.timer);
    else if (effect.type !== 'audit') tryHand(effect); // the node itself keeps the audit log
  }

  function tryHand(effect: Outer): void {
    try {
      lendHand(parts.hands, effect.type, effect);
    } catch (error) {
      parts.onFault({ during: effect.type, error });
    }
  }

  function close(): void {
    state = 'closed';
    waiting.length = 0;
    timers.close();
  }

  return { deliver, close };
}

function lendHand<T extends keyof EffectsByType>(hands: Hands, type: T, effect: EffectsByType[T]) {
  hands[type](effect);
}

/** After a fault the peer concerned is not left waiting, and cannot go on from a state we lost. */
function amendsFor(input: Input): Outer | null {
  const reason = 'internal error';
  switch (input.type) {
    case 'upgrade-requested':
      return { type: 'refuse-upgrade', connection: input.connection, status: 500, reason };
    case 'frame-received':
      return { type: 'close', connection: input.connection, code: 1011, reason };
    case 'request-received':
      return { type: 'answer', exchange: input.exchange, status: 500, message: null };
    case 'link-accepted':
    case 'link-dialled':
    case 'answer-received':
    case 'exchange-failed':
      return { type: 'hang-up', link: input.link, reason };
    default:
      return null;
  }
}

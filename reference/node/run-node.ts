/**
 * Runs a node on a world, real or virtual: events become inputs, one at a time and with the time; effects
 * become deeds, in the order emitted. Rows are on the disk before anything emitted after them
 * leaves, so what the world has seen of us survives any crash (core.ts).
 */
import type { Effect, Input, Row } from '../core.ts';
import type { Store } from '../store/store.ts';
import type { Micros } from '../time.ts';
import type { ServerNode } from './server.ts';

/** Unix microseconds that never go back. */
export type Clock = () => Micros;

export interface Timers {
  /** Replaces a timer of the same name. */
  set(timer: string, at: Micros): void;
  cancel(timer: string): void;
  close(): void;
}

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
  readonly timers: (clock: Clock, fired: (timer: string) => void) => Timers;
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
  const runner = new Runner(parts);
  return { deliver: (input) => runner.deliver(input), close: () => runner.close() };
}

class Runner {
  readonly #parts: NodeParts;
  readonly #timers: Timers;
  readonly #waiting: Input[] = [];
  #state: 'idle' | 'busy' | 'closed' = 'idle';

  constructor(parts: NodeParts) {
    this.#parts = parts;
    const fired = (timer: string) => this.deliver({ type: 'timer-fired', timer });
    this.#timers = parts.timers(parts.clock, fired);
  }

  /** A deed may bring about the next input at once; it waits until the present one is done. */
  deliver(input: Input): void {
    if (this.#state === 'closed') return;
    this.#waiting.push(input);
    if (this.#state === 'busy') return;
    this.#state = 'busy';
    for (let next = this.#next(); next !== undefined; next = this.#next()) this.#handle(next);
    if (this.#isOpen()) this.#state = 'idle';
  }

  close(): void {
    this.#state = 'closed';
    this.#waiting.length = 0;
    this.#timers.close();
  }

  #next(): Input | undefined {
    return this.#waiting.shift();
  }

  #isOpen(): boolean {
    return this.#state !== 'closed';
  }

  #handle(input: Input): void {
    const { node, clock, onFault } = this.#parts;
    try {
      this.#perform(node.handle(input, clock()));
    } catch (error) {
      onFault({ during: input.type, error });
      const amends = amendsFor(input);
      if (amends) this.#lendHand(amends);
    }
  }

  #perform(effects: readonly Effect[]): void {
    let rows: Row[] = [];
    for (const effect of effects) {
      if (effect.type === 'persist') {
        rows.push(effect);
        continue;
      }
      this.#write(rows);
      rows = [];
      // A store that failed has closed us: what was to leave after those rows stays here.
      if (!this.#isOpen()) return;
      this.#performOne(effect);
    }
    this.#write(rows);
  }

  /** All at once, so that they survive together or not at all. */
  #write(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    const { store, onStoreFailed } = this.#parts;
    try {
      store.write(rows.map(({ table, key, value }) => ({ table, key, value })));
    } catch (error) {
      this.close();
      onStoreFailed(error);
    }
  }

  #performOne(effect: Exclude<Effect, { type: 'persist' }>): void {
    if (effect.type === 'set-timer') this.#timers.set(effect.timer, effect.at);
    else if (effect.type === 'cancel-timer') this.#timers.cancel(effect.timer);
    else if (effect.type !== 'audit') this.#lendHand(effect); // the node keeps the audit log
  }

  #lendHand(effect: Outer): void {
    try {
      lendHand(this.#parts.hands, effect.type, effect);
    } catch (error) {
      this.#parts.onFault({ during: effect.type, error });
    }
  }
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

/**
 * A server process that is none: a node with its store, killed and started again at will. It is run
 * by the runner of the real process, so the order of deeds and the amends for a fault are the same.
 */
import type { Effect, Input, LogEntry, Row } from '../../../reference/core.ts';
import {
  type Fault,
  type Hands,
  type RunningNode,
  runNode,
} from '../../../reference/node/run-node.ts';
import type { ServerNode } from '../../../reference/node/server.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface VirtualProcess {
  deliver(input: Input): void;
  isRunning(): boolean;
  start(): void;
  /** Without a word to anybody. The store stays. */
  kill(): void;
  /** What the node has thrown. */
  readonly faults: readonly Error[];
  /** Last lines of its log. */
  output(): string;
}

export interface ProcessParts {
  /** `rows`: what the store held. */
  readonly createNode: (rows: readonly Row[]) => ServerNode;
  readonly time: VirtualTime;
  readonly hands: Omit<Hands, 'log'>;
  readonly tamper: ((effect: Effect) => Effect | null) | undefined;
}

const OUTPUT_LINES = 200;

export function createVirtualProcess(parts: ProcessParts): VirtualProcess {
  const { time, createNode, tamper } = parts;
  const store = createMemoryStore();
  const faults: Error[] = [];
  const log: string[] = [];
  const hands: Hands = { ...parts.hands, log: ({ entry }) => note(lineOf(entry)) };
  let running: RunningNode | null = null;

  function note(line: string): void {
    log.push(line);
    if (log.length > OUTPUT_LINES) log.shift();
  }
  function faulted({ during, error }: Fault): void {
    const fault = error instanceof Error ? error : new Error(String(error));
    faults.push(fault);
    note(`fault during ${during}: ${fault.stack}`);
  }
  function deliver(input: Input): void {
    time.stir();
    running?.deliver(input);
  }

  return {
    faults,
    output: () => log.join('\n'),
    isRunning: () => running !== null,
    deliver,
    start() {
      const { now: clock, timers } = time;
      running = runNode({
        node: tampered(createNode(store.load()), tamper),
        ...{ store, clock, timers, hands },
        onFault: faulted,
        onStoreFailed: (error) => faulted({ during: 'persist', error }),
      });
      deliver({ type: 'started' });
    },
    kill() {
      running?.close();
      running = null;
      time.stir();
    },
  };
}

function tampered(node: ServerNode, tamper: ProcessParts['tamper']): ServerNode {
  if (!tamper) return node;
  return {
    handle: (input, now) => node.handle(input, now).flatMap((effect) => tamper(effect) ?? []),
  };
}

function lineOf(entry: LogEntry): string {
  if (entry.event !== 'refused') return `${entry.event} ${entry.peer}: ${entry.detail}`;
  const { requirement, code, detail, peer } = entry;
  return `refused ${peer}: ${requirement} ${code ?? 'silently'} ${detail}`;
}

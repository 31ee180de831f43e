/**
 * Where attempts are made. In process each has a subject of its own, which has seen nothing yet: what
 * all attempts have in common is then the same to the byte and computed once. On sockets one subject
 * serves all, and no two attempts share a name.
 */
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { createServer, type Held, type ServerNode } from '../../reference/node/server.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Authority } from '../conformance/authority.ts';
import type { ProtocolVersion } from '../conformance/case.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from '../conformance/ground.ts';
import type { InProcessParts, InProcessSubject } from '../conformance/grounds/in-process.ts';
import { createInProcessGround } from '../conformance/grounds/in-process.ts';
import { createIdentityPool } from '../conformance/identity-pool.ts';
import { type Attempted, type AttemptOptions, attempt, donate } from './attempt.ts';
import { EXPIRY_MS, type Growth, growthOver, hoarded, ROUNDS } from './hoard.ts';
import type { Donor } from './mutate.ts';
import type { Plan } from './mutation.ts';
import { type Finding, judge } from './oracle.ts';
import { type Retained, retainedIn } from './retained.ts';
import type { Script } from './script.ts';
import type { Crossing } from './tampering.ts';

export interface Arena {
  readonly at: ProtocolVersion;
  readonly virtualTime: boolean;
  /** Throws `SubjectUnreachable` when there is none to begin with. */
  play(script: Script, plan: Plan): Promise<Played>;
  /** The same plan several times, to see what the subject keeps of it; where that can be counted. */
  hoard?(script: Script, plan: Plan): Promise<Played>;
  close(): Promise<void>;
}

export interface Played {
  readonly finding: Finding | null;
  readonly crossings: readonly Crossing[];
}

const SEED = 'fuzz';
const plain = { policy: {}, versions: null };

export interface InProcessArenaOptions {
  readonly at: ProtocolVersion;
  /** Guards that are switched off: a mutant. */
  readonly off?: ReadonlySet<RequirementId>;
  /** A mutant of what the node is told or does. */
  readonly bend?: (node: ServerNode) => ServerNode;
}

export function inProcessArena(
  parts: InProcessParts,
  { at, off, bend = (node) => node }: InProcessArenaOptions,
): Arena {
  const crypto = createCrypto(parts.primitives, createMust());
  const identities = createIdentityPool(parts.authority);
  let held: () => Held = () => ({ client: {}, federation: {}, trust: {} });
  const ground = createInProcessGround(parts, {
    seed: SEED,
    ...(off && { off }),
    createNode(config, environment, rows = []) {
      const server = createServer(config, environment, rows);
      held = server.held;
      return bend(server.node);
    },
  });
  async function onSubject<T>(
    script: Script,
    act: (options: AttemptOptions, subject: InProcessSubject) => Promise<T>,
  ): Promise<T> {
    const subject = await ground.start(plain);
    const authority = identities.forCase();
    try {
      return await act({ subject, script, at, seed: SEED, authority, crypto }, subject);
    } finally {
      await subject.close();
    }
  }
  const rounds = (script: Script, plan: Plan, borrows: boolean): Promise<Rounds> =>
    onSubject(script, (options) => growthBy(options, { plan, borrows }, () => held()));
  const honest = new Map<string, Growth>();
  return {
    ...{ at, virtualTime: true },
    play: (script, plan) =>
      onSubject(script, (options, { crashed }) =>
        played(options, plan, { name: 'attempt', crashed }),
      ),
    async hoard(script, plan) {
      const borrows = isBorrowing(plan);
      const key = `${script.name} ${borrows}`;
      const known = honest.get(key) ?? (await rounds(script, [], borrows)).growth;
      honest.set(key, known);
      const { growth, crossings } = await rounds(script, plan, borrows);
      return { finding: hoarded(growth, known), crossings };
    },
    close: () => ground.close(),
  };
}

interface Rounds {
  readonly growth: Growth;
  /** Of the last one. */
  readonly crossings: readonly Crossing[];
}

async function growthBy(
  options: AttemptOptions,
  { plan, borrows }: { readonly plan: Plan; readonly borrows: boolean },
  held: () => Held,
): Promise<Rounds> {
  const rounds: Retained[] = [];
  let crossings: readonly Crossing[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const donor = borrows ? await donate(options, `another run in round ${round}`) : nobody;
    const attempted = await attempt(options, plan, { donor, name: `round ${round}` });
    crossings = attempted.crossings;
    await options.subject.pass(EXPIRY_MS);
    rounds.push(retainedIn(held()));
  }
  return { growth: growthOver(rounds), crossings };
}

export interface SharedArena {
  readonly ground: Ground;
  readonly authority: Authority;
  readonly crypto: Crypto;
  readonly at: ProtocolVersion;
  /** Names of a run are its own: the subject may remember those of an earlier one. */
  readonly run: string;
}

export function sharedArena({ ground, authority, crypto, at, run }: SharedArena): Arena {
  let subject: RunningSubject | null = null;
  let count = 0;
  return {
    ...{ at, virtualTime: ground.virtualTime },
    async play(script, plan) {
      subject ??= await ground.start(plain);
      count += 1;
      const options = { subject, script, at, seed: run, authority, crypto };
      try {
        return await played(options, plan, { name: `attempt ${count}`, crashed: () => null });
      } catch (error) {
        if (!(error instanceof SubjectUnreachable)) throw error;
        await subject.close();
        subject = null;
        return { finding: deathOf(error), crossings: [] };
      }
    },
    close: () => ground.close(),
  };
}

function deathOf({ message, output }: SubjectUnreachable): Finding {
  const got = [message, output.split('\n').at(-1)].filter(Boolean).join(': ');
  return { oracle: 'never-crashes', expected: 'a subject that goes on', got, crossing: null };
}

interface Naming {
  readonly name: string;
  readonly crashed: () => Error | null;
}

async function played(
  options: AttemptOptions,
  plan: Plan,
  { name, crashed }: Naming,
): Promise<Played> {
  const donor = isBorrowing(plan) ? await donate(options, `${name}, another run`) : nobody;
  const attempted: Attempted = await attempt(options, plan, { donor, name });
  const { script, at } = options;
  const finding = judge({ script, plan, at, attempted, crashed: crashed() });
  return { finding, crossings: attempted.crossings };
}

const borrowing: ReadonlySet<string> = new Set(['splice', 'insert', 'graft']);

/** Whether the plan takes something from another run. */
const isBorrowing = (plan: Plan): boolean => plan.some(({ kind }) => borrowing.has(kind));

const nobody: Donor = new Map();

/**
 * Where attempts are made. In process each has a subject of its own, which has seen nothing yet: what
 * all attempts have in common is then the same to the byte and computed once. On sockets one subject
 * serves all, and no two attempts share a name.
 */
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Authority } from '../conformance/authority.ts';
import type { ProtocolVersion } from '../conformance/case.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from '../conformance/ground.ts';
import type { InProcessParts, InProcessSubject } from '../conformance/grounds/in-process.ts';
import { createInProcessGround } from '../conformance/grounds/in-process.ts';
import { createIdentityPool } from '../conformance/identity-pool.ts';
import { type Attempted, type AttemptOptions, attempt, donate } from './attempt.ts';
import type { Donor } from './mutate.ts';
import type { Plan } from './mutation.ts';
import { type Finding, judge } from './oracle.ts';
import type { Script } from './script.ts';
import type { Crossing } from './tampering.ts';

export interface Arena {
  readonly at: ProtocolVersion;
  readonly virtualTime: boolean;
  /** Throws `SubjectUnreachable` when there is none to begin with. */
  play(script: Script, plan: Plan): Promise<Played>;
  close(): Promise<void>;
}

export interface Played {
  readonly finding: Finding | null;
  readonly crossings: readonly Crossing[];
}

const SEED = 'fuzz';
const plain = { policy: {}, versions: null };

/** `off`: guards that are switched off, a mutant. */
export function inProcessArena(
  parts: InProcessParts,
  { at, off }: { readonly at: ProtocolVersion; readonly off?: ReadonlySet<RequirementId> },
): Arena {
  const crypto = createCrypto(parts.primitives, createMust());
  const identities = createIdentityPool(parts.authority);
  const ground = createInProcessGround(parts, { seed: SEED, ...(off && { off }) });
  return {
    ...{ at, virtualTime: true },
    async play(script, plan) {
      const subject = await ground.start(plain);
      const options = { subject, script, at, seed: SEED, authority: identities.forCase(), crypto };
      try {
        return await played(options, plan, { name: 'attempt', crashed: () => crashOf(subject) });
      } finally {
        await subject.close();
      }
    },
    close: () => ground.close(),
  };
}

const crashOf = (subject: InProcessSubject): Error | null => subject.crashed();

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
  const donor = await donorFor(options, plan, `${name}, another run`);
  const attempted: Attempted = await attempt(options, plan, { donor, name });
  const { script, at } = options;
  const finding = judge({ script, plan, at, attempted, crashed: crashed() });
  return { finding, crossings: attempted.crossings };
}

const borrowing: ReadonlySet<string> = new Set(['splice', 'insert', 'graft']);

/** Only where the plan takes something from it. */
async function donorFor(options: AttemptOptions, plan: Plan, name: string): Promise<Donor> {
  return plan.some(({ kind }) => borrowing.has(kind)) ? donate(options, name) : new Map();
}

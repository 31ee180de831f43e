/**
 * A mutant: the reference, wrong in one way. Some case must fail against it, or the suite would not
 * notice a server that is wrong in that way.
 */
import type { Must } from '../../reference/assert.ts';
import type { Effect } from '../../reference/core.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import {
  createServerNode,
  type Environment,
  type ServerNode,
} from '../../reference/node/server.ts';
import type { CaseResult } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Case, ProtocolVersion } from '../conformance/case.ts';
import {
  createInProcessGround,
  type InProcessGround,
  type InProcessParts,
  type InProcessSubject,
} from '../conformance/grounds/in-process.ts';
import type { IdentityPool } from '../conformance/identity-pool.ts';
import { type RunOptions, runCases } from '../conformance/run.ts';
import type { LevelOf } from '../conformance/verdict.ts';

export interface Mutant {
  /** Says what it does wrong, in the present tense: `reuses-connection-ids`. */
  readonly name: string;
  readonly title: string;
  /** What a server that behaves so breaks. Cases that claim one of them must find it out. */
  readonly breaks: readonly RequirementId[];
  /** Guards that always hold: what they would refuse is taken. */
  readonly off?: readonly RequirementId[];
  /** Guards that never hold: what they should take is refused. */
  readonly stuck?: readonly RequirementId[];
  /** Made anew for every subject, so that a mutant may remember. */
  readonly change?: () => Change;
}

/** Where behaviour is bent. Whatever is absent stays as it is. */
export interface Change {
  /** What the node wants done; nothing, or more than was wanted. */
  readonly effects?: (effect: Effect) => readonly Effect[];
  readonly environment?: (environment: Environment) => Partial<Environment>;
  /** The node itself: what it is told, and when. */
  readonly node?: (node: ServerNode) => ServerNode;
}

export interface Laboratory {
  readonly parts: InProcessParts;
  /** Shared by all trials: what one has computed the next need not. */
  readonly identities: IdentityPool;
  readonly crypto: Crypto;
  readonly levelOf: LevelOf;
  readonly at: ProtocolVersion;
  readonly seed: string;
}

/** How one case ended against a mutant, and which guards refused meanwhile, in order. */
export interface Trial {
  readonly result: CaseResult | null;
  readonly refusals: readonly RequirementId[];
}

export async function playAgainst(lab: Laboratory, mutant: Mutant, theCase: Case): Promise<Trial> {
  const logs: string[] = [];
  const ground = createInProcessGround(lab.parts, {
    seed: lab.seed,
    ...(mutant.off && { off: new Set(mutant.off) }),
    createNode: createMutantNode(lab.parts, mutant),
  });
  const read = (subject: InProcessSubject) => logs.push(subject.output());
  const [result = null] = await runOn(lab, watched(ground, read), [theCase]);
  const named = logs.join('\n').matchAll(/^refused \S+: ([A-Z]-[A-Z0-9]+-\d\d) /gm);
  return { result, refusals: [...named].map(([, id]) => id as RequirementId) };
}

/** Looks at every subject before it is closed. */
export function watched(
  ground: InProcessGround,
  look: (subject: InProcessSubject) => void,
): InProcessGround {
  return {
    ...ground,
    async start(options) {
      const subject = await ground.start(options);
      return {
        ...subject,
        async close() {
          look(subject);
          await subject.close();
        },
      };
    },
  };
}

function createMutantNode(
  { primitives }: InProcessParts,
  { stuck = [], change }: Mutant,
): typeof createServerNode {
  return (config, environment, rows) => {
    const { effects, environment: bend, node: wrap } = change?.() ?? {};
    const strict = stuck.length === 0 ? environment : stuckAt(environment, stuck, primitives);
    const node = createServerNode(config, { ...strict, ...bend?.(strict) }, rows);
    const changed: ServerNode = effects
      ? { handle: (input, now) => node.handle(input, now).flatMap(effects) }
      : node;
    return wrap?.(changed) ?? changed;
  };
}

function stuckAt(
  environment: Environment,
  stuck: readonly RequirementId[],
  primitives: InProcessParts['primitives'],
): Environment {
  const must: Must = <T>(id: RequirementId, value: T): value is never =>
    environment.must(id, value) && !stuck.includes(id);
  return { ...environment, must, crypto: createCrypto(primitives, must) };
}

/** Runs cases one after the other on `ground`, which is closed then. */
export async function runOn(
  lab: Laboratory,
  ground: InProcessGround,
  cases: readonly Case[],
): Promise<readonly CaseResult[]> {
  const options: Omit<RunOptions, 'cases' | 'at'> = {
    ground,
    seed: lab.seed,
    jobs: 1,
    // Waiting is virtual: only a hang takes so long.
    caseLimitMs: 300_000,
    authority: lab.parts.authority,
    identities: lab.identities,
    crypto: lab.crypto,
    levelOf: lab.levelOf,
    rerun: () => '',
    onEvent: () => {},
    signal: new AbortController().signal,
  };
  const results: CaseResult[] = [];
  for (const theCase of cases) {
    const outcome = await runCases({ ...options, cases: [theCase], at: versionFor(theCase, lab) });
    results.push(...outcome.cases);
  }
  await ground.close();
  return results;
}

/** The newest at which the case means anything: what is judged at 1.0 only can fail only there. */
function versionFor({ at }: Case, lab: Laboratory): ProtocolVersion {
  return at && !at.includes(lab.at) ? (at.at(-1) ?? lab.at) : lab.at;
}

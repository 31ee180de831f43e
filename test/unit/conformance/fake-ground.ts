/**
 * A ground without a subject, for tests of the runner: it remembers what was asked of it. Cases on it
 * judge what they like; no byte is exchanged.
 */
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import type { CaseResult } from '../../../reports/results.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { createEvidence } from '../../conformance/authority/evidence.ts';
import type { Authority } from '../../conformance/authority.ts';
import { type Case, defineCase } from '../../conformance/case.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from '../../conformance/ground.ts';
import { type RunOptions, type RunOutcome, runCases } from '../../conformance/run.ts';
import type { Stage } from '../../conformance/stage.ts';
import type { Level } from '../../conformance/verdict.ts';
import { createWeb } from '../../conformance/web.ts';
import { createZone } from '../../conformance/zone.ts';

export interface FakeGround extends Ground {
  /** What each subject was started with, in order. */
  readonly started: readonly string[];
  running(): number;
}

export interface FakeOptions {
  readonly virtualTime?: boolean;
  readonly capabilities?: readonly string[];
  readonly versions?: readonly string[];
  readonly can?: Partial<RunningSubject['can']>;
  /** Instead of starting at once. */
  readonly starting?: () => Promise<void>;
}

const unused = () => Promise.reject(new Error('there is no subject here'));

export function fakeGround(options: FakeOptions = {}): FakeGround {
  const started: string[] = [];
  let running = 0;
  return {
    name: options.virtualTime ? 'in-process' : 'sockets',
    virtualTime: options.virtualTime === true,
    started,
    running: () => running,
    async start(needs) {
      started.push(JSON.stringify(needs));
      await options.starting?.();
      running += 1;
      const close = async (): Promise<void> => {
        running -= 1;
      };
      return { ...fakeSubject(options), close };
    },
    close: async () => undefined,
  };
}

function fakeSubject({ capabilities = [], versions = ['2.0'], can }: FakeOptions): RunningSubject {
  return {
    facts: {
      serverId: 'subject.test',
      publicKey: '',
      enrolmentToken: '',
      capabilities,
      versions,
    },
    can: { restart: false, command: false, virtualTime: false, ...can },
    ...{ upgrade: unused, dial: unused, listen: unused, restart: unused, command: unused },
    zone: createZone(),
    web: createWeb('http://web.test'),
    now: () => 0,
    pass: async () => undefined,
    until: async (found) => found(),
    output: () => '',
    exercised: () => null,
    close: async () => undefined,
  };
}

/** Requirements whose level in the register is this one; the tests give each a level of their own. */
export const must: RequirementId = 'T-CHAL-05';
export const should: RequirementId = 'T-CHAL-06';
export const may: RequirementId = 'T-CHAL-07';
const levels = new Map<RequirementId, Level>([
  [must, 'MUST'],
  [should, 'SHOULD'],
  [may, 'MAY'],
]);
export const levelOf = (id: RequirementId): Level => levels.get(id) ?? 'MUST';

export function aCase(id: string, parts: Partial<Case> = {}): Case {
  const run = async (stage: Stage) => {
    for (const each of parts.verifies ?? [must]) keep(stage, each);
  };
  return defineCase({ id, title: `The case ${id}`, verifies: [must], run, ...parts });
}

export const keep = (stage: Stage, id: RequirementId): void =>
  stage.check(id, true, { expected: 'yes', got: 'yes' });
export const breakIt = (stage: Stage, id: RequirementId): void =>
  stage.check(id, false, { expected: 'yes', got: 'no', what: `${id} is broken` });

const crypto = createCrypto(await createNodePrimitives(), createMust());
export const noAuthority: Authority = {
  rootPem: '',
  rootDers: [],
  kinds: { government: '', nato: '' },
  evidence: createEvidence([]),
  issue: unused,
};
const authority = noAuthority;

export function play(cases: readonly Case[], parts: Partial<RunOptions> = {}): Promise<RunOutcome> {
  return runCases({
    ground: fakeGround(),
    cases,
    at: '2.0',
    seed: 'runner',
    jobs: 2,
    caseLimitMs: 10_000,
    authority,
    crypto,
    levelOf,
    rerun: ({ id }) => `rerun ${id}`,
    onEvent: () => undefined,
    signal: new AbortController().signal,
    ...parts,
  });
}

/** Of one case on a ground of its own. */
export async function resultOf(
  parts: Partial<Case>,
  options: Partial<RunOptions> = {},
): Promise<CaseResult> {
  const [result] = (await play([aCase('wire/one', parts)], options)).cases;
  if (!result) throw new Error('the case has no result');
  return result;
}

export const gone = (): SubjectUnreachable => new SubjectUnreachable('it has died', 'last words');

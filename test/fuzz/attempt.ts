/**
 * One attempt: an honest run under a plan of mutations, then nobody tampers any more and fresh parties
 * find out what has come of it.
 */
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { createEnvironment } from '../conformance/actors/create-environment.ts';
import { createResources } from '../conformance/actors/environment.ts';
import { createJudge, type Judge } from '../conformance/actors/judge.ts';
import type { Authority } from '../conformance/authority.ts';
import {
  CheckFailed,
  type ProtocolVersion,
  SubjectMisbehaved,
  SuiteError,
} from '../conformance/case.ts';
import type { RunningSubject } from '../conformance/ground.ts';
import { type Donor, objectOf } from './mutate.ts';
import type { Mutation, Plan } from './mutation.ts';
import type { Scene, Script } from './script.ts';
import { type Crossing, createTampering, type Tampering } from './tampering.ts';

export interface AttemptOptions {
  readonly subject: RunningSubject;
  readonly script: Script;
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly authority: Authority;
  readonly crypto: Crypto;
}

export interface Attempted {
  readonly crossings: readonly Crossing[];
  /** Types of honest messages that did not reach the subject as they were. */
  readonly altered: ReadonlySet<string>;
  readonly effective: ReadonlySet<Mutation>;
  readonly granted: ReadonlySet<string>;
  /** By type: messages in their honest form, and those that were changed as they were sent. */
  readonly originals: Donor;
  readonly finals: Donor;
  /** What an actor that stops at what is wrong would have stopped at. */
  readonly complaints: readonly string[];
  /** Why the same was not granted when it was done again honestly; null: it was. */
  readonly againFailed: string | null;
  /** What the subject has sent that no conforming subject sends. */
  readonly malformed: readonly string[];
}

/** `name` keeps attempts on one subject apart, and tells the entropy of one from another's. */
export async function attempt(
  options: AttemptOptions,
  plan: Plan,
  { donor, name }: { readonly donor: Donor; readonly name: string },
): Promise<Attempted> {
  const { subject, script } = options;
  const tampering = createTampering(subject, plan, donor);
  const { environment, complaints, close } = actorsOn(options, tampering, name);
  const malformed: string[] = [];
  try {
    const scene = await script.start(environment, tampering);
    tampering.begin();
    await play(scene, orderOf(script, plan), malformed);
    tampering.stop();
    const heard = [...complaints];
    const granted = await scene.granted();
    const againFailed = await failureOf(scene, options, `${name}, afterwards`);
    const { crossings, altered, effective, originals, finals } = tampering;
    return {
      ...{ crossings, altered, effective, originals, finals },
      ...{ granted, againFailed, malformed, complaints: heard },
    };
  } finally {
    await close();
  }
}

/** An honest run whose messages others are attacked with. */
export async function donate(options: AttemptOptions, name: string): Promise<Donor> {
  const { script, subject } = options;
  const tampering = createTampering(subject, [], new Map());
  const { environment, close } = actorsOn(options, tampering, name);
  const scene = await script.start(environment, tampering);
  tampering.begin();
  for (const step of script.steps) await scene.steps[step]?.();
  await close();
  return new Map(
    tampering.crossings
      .filter(({ to }) => to === 'subject')
      .map(({ type, text }) => [type, objectOf(text) ?? {}]),
  );
}

/**
 * Careless actors: what the subject does wrong is kept and nobody stops at it, so that it is the subject
 * that has to notice what was altered.
 */
function actorsOn(options: AttemptOptions, { subject }: Tampering, name: string) {
  const resources = createResources();
  const complaints: string[] = [];
  const demand: Judge['demand'] = (id, holds, { what = '' }) => {
    if (!holds) complaints.push(`${id}: ${what}`);
  };
  const judge = { ...createJudge(), demand };
  const environment = createEnvironment({
    ...options,
    ...{ subject, judge, caseId: name, opened: resources.opened },
  });
  return { environment, complaints, close: resources.closeAll };
}

/** The steps in the order of the plan, up to the first that the subject does not let through. */
async function play(scene: Scene, order: readonly string[], malformed: string[]): Promise<void> {
  for (const step of order) {
    try {
      await scene.steps[step]?.();
    } catch (error) {
      if (error instanceof CheckFailed) malformed.push(error.message);
      else if (!isStop(error)) throw error;
      return;
    }
  }
}

/** A step out of order may lack what it goes on from: that is the end of the run too. */
const isStop = (error: unknown): boolean =>
  error instanceof SubjectMisbehaved || error instanceof SuiteError;

export function orderOf({ steps }: Script, plan: Plan): readonly string[] {
  const order: string[] = [];
  let late: string | null = null;
  for (const step of steps) {
    const mine = plan.filter(({ message }) => message === step).map(({ kind }) => kind);
    if (mine.includes('skip')) continue;
    if (mine.includes('swap') && late === null) {
      late = step;
      continue;
    }
    order.push(step, ...(mine.includes('repeat') ? [step] : []), ...(late ? [late] : []));
    late = null;
  }
  return late ? [...order, late] : order;
}

/** After a refusal some time may have to pass (T-REQ-11); then nothing stands in the way. */
const PATIENCE_MS = 2 * 86_400_000;

async function failureOf(
  scene: Scene,
  options: AttemptOptions,
  name: string,
): Promise<string | null> {
  const { subject } = options;
  const first = await failure(() => scene.again());
  if (first === null) return null;
  // Nobody waits for days on sockets: others at least are served as before.
  if (!subject.can.virtualTime) return failure(async () => void (await donate(options, name)));
  await subject.pass(PATIENCE_MS);
  return failure(() => scene.again());
}

async function failure(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof SubjectMisbehaved || error instanceof CheckFailed) {
      const { got } = error;
      return `${error.message} (${typeof got === 'string' ? got : JSON.stringify(got)})`;
    }
    throw error;
  }
}

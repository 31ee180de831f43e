/**
 * A subject that the suite starts, restarts and stops (spec/choices.md, start contract). How it
 * fails to start, dies or speaks nonsense is told with its last words.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import type { Authority } from '../authority.ts';
import { SubjectUnreachable } from '../ground.ts';
import { ENROLMENT_TOKEN, SUBJECT_ID } from '../grounds/subject-config.ts';
import type { SubjectFacts } from '../stage.ts';
import { endingText, type ProcessGroup } from './process-group.ts';
import { type SubjectFiles, writeSubjectFiles } from './subject-files.ts';
import { createSubjectOutput, type ReadyLine, type SubjectOutput } from './subject-output.ts';
import { suitePolicy } from './suite-policy.ts';
import type { Endpoints, RunningTarget, Target, TargetStart } from './target.ts';

export interface StartedOptions {
  /** In words. */
  readonly name: string;
  readonly authority: Authority;
  /** Makes the process, or what looks like one, that is told by these files what to do. */
  readonly begin: (files: SubjectFiles) => ProcessGroup | Promise<ProcessGroup>;
  /** Default: 20 s. */
  readonly readyWithinMs?: number;
}

const READY_MS = 20_000;
const STOP_MS = 5000;

export function startedTarget(options: StartedOptions): Target {
  return {
    name: options.name,
    can: { restart: true, command: true },
    several: true,
    dns: 'any',
    start: (start) => startSubject(options, start),
  };
}

async function startSubject(options: StartedOptions, start: TargetStart): Promise<RunningTarget> {
  const { authority } = options;
  const [client, federation, primitives] = await Promise.all([
    authority.issue({ serverId: SUBJECT_ID, role: 'client-port' }),
    authority.issue({ serverId: SUBJECT_ID, role: 'federation', pages: start.web.url }),
    createNodePrimitives(),
  ]);
  const identities = { serverId: SUBJECT_ID, client, federation };
  authority.evidence.servePages(start.web, Date.now);
  const told = { ...start, policy: suitePolicy(authority, start.policy) };
  const files = await writeSubjectFiles(authority, identities, told, ENROLMENT_TOKEN);
  const crypto = createCrypto(primitives, createMust());
  const seed = federation.signingKeySeed ?? new Uint8Array(32);
  const { publicKey } = crypto.signingKey(seed);
  const output = createSubjectOutput();
  const run = () => launch({ options, start, files, output });
  let life: Life;
  try {
    life = await run();
  } catch (error) {
    files.remove();
    throw error;
  }
  let exercised: readonly string[] | null = null;
  return {
    facts: factsOf(life.ready, publicKey),
    ...(federation.signingKeySeed && { keySeed: federation.signingKeySeed }),
    obstacle: null,
    endpoints: () => endpointsOf(life.ready, authority),
    async restart() {
      await life.kill();
      life = await run();
    },
    async command(command) {
      life.tell({ norc: 'command', ...command });
    },
    output: output.text,
    exercised: () => exercised,
    async close() {
      await life.stop();
      exercised = await exercisedIn(files.dataDirectory);
      files.remove();
    },
  };
}

interface Life {
  readonly ready: ReadyLine;
  tell(line: object): void;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface Launch {
  readonly options: StartedOptions;
  readonly start: TargetStart;
  readonly files: SubjectFiles;
  readonly output: SubjectOutput;
}

/** One run of the process, from its start until it is ready. Throws SubjectUnreachable. */
async function launch({ options, start, files, output }: Launch): Promise<Life> {
  const group = await options.begin(files);
  let isExpected = false;
  const end = (how: () => Promise<void>) => async (): Promise<void> => {
    isExpected = true;
    await how();
  };
  const stop = end(() => group.stop(STOP_MS));
  output.listen(group.child.stderr, null);
  const ready = await readiness(group, start, output, options.readyWithinMs ?? READY_MS).catch(
    async (error) => {
      await end(group.kill)();
      throw error;
    },
  );
  void group.ended.then((ending) => {
    if (isExpected) return;
    start.onDeath(new SubjectUnreachable(`the subject ${endingText(ending)}`, output.text()));
  });
  return {
    ready,
    tell: (line) => void group.child.stdin.write(`${JSON.stringify(line)}\n`),
    kill: end(group.kill),
    stop,
  };
}

function readiness(
  group: ProcessGroup,
  { zone }: TargetStart,
  output: SubjectOutput,
  withinMs: number,
): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(limit);
      reject(new SubjectUnreachable(what, output.text()));
    };
    const limit = setTimeout(() => {
      fail(`the subject did not say that it is ready within ${withinMs / 1000} s`);
    }, withinMs);
    output.listen(group.child.stdout, (line) => {
      if (line.norc === 'publish-txt') zone.addTxt(line.name, line.value);
      else if (line.norc === 'withdraw-txt') zone.withdrawTxt(line.name, line.value);
      else if (line.norc === 'malformed')
        fail(`the subject does not keep the contract: ${line.reason}`);
      else if (line.norc === 'ready') {
        clearTimeout(limit);
        resolve(line);
      }
    });
    void group.ended.then((ending) =>
      fail(`the subject ${endingText(ending)} before it was ready`),
    );
  });
}

function factsOf({ capabilities, versions }: ReadyLine, publicKey: string): SubjectFacts {
  return {
    serverId: SUBJECT_ID,
    publicKey,
    enrolmentToken: ENROLMENT_TOKEN,
    capabilities,
    versions,
  };
}

function endpointsOf(ready: ReadyLine, { rootPem }: Authority): Endpoints {
  const clientUrl = new URL(ready.client_url);
  return {
    clientUrl,
    clientRoots: rootPem,
    federation: {
      host: clientUrl.hostname,
      port: ready.federation_port,
      serverId: SUBJECT_ID,
      roots: rootPem,
    },
  };
}

/** The reference leaves them in its data directory; others need not. */
async function exercisedIn(dataDirectory: string): Promise<readonly string[] | null> {
  try {
    const text = await readFile(join(dataDirectory, 'exercised.json'), 'utf8');
    const { exercised }: { exercised?: unknown } = JSON.parse(text);
    return Array.isArray(exercised) ? exercised.map(String) : null;
  } catch {
    return null;
  }
}

/**
 * The ground in this process: the reference's node, or a mutant of it, on a virtual clock.
 * Everything but the sockets is as in the reference's own process, so a verdict can differ from
 * that of the sockets ground only through a defect of ours.
 */
import { createMust, type Exercised } from '../../../reference/assert.ts';
import type { ServerConfig } from '../../../reference/config.ts';
import type { Effect } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { memoPrimitives } from '../../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import type { Primitives } from '../../../reference/crypto/primitives.ts';
import type { X509 } from '../../../reference/crypto/x509.ts';
import { createServerNode } from '../../../reference/node/server.ts';
import { type Micros, millis, toMillis } from '../../../reference/time.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { Authority, IssuedIdentity } from '../authority.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from '../ground.ts';
import type { SubjectFacts } from '../stage.ts';
import { createWeb } from '../web.ts';
import { createZone } from '../zone.ts';
import { createEntropy } from './entropy.ts';
import { ENROLMENT_TOKEN, SUBJECT_ID, subjectConfig } from './subject-config.ts';
import { createVirtualDevices, type World } from './virtual-devices.ts';
import { createVirtualLinks } from './virtual-links.ts';
import { createVirtualProcess } from './virtual-process.ts';
import { createVirtualTime } from './virtual-time.ts';
import { surroundingHands } from './virtual-world.ts';

/** What costs time to make and is the same for every subject, mutant or not. */
export interface InProcessParts {
  readonly authority: Authority;
  readonly identity: IssuedIdentity;
  readonly primitives: Primitives;
  readonly x509: X509;
  /** When every subject starts: one instant, so that equal cases are equal to the byte. */
  readonly startsAt: Micros;
}

export interface InProcessOptions {
  /** Guards that are switched off: a mutant. */
  readonly off?: ReadonlySet<RequirementId>;
  /** Changes or (null) suppresses what the node wants done: a mutant of behaviour. */
  readonly tamper?: (effect: Effect) => Effect | null;
  /** Of the subject's entropy. The same seed and inputs give the same bytes. */
  readonly seed?: string;
  /** Default: the reference's server. */
  readonly createNode?: typeof createServerNode;
}

export interface InProcessSubject extends RunningSubject {
  /** What the node has thrown first, if anything: a defect of it, whatever the verdicts say. */
  crashed(): Error | null;
}

export interface InProcessGround extends Ground {
  start(options: StartOptions): Promise<InProcessSubject>;
}

/** Where the pages of every subject in this process are. */
const IN_PROCESS_WEB = 'http://evidence.conformance.test';

/** WebSocket close codes: the process was killed, or stopped as asked. */
const ABNORMAL = 1006;
const GOING_AWAY = 1001;

type StartOptions = Parameters<Ground['start']>[0];

export async function prepareInProcess(authority: Authority): Promise<InProcessParts> {
  const [identity, primitives] = await Promise.all([
    authority.issue({ serverId: SUBJECT_ID, role: 'federation', pages: IN_PROCESS_WEB }),
    createNodePrimitives(),
  ]);
  return {
    ...{ authority, identity, x509: createNodeX509() },
    primitives: memoPrimitives(primitives),
    startsAt: millis(Date.now()),
  };
}

export function createInProcessGround(
  parts: InProcessParts,
  options: InProcessOptions = {},
): InProcessGround {
  const running = new Set<InProcessSubject>();
  return {
    name: 'in-process',
    virtualTime: true,
    async start(start) {
      const subject = startSubject(prepareNode(parts, options, start), parts, options);
      const closing: InProcessSubject = {
        ...subject,
        async close() {
          running.delete(closing);
          await subject.close();
        },
      };
      running.add(closing);
      return closing;
    },
    async close() {
      for (const subject of running) await subject.close();
    },
  };
}

/** All that a node is made of; each start has its own guards, crypto and entropy. */
function prepareNode(parts: InProcessParts, options: InProcessOptions, start: StartOptions) {
  const { primitives, x509 } = parts;
  const exercised: Exercised = new Map();
  const must = createMust(options.off ? { exercised, off: options.off } : { exercised });
  const crypto = createCrypto(primitives, must);
  const entropy = createEntropy(primitives, options.seed ?? 'norc');
  const config = subjectConfig({ ...parts, ...start, crypto, pseudonymKey: entropy(32) });
  return { config, exercised, environment: { must, crypto, x509, entropy } };
}

function startSubject(
  { config, exercised, environment }: ReturnType<typeof prepareNode>,
  { startsAt, authority, identity }: InProcessParts,
  { tamper, createNode = createServerNode }: InProcessOptions,
): InProcessSubject {
  const time = createVirtualTime(startsAt);
  const zone = createZone();
  const web = createWeb(IN_PROCESS_WEB, time.stir);
  authority.evidence.servePages(web, () => toMillis(time.now()));
  const world: World = { time, deliver: (input) => server.deliver(input) };
  const devices = createVirtualDevices(world);
  const { certificateChain: certificates, versions } = config;
  const links = createVirtualLinks({ ...world, zone, certificates, versions: versions.federation });
  const server = createVirtualProcess({
    createNode: (rows) => createNode(config, environment, rows),
    ...{ time, tamper },
    hands: { ...devices.hands, ...links.hands, ...surroundingHands(world, { zone, web }) },
  });
  const halt = (code: number): void => {
    server.kill();
    devices.breakAll(code);
    links.breakAll();
  };
  const ended = () => new SubjectUnreachable('the subject has stopped', server.output());
  const alive = <A, R>(act: (argument: A) => Promise<R>): ((argument: A) => Promise<R>) =>
    async function whileAlive(argument) {
      if (!server.isRunning()) throw ended();
      return act(argument);
    };

  server.start();
  return {
    facts: factsOf(config),
    ...(identity.signingKeySeed && { keySeed: identity.signingKeySeed }),
    can: { restart: true, command: true, virtualTime: true },
    upgrade: alive(devices.upgrade),
    dial: alive(links.dial),
    listen: links.listen,
    ...{ zone, web, now: time.now, pass: time.pass, until: time.until },
    async restart() {
      halt(ABNORMAL);
      time.resume();
      server.start();
    },
    command: alive(async (command) => {
      if (command.command !== 'stop') return server.deliver({ type: 'command-given', command });
      halt(GOING_AWAY);
      time.end(ended());
    }),
    output: server.output,
    exercised: () => [...exercised.keys()],
    crashed: () => server.faults[0] ?? null,
    async close() {
      halt(ABNORMAL);
      time.close();
    },
  };
}

function factsOf({ serverId, identity, capabilities, versions }: ServerConfig): SubjectFacts {
  return {
    serverId,
    publicKey: identity.publicKey,
    enrolmentToken: ENROLMENT_TOKEN,
    capabilities: [...new Set([...capabilities.client, ...capabilities.federation])],
    versions: versions.client,
  };
}

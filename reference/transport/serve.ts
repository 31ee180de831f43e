/**
 * A whole server in this process: settings, store, node, sockets, plugged together; started,
 * commanded and stopped as the start contract says (spec/choices.md).
 */
import { randomBytes } from 'node:crypto';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { fixed } from '../../spec/limits.ts';
import { createMust, type Exercised } from '../assert.ts';
import { createPseudonyms } from '../audit/pseudonyms.ts';
import type { ServerConfig } from '../config.ts';
import type { Command, Input, LogEntry } from '../core.ts';
import { createCrypto } from '../crypto/create-crypto.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { createNodePrimitives } from '../crypto/node-primitives.ts';
import { createNodeX509 } from '../crypto/node-x509.ts';
import { type Fault, type Hands, type RunningNode, runNode } from '../node/run-node.ts';
import { createServer, type Environment, type ServerNode } from '../node/server.ts';
import { openJournal } from '../store/journal.ts';
import type { Store } from '../store/store.ts';
import { createSystemClock, createTimers } from './clock.ts';
import { createDialler } from './dial.ts';
import { writeExercised } from './exercised.ts';
import { createFetcher } from './fetch.ts';
import { createFederationPort } from './http2.ts';
import { answerOperator } from './operator.ts';
import { createOperatorPort } from './operator-port.ts';
import { createResolver } from './resolver.ts';
import { serverConfigOf } from './server-config.ts';
import { readSettings, type Settings, type SubjectEnvironment } from './settings.ts';
import { createClientPort } from './websocket.ts';

/** Lines of the start contract. */
export type Report =
  | {
      readonly norc: 'ready';
      readonly client_url: string;
      readonly federation_port: number;
      readonly capabilities: readonly string[];
      readonly versions: readonly string[];
    }
  | { readonly norc: 'publish-txt' | 'withdraw-txt'; readonly name: string; readonly value: string }
  /** Not of the contract: a defect of ours was met and survived. */
  | { readonly norc: 'fault'; readonly during: string; readonly error: string };

export interface ServeOptions {
  readonly environment: SubjectEnvironment;
  readonly report: (line: Report) => void;
  /** Diagnostics, with pseudonyms for user ids (X-AUD-03). */
  readonly log: (entry: LogEntry) => void;
  /** The store failed: the server has stopped by itself, acknowledging nothing more. */
  readonly onFailure: (error: unknown) => void;
  /** Listen to an operator too, on a Unix socket in the data directory. */
  readonly operator?: true;
  /** Guards that are switched off, for mutants. */
  readonly off?: ReadonlySet<RequirementId>;
  /** What it shows of itself instead, for tests. */
  readonly configure?: (config: ServerConfig) => ServerConfig;
  /** What stands around the node, for tests. */
  readonly around?: (node: ServerNode, config: ServerConfig, crypto: Crypto) => ServerNode;
}

export interface RunningServer {
  readonly ready: Report & { norc: 'ready' };
  readonly clientPort: number;
  readonly federationPort: number;
  readonly exercised: Exercised;
  command(command: Command): void;
  /** Reports a fault met outside the node, such as a rejection that nobody handled. */
  fault(fault: { readonly during: string; readonly error: unknown }): void;
  /** Closes ports and connections, then the store. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Rejects with BadEnvironment, DirectoryHeld, JournalDamaged, BadOperatorPlace or the system's error
 * (port in use).
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const settings = readSettings(options.environment);
  const exercised: Exercised = new Map();
  const must = createMust({ exercised, ...(options.off && { off: options.off }) });
  const crypto = createCrypto(await createNodePrimitives(), must);
  const entropy = (lengthBytes: number) => Uint8Array.from(randomBytes(lengthBytes));
  const environment: Environment = { must, crypto, x509: createNodeX509(), entropy };
  const store = openJournal(settings.dataDirectory, { report: (notice) => note(notice) });
  const note = (detail: string) => options.log({ event: 'noted', detail, peer: settings.serverId });
  try {
    const own = serverConfigOf(settings, crypto);
    const config = options.configure?.(own) ?? own;
    const server = assemble({ ...options, settings, config, environment, store, exercised });
    return await server.start();
  } catch (error) {
    store.close();
    throw error;
  }
}

interface Parts extends Omit<ServeOptions, 'environment'> {
  readonly settings: Settings;
  readonly config: ServerConfig;
  readonly environment: Environment;
  readonly store: Store;
  readonly exercised: Exercised;
}

function assemble(parts: Parts): { start(): Promise<RunningServer> } {
  const { settings, config, environment, store, exercised, onFailure } = parts;
  const fault = reportFaults(parts);
  // Nothing can arrive before the ports listen, and by then the node runs.
  const deliver = (input: Input): void => node.deliver(input);
  const sockets = openSockets(settings, deliver);
  const clock = createSystemClock();
  const built = createServer(config, environment, store.load());
  const node: RunningNode = runNode({
    node: parts.around?.(built.node, config, environment.crypto) ?? built.node,
    store,
    clock,
    timers: createTimers,
    hands: { ...sockets.hands, ...quietHands(parts) },
    onFault: fault,
    onStoreFailed: (error) => void stop().finally(() => onFailure(error)),
  });
  const command = (given: Command): void => {
    deliver({ type: 'command-given', command: given });
  };
  const { serverId, dataDirectory: directory } = settings;
  const desk = { serverId, pending: () => built.pending(clock()), command };
  const operator = createOperatorPort({
    directory,
    answer: (line) => answerOperator(line, desk),
  });
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= shutDown();
    return stopped;
  };
  async function shutDown(): Promise<void> {
    // While connections close, the node still hears of it and may still write.
    await Promise.all([operator.close(), sockets.close()]);
    node.close();
    store.close();
    writeExercised(settings.dataDirectory, exercised);
  }
  async function start(): Promise<RunningServer> {
    deliver({ type: 'started' });
    const ports = await listenAll().catch(async (error) => {
      await stop();
      throw error;
    });
    const ready = readyLine(config, ports);
    parts.report(ready);
    return { ready, ...ports, exercised, command, fault, stop };
  }
  async function listenAll(): Promise<Ports> {
    if (parts.operator) await operator.listen();
    return sockets.listen();
  }
  return { start };
}

interface Ports {
  readonly clientPort: number;
  readonly federationPort: number;
}

function openSockets(settings: Settings, deliver: (input: Input) => void) {
  const { host, client, federation, versions, dns, policy } = settings;
  const resolver = createResolver(dns);
  const clients = createClientPort({ host, port: settings.clientPort, ...client, deliver });
  const port = settings.federationPort;
  const links = createFederationPort({ host, port, ...federation, versions, deliver });
  const dialler = createDialler({ ...federation, resolver, deliver });
  const addresses = policy.evidence.fetchPrivateAddresses ? 'any' : 'public';
  const fetcher = createFetcher({ resolver, addresses, deliver });
  const hands = {
    ...clients.hands,
    ...links.hands,
    ...dialler.hands,
    ...fetcher.hands,
    'hang-up': (effect) => {
      links.hands['hang-up'](effect);
      dialler.hands['hang-up'](effect);
    },
    'look-up': ({ lookup, name, record, vantage }) => {
      const outcome = resolver.lookUp(name, record, vantage);
      void outcome.then((found) => deliver({ type: 'looked-up', lookup, outcome: found }));
    },
  } satisfies Partial<Hands>;
  return {
    hands,
    async listen(): Promise<Ports> {
      const clientPort = await clients.listen();
      return { clientPort, federationPort: await links.listen() };
    },
    async close() {
      resolver.close();
      fetcher.close();
      await Promise.all([clients.close(), links.close(), dialler.close()]);
    },
  };
}

/** What the world hears of as lines. */
function quietHands({ report, log, config, environment }: Parts) {
  const pseudonyms = createPseudonyms(environment.crypto, config.pseudonymKey);
  return {
    'publish-txt': ({ name, value }) => report({ norc: 'publish-txt', name, value }),
    'withdraw-txt': ({ name, value }) => report({ norc: 'withdraw-txt', name, value }),
    log: ({ entry }) => {
      const [detail, peer] = [entry.detail, entry.peer].map(pseudonyms.ofText);
      log({ ...entry, detail: detail ?? '', peer: peer ?? '' });
    },
  } satisfies Partial<Hands>;
}

/** Whoever judges this server may want to know that it has stumbled, even though it lives on. */
function reportFaults({ report }: Parts) {
  return ({
    during,
    error,
  }: Fault | { readonly during: string; readonly error: unknown }): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report({ norc: 'fault', during, error: text });
  };
}

function readyLine({ capabilities, versions }: ServerConfig, ports: Ports): RunningServer['ready'] {
  return {
    norc: 'ready',
    client_url: `wss://127.0.0.1:${ports.clientPort}${fixed.clientPath}`,
    federation_port: ports.federationPort,
    capabilities: [...new Set([...capabilities.client, ...capabilities.federation])],
    versions: versions.client,
  };
}

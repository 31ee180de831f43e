/**
 * Two servers of the suite facing each other through memory: each is the other's subject. No line
 * of the reference's layers runs here, so what they agree on they have from the profile alone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { type Micros, millis } from '../../../reference/time.ts';
import { createEnvironment } from '../../conformance/actors/create-environment.ts';
import type { ActorEnvironment } from '../../conformance/actors/environment.ts';
import { createJudge } from '../../conformance/actors/judge.ts';
import type { Peer, PeerOptions } from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { type Authority, createAuthority } from '../../conformance/authority.ts';
import type { ProtocolVersion } from '../../conformance/case.ts';
import type { LinkChannel, RunningSubject } from '../../conformance/ground.ts';
import { createWeb } from '../../conformance/web.ts';
import { createZone, type ZoneRecords } from '../../conformance/zone.ts';

type Listening = Parameters<RunningSubject['listen']>[0];
type Tamper = (text: string, nth: number) => string;

export interface Pair {
  readonly acme: Peer;
  readonly bravo: Peer;
  readonly environments: { readonly acme: ActorEnvironment; readonly bravo: ActorEnvironment };
  readonly zone: ZoneRecords;
  pass(durationMs: number): void;
}

export interface PairOptions {
  readonly at?: ProtocolVersion;
  readonly acme?: PeerOptions;
  readonly bravo?: PeerOptions;
  /** Changes the nth body that crosses, in either direction. */
  readonly tamper?: Tamper;
}

const primitives = await createNodePrimitives();
export const crypto = createCrypto(primitives, createMust());
const authority: Authority = await createAuthority();

/** Names and keys of the other side are known only once it exists. */
interface Facts {
  serverId: string;
  publicKey: string;
}

export async function createPair(options: PairOptions = {}): Promise<Pair> {
  const world = createWorld(options.tamper ?? ((text) => text));
  const { at = '1.1' } = options;
  const facts = { acme: { serverId: '', publicKey: '' }, bravo: { serverId: '', publicKey: '' } };
  // Each environment's subject is the other side.
  const environments = {
    acme: environmentOf(world, facts.bravo, { at, caseId: 'acme' }),
    bravo: environmentOf(world, facts.acme, { at, caseId: 'bravo' }),
  };
  const acme = await createPeer(environments.acme, { serverId: 'acme.test', ...options.acme });
  const bravo = await createPeer(environments.bravo, { serverId: 'bravo.test', ...options.bravo });
  Object.assign(facts.acme, { serverId: acme.serverId, publicKey: acme.key.publicKey });
  Object.assign(facts.bravo, { serverId: bravo.serverId, publicKey: bravo.key.publicKey });
  environments.acme.roster.add(bravo.user);
  environments.bravo.roster.add(acme.user);
  return { acme, bravo, environments, zone: world.zone, pass: world.pass };
}

interface World {
  readonly zone: ZoneRecords;
  readonly listeners: Map<string, Listening>;
  now(): Micros;
  pass(durationMs: number): void;
  tampered(text: string): string;
}

function createWorld(tamper: Tamper): World {
  let now = 1_750_000_000_000_000;
  let crossed = 0;
  return {
    zone: createZone(),
    listeners: new Map(),
    now: () => now,
    pass(durationMs) {
      now += millis(durationMs);
    },
    tampered(text) {
      crossed += 1;
      return tamper(text, crossed - 1);
    },
  };
}

function environmentOf(
  world: World,
  facts: Facts,
  { at, caseId }: { at: ProtocolVersion; caseId: string },
): ActorEnvironment {
  return createEnvironment({
    subject: subjectOf(world, facts, at),
    at,
    seed: 'pair',
    caseId,
    authority,
    crypto,
    judge: createJudge(),
    opened: () => undefined,
  });
}

function subjectOf(world: World, facts: Facts, at: ProtocolVersion): RunningSubject {
  const unused = () => Promise.reject(new Error('not part of this pair'));
  return {
    facts: Object.assign(facts, {
      enrolmentToken: '',
      capabilities: [],
      versions: [at],
    }),
    can: { restart: false, command: false, virtualTime: true },
    upgrade: unused,
    dial: async ({ alpn, identity }) =>
      channelTo(world, facts, { alpn, certificates: identity?.chain ?? [] }),
    async listen(server) {
      world.listeners.set(server.serverId, server);
      return { close: async () => void world.listeners.delete(server.serverId) };
    },
    zone: world.zone,
    web: createWeb('http://web.test'),
    now: world.now,
    pass: async (durationMs) => world.pass(durationMs),
    async until(found, withinMs) {
      const deadline = world.now() + millis(withinMs);
      for (;;) {
        const value = found();
        if (value !== undefined || world.now() > deadline) return value;
        await nextTurn();
        world.pass(50);
      }
    },
    restart: unused,
    command: unused,
    output: () => '',
    exercised: () => null,
    close: async () => undefined,
  };
}

function channelTo(
  world: World,
  facts: Facts,
  { alpn, certificates }: { alpn: readonly string[]; certificates: readonly string[] },
): LinkChannel {
  const common = world.listeners.get(facts.serverId)?.alpn.find((id) => alpn.includes(id)) ?? null;
  return {
    refused: false,
    alpn: common,
    request: (path, body, headers) =>
      new Promise((resolve) => {
        const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
        world.listeners.get(facts.serverId)?.onRequest({
          path,
          text: world.tampered(text),
          proof: headers['norc-signature'] ?? null,
          alpn: common,
          alpnOffer: alpn,
          certificates,
          at: world.now(),
          answer: (status, answer) =>
            resolve({ status, text: answer === '' ? '' : world.tampered(answer) }),
        });
      }),
    closed: async () => false,
    close: async () => undefined,
  };
}

/**
 * A NORC server: the three layers plugged together through their ports, the audit log, and one
 * entrance. Still no I/O: inputs and the time go in, effects come out in the order they must be done.
 */
import { assertNever, type Must } from '../assert.ts';
import { createAuditLog } from '../audit/log.ts';
import { createClientLayer } from '../client/server/layer.ts';
import type { ServerConfig } from '../config.ts';
import type { Command, Context, Effect, Input, Row } from '../core.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { X509 } from '../crypto/x509.ts';
import { createFederationLayer } from '../federation/layer.ts';
import type {
  AuditPort,
  ClientLayer,
  FederationLayer,
  Layer,
  PendingRequest,
  Tables,
  TrustLayer,
} from '../ports.ts';
import type { Micros } from '../time.ts';
import { createTrustLayer } from '../trust/layer.ts';

export interface Environment {
  readonly must: Must;
  readonly crypto: Crypto;
  readonly x509: X509;
  /** Fresh unpredictable bytes. */
  entropy(lengthBytes: number): Uint8Array;
}

export interface ServerNode {
  /** Effects in the order they must be done. */
  handle(input: Input, now: Micros): Effect[];
}

/** A node, and what whoever runs it may look at. */
export interface OperatedServer {
  readonly node: ServerNode;
  pending(now: Micros): readonly PendingRequest[];
  /** What its layers remember, to be counted. */
  held(): Held;
}

export type Held = Readonly<Record<'client' | 'federation' | 'trust', Tables>>;

/** `rows`: what survived, of all tables, when the server has run before. */
export function createServerNode(
  config: ServerConfig,
  environment: Environment,
  rows: readonly Row[] = [],
): ServerNode {
  return createServer(config, environment, rows).node;
}

export function createServer(
  config: ServerConfig,
  environment: Environment,
  rows: readonly Row[],
): OperatedServer {
  const audit = createAuditLog(config);
  const layers = plugTogether(config, audit);
  let effects: Effect[] = [];
  const context: Context & { now: Micros } = {
    ...environment,
    now: 0,
    entropy: (lengthBytes) => environment.entropy(lengthBytes),
    emit(effect) {
      if (effect.type === 'audit') audit.append(effect.event, context);
      else effects.push(effect);
    },
  };
  for (const part of [audit, layers.client, layers.federation, layers.trust]) part.restore(rows);

  const node: ServerNode = {
    handle(input, now) {
      context.now = now;
      effects = [];
      if (input.type === 'started') audit.started(context);
      dispatch(layers, input, context);
      return effects;
    },
  };
  return {
    node,
    pending: (now) => layers.trust.pending({ ...context, now }),
    held: () => ({
      client: layers.client.held(),
      federation: layers.federation.held(),
      trust: layers.trust.held(),
    }),
  };
}

interface Layers {
  readonly client: ClientLayer;
  readonly federation: FederationLayer;
  readonly trust: TrustLayer;
}

/** Ports may be used only while an input is handled, when every layer exists. */
function plugTogether(config: ServerConfig, audit: AuditPort): Layers {
  const trust: TrustLayer = createTrustLayer(config, {
    audit,
    link: {
      post: (...call) => federation.post(...call),
      fetchList: (...call) => federation.fetchList(...call),
      answer: (...call) => federation.answer(...call),
      standingChanged: (...call) => federation.standingChanged(...call),
    },
  });
  const client: ClientLayer = createClientLayer(config, {
    route: { relay: (...call) => federation.relay(...call) },
  });
  const federation: FederationLayer = createFederationLayer(config, { trust, delivery: client });
  return { client, federation, trust };
}

function dispatch(layers: Layers, input: Input, context: Context): void {
  const { client, federation } = layers;
  switch (input.type) {
    case 'started':
      for (const layer of all(layers)) layer.started(context);
      return;
    case 'upgrade-requested':
      return client.upgradeRequested(input.connection, input.offer, context);
    case 'frame-received':
      return client.frameReceived(input.connection, input.frame, context);
    case 'connection-closed':
      return client.connectionClosed(input.connection, context);
    case 'link-accepted':
      return federation.linkAccepted(input.link, input.peer, context);
    case 'request-received':
      return federation.requestReceived(input.link, input, context);
    case 'link-dialled':
      return federation.linkDialled(input.link, input.peer, context);
    case 'dial-failed':
      return federation.dialFailed(input.link, input.reason, context);
    case 'answer-received':
      return federation.answerReceived(input.link, input, context);
    case 'exchange-failed':
      return federation.exchangeFailed(input.link, input.exchange, context);
    case 'link-closed':
      return federation.linkClosed(input.link, context);
    case 'timer-fired':
      return owner(layers, input.timer).timerFired(input.timer, context);
    case 'looked-up':
      return lookedUp(layers, input, context);
    case 'fetched':
      // Only trust fetches.
      return layers.trust.fetched(input.fetch, input.outcome, context);
    case 'command-given':
      return obey(layers, input.command, context);
    default:
      return assertNever(input);
  }
}

function all({ client, federation, trust }: Layers): readonly Layer[] {
  return [trust, federation, client];
}

/** Timers and look-ups carry their layer's name as prefix. */
function owner(layers: Layers, id: string): Layer {
  if (id.startsWith('client/')) return layers.client;
  if (id.startsWith('federation/')) return layers.federation;
  return layers.trust;
}

function lookedUp(layers: Layers, input: Input & { type: 'looked-up' }, context: Context): void {
  const { lookup, outcome } = input;
  if (lookup.startsWith('federation/')) layers.federation.lookedUp(lookup, outcome, context);
  else layers.trust.lookedUp(lookup, outcome, context);
}

function obey(layers: Layers, command: Command, context: Context): void {
  switch (command.command) {
    case 'establish-trust':
      return layers.trust.establish({ mutual: true, ...command }, context);
    case 'revoke-trust':
      return layers.trust.revoke(
        { scope: 'full', permissions: [], gracePeriodSeconds: 0, ...command },
        context,
      );
    case 'renew-trust': {
      const unsaid = { reason: 'early', permissions: [], justification: 'operator' };
      return layers.trust.renew({ ...unsaid, ...command }, context);
    }
    case 'meet-condition':
      return layers.trust.meetCondition({ of: 'issued', ...command }, context);
    case 'approve-trust':
      return layers.trust.approve(command, context);
    case 'ask-recommendation':
    case 'check-health':
    case 'ask-audit-root':
      return layers.trust.inquire(command, context);
    case 'dispute-revocation':
      return layers.trust.object(command.server, command.status ?? 'disputed', context);
    case 'clear-revocation':
      return layers.trust.clear(command.server, context);
    case 'stop':
      return; // The process around the node stops; the node has nothing to undo.
    default:
      return assertNever(command);
  }
}

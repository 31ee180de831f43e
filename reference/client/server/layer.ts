/**
 * The server side of NORC-C: the front door of this room (reference/ports.ts ClientLayer). Inputs come
 * in one by one with the present time; everything they cause is emitted before the next.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { ServerConfig } from '../../config.ts';
import type { Context } from '../../core.ts';
import type { ClientLayer, RoutePort } from '../../ports.ts';
import { createValidation } from '../validation.ts';
import { forgetConnection } from './closing.ts';
import { frameReceived } from './frames.ts';
import { pingDue } from './keepalive.ts';
import { abort, closeCode, type Refusal } from './refusal.ts';
import { deliverRelay, settleRelay } from './relayed.ts';
import { restoreRows } from './restoring.ts';
import { takeEffect } from './revocation.ts';
import { isOver } from './session.ts';
import { type Connection, createServer, type Phase, type Server, tablesOf } from './state.ts';
import { scheduleNext, sweep } from './sweep.ts';
import { readTimer } from './timers.ts';
import { upgradeRequested } from './upgrade.ts';

export function createClientLayer(
  config: ServerConfig,
  ports: { readonly route: RoutePort },
): ClientLayer {
  const server = createServer(config, ports.route, createValidation());
  return {
    restore: (rows) => restoreRows(server, rows),
    started: (context) => started(server, context),
    timerFired: (timer, context) => timerFired(server, timer, context),
    held: () => tablesOf(server),
    upgradeRequested: (id, offer, context) => upgradeRequested(server, id, offer, context),
    frameReceived: (id, frame, context) => frameReceived(server, id, frame, context),
    connectionClosed: (id, context) => {
      const connection = server.connections.get(id);
      if (connection) forgetConnection(server, connection, context);
    },
    deliver: (relay, context) => deliverRelay(server, relay, context),
    settle: (messageId, outcome, context) => settleRelay(server, messageId, outcome, context),
  };
}

/** Timers of the run before are gone; what they were to do is not. */
function started(server: Server, context: Context): void {
  for (const device of [...server.devices.values()]) takeEffect(server, device, context);
  scheduleNext(server, context);
}

function timerFired(server: Server, name: string, context: Context): void {
  const timer = readTimer(name);
  if (!timer) return;
  if (timer.kind === 'sweep') return sweep(server, context);
  if (timer.kind === 'revocation') {
    const device = server.devices.get(timer.subject);
    if (device) takeEffect(server, device, context);
    return;
  }
  const connection = server.connections.get(timer.subject);
  if (!connection) return;
  switch (timer.kind) {
    case 'ping':
      return pingDue(server, connection, context);
    case 'session':
      isOver(server, connection, context); // C-SES-01
      return;
    case 'handshake':
      return tooSlow(server, connection, 'connecting', context);
    case 'authentication':
      return tooSlow(server, connection, 'authenticating', context);
  }
}

/** C-CONN-10. */
function tooSlow(server: Server, connection: Connection, phase: Phase, context: Context): void {
  if (context.must('C-CONN-10', connection.phase !== phase)) return;
  const refusal = phase === 'connecting' ? handshakeSlow : authenticationSlow;
  abort(server, connection, refusal, closeCode.policy, context);
}

const handshakeSlow: Refusal = {
  requirement: 'C-CONN-10',
  code: errorCode.common.protocolError,
  reason: 'unexpected_message',
  detail: 'no handshake in time',
};

const authenticationSlow: Refusal = {
  requirement: 'C-CONN-10',
  code: errorCode.client.invalidSignature,
  detail: 'no authentication in time',
};

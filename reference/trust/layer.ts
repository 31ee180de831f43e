/**
 * NORC-T: how two servers come to trust each other, and stop (T 1 to T 5). This file hands each
 * message, timer, look-up and order to the part that deals with it. What is declared in spec/ and not
 * built is refused as not supported, without effect.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { type IncomingMessage, messages, type NorcMessage } from '../../spec/messages.ts';
import { assertNever } from '../assert.ts';
import type { ServerConfig } from '../config.ts';
import type { Context, FetchOutcome } from '../core.ts';
import type { AuditPort, InquiryOrder, LinkPort, TrustLayer, TrustOrigin } from '../ports.ts';
import { refreshStanding } from './certificate/activation.ts';
import { settleConditions } from './certificate/deadlines.ts';
import { standingOf } from './certificate/relationship.ts';
import { receiveComplianceReport } from './compliance/compliance-report.ts';
import { receiveError, receiveRateLimit } from './errors.ts';
import { receiveAcknowledgment } from './establishment/closing.ts';
import { receiveExtension, requestTaken } from './establishment/extension.ts';
import { ownAnswerFetched } from './establishment/gathering.ts';
import { pendingRequests } from './establishment/pending.ts';
import {
  begin,
  receiveCapabilitiesAnswer,
  receiveChallenge,
  receiveDecision,
} from './establishment/requester.ts';
import {
  abandon,
  repeat,
  requesterTimerFired,
  requesterUndelivered,
  resumeRequester,
} from './establishment/requester-run.ts';
import {
  admit,
  type Rival,
  receiveCapabilities,
  receiveRequest,
  receiveResponse,
} from './establishment/responder.ts';
import {
  decisionUndelivered,
  redecide,
  responderTimerFired,
  resumeResponder,
} from './establishment/responder-life.ts';
import { evidenceFetched } from './establishment/validation.ts';
import { approve, domainLookedUp } from './establishment/verdict.ts';
import { peerOf } from './evidence/domain-proof.ts';
import { inquiryFailed, isQuestion } from './inquiry.ts';
import { askRoot, receiveRoot, receiveRootQuery } from './monitoring/audit-root.ts';
import { receiveHealthCheck } from './monitoring/health-answer.ts';
import { checkHealth, receiveHealthReport } from './monitoring/health-watch.ts';
import { beginRunning, noteTaken, timed } from './monitoring/measures.ts';
import { heartbeat } from './monitoring/watch.ts';
import { order, orderCondition, orderRenewal, wanted } from './orders.ts';
import { receiveTimeSync } from './peer-clocks.ts';
import { certifiedKeyOf } from './peer-key.ts';
import { askRecommendation, receiveRecommendation } from './recommendation/asker.ts';
import { receiveRecommendationRequest } from './recommendation/recommender.ts';
import { refuse } from './refusal.ts';
import {
  isOfRenewal,
  receiveRenewalAcknowledgment,
  renewedTimerFired,
  resumeRenewed,
} from './renewal/granting.ts';
import { receiveRenewal } from './renewal/issuer.ts';
import {
  renewingTaken,
  renewingTimerFired,
  renewingUndelivered,
  resumeRenewing,
} from './renewal/renewing.ts';
import {
  isOfOurRenewal,
  receiveRenewalChallenge,
  receiveRenewalDecision,
  renewalDue,
  renewingAnswerFetched,
} from './renewal/subject.ts';
import {
  object,
  objectionTimerFired,
  objectionUndelivered,
  receiveRevocationAcknowledgment,
} from './revocation/acknowledgment.ts';
import { clear, clears, receiveClearing } from './revocation/clearing.ts';
import { receiveList } from './revocation/list-reading.ts';
import {
  listUnavailable,
  pollTimerFired,
  resumeLists,
  statusTimerFired,
} from './revocation/list-watch.ts';
import { ownList } from './revocation/own-list.ts';
import { pushTimerFired, pushUndelivered, resumePushes } from './revocation/pushing.ts';
import { gapTimerFired, resumeGaps } from './revocation/revocation-chain.ts';
import { receiveRevocation } from './revocation/revoker.ts';
import { receiveServerRevocation } from './revocation/server-revocation.ts';
import { restoreRow } from './rows.ts';
import type { Scope } from './scope.ts';
import { createState } from './state.ts';
import { isStepDown, rememberVersion } from './versions.ts';

export interface TrustPorts {
  readonly link: LinkPort;
  readonly audit: AuditPort;
}

export function createTrustLayer(config: ServerConfig, ports: TrustPorts): TrustLayer {
  const state = createState();
  const link = timed(state, ports.link);
  const within = (context: Context): Scope => ({
    config,
    link,
    audit: ports.audit,
    state,
    context,
  });
  return {
    restore: (rows) => {
      for (const row of rows) restoreRow(state, row);
    },
    started: (context) => resume(within(context)),
    timerFired: (timer, context) => timerFired(within(context), timer),
    held: () => ({ ...state }),

    inbound: (peer, now) => standingOf(state, peer, 'inbound', now),
    outbound: (peer, now) => standingOf(state, peer, 'outbound', now),
    keyOf: (peer) => certifiedKeyOf(state, peer),
    isBanned: (key) => state.banned.has(key),
    permitsVersion(peer, layer, version, context) {
      const isLower = isStepDown(state, layer, peer, version);
      if (isLower && !config.policy.trust.allowDowngrade) return false;
      rememberVersion(within(context), layer, peer, version);
      return true;
    },
    receive: (message, origin, context) => receive(within(context), message, origin),
    undelivered: (peer, message, context) => undelivered(within(context), peer, message),
    taken(peer, message, context) {
      renewingTaken(within(context), peer, message);
      if (message.type !== 'trust_request') return;
      requestTaken(within(context), peer, message.request_id);
    },
    revocationList: (context) => ownList(within(context)),
    listUnavailable: (peer, why, context) => listUnavailable(within(context), peer, why),
    wanted: (peer, context) => wanted(within(context), peer),

    establish({ server, level, method, mutual }, context) {
      begin(within(context), server, { level, method, mutual, onDemand: false });
    },
    revoke: (given, context) => order(within(context), given),
    renew: (given, context) => orderRenewal(within(context), given),
    meetCondition: (given, context) => orderCondition(within(context), given),
    approve: (verdict, context) => approve(within(context), verdict),
    pending: (context) => pendingRequests(within(context)),
    inquire: (order, context) => inquire(within(context), order),
    object: (server, status, context) => object(within(context), server, status),
    clear: (server, context) => clear(within(context), server),
    lookedUp(lookup, outcome, context) {
      const peer = peerOf(lookup);
      if (peer !== undefined) domainLookedUp(within(context), peer, lookup, outcome);
    },
    fetched: (fetch, outcome, context) => fetched(within(context), fetch, outcome),
  };
}

/** Fetches are named `trust/kind/peer/…`. */
function fetched(scope: Scope, fetch: string, outcome: FetchOutcome): void {
  const [, kind, peer = ''] = fetch.split('/');
  if (kind === 'evidence') evidenceFetched(scope, peer, fetch, outcome);
  if (kind === 'own') ownAnswerFetched(scope, peer, fetch, outcome);
  if (kind === 'renewing-own') renewingAnswerFetched(scope, peer, fetch, outcome);
}

function receive(scope: Scope, message: IncomingMessage, origin: TrustOrigin): void {
  const isRequest = origin.exchange !== null;
  noteTaken(scope, origin.exchange);
  if (!isRequest && isOnlyRequest(message.type)) return unexpected(scope, message, origin);
  switch (message.type) {
    case 'trust_capabilities':
      if (isRequest) return receiveCapabilities(scope, message, origin);
      return receiveCapabilitiesAnswer(scope, message, origin);
    case 'trust_request':
      return receiveRequest(scope, message, origin, rivalOf(scope, origin.peer));
    case 'gov_pki_trust_request':
      return receiveExtension(scope, message, origin, (held) => {
        admit(scope, { ...held, government: message }, origin);
      });
    case 'trust_challenge':
      if (isOfOurRenewal(scope, origin.peer, message.request_id)) {
        return receiveRenewalChallenge(scope, message, origin);
      }
      return receiveChallenge(scope, message, origin);
    case 'trust_response':
      return receiveResponse(scope, message, origin);
    case 'trust_decision': {
      if (isOfOurRenewal(scope, origin.peer, message.request_id)) {
        return receiveRenewalDecision(scope, message, origin);
      }
      const cleared = clears(scope, message);
      if (cleared) return receiveClearing(scope, message, origin, cleared);
      return receiveDecision(scope, message, origin);
    }
    case 'trust_acknowledgment':
      if (isOfRenewal(scope, origin.peer, message.request_id)) {
        return receiveRenewalAcknowledgment(scope, message, origin);
      }
      return receiveAcknowledgment(scope, message, origin);
    case 'trust_renewal':
      return receiveRenewal(scope, message, origin);
    case 'trust_revoke':
      return 'trust_certificate_id' in message
        ? receiveRevocation(scope, message, origin)
        : receiveServerRevocation(scope, message, origin);
    case 'revocation_acknowledgment':
      return receiveRevocationAcknowledgment(scope, message, origin);
    case 'trust_health_check':
      return receiveHealthCheck(scope, message, origin);
    case 'trust_health_report':
      return receiveHealthReport(scope, message, origin);
    case 'audit_root_query':
      return receiveRootQuery(scope, message, origin);
    case 'audit_root':
      return receiveRoot(scope, message, origin);
    case 'time_sync':
      return receiveTimeSync(scope, message, origin);
    case 'compliance_report':
      return receiveComplianceReport(scope, message, origin);
    case 'trust_recommendation':
      return receiveRecommendationRequest(scope, message, origin);
    case 'trust_recommendation_response':
      return receiveRecommendation(scope, message, origin);
    case 'norc_crl':
      return receiveList(scope, message, origin);
    case 'federation_error':
      return receiveError(scope, message, origin);
    case 'rate_limit_exceeded':
      return receiveRateLimit(scope, message, origin);
    default:
      return notSupported(scope, message, origin);
  }
}

const onlyRequests: ReadonlySet<string> = new Set([
  'trust_request',
  'gov_pki_trust_request',
  'trust_response',
  'trust_acknowledgment',
  'trust_recommendation',
  'trust_renewal',
  'trust_health_check',
  'audit_root_query',
  'compliance_report',
]);

/** What only ever asks; as an answer it has no place in any exchange. */
function isOnlyRequest(type: NorcMessage['type']): boolean {
  return onlyRequests.has(type);
}

function unexpected(scope: Scope, message: IncomingMessage, origin: TrustOrigin): void {
  const detail = `${message.type} as an answer`;
  refuse(scope, origin, { requirement: 'X-ERR-07', code: errorCode.trust.unexpected, detail });
}

/** L-T27: of two crossed requests the one whose requesting_server sorts lower survives. */
function rivalOf(scope: Scope, peer: string): Rival | null {
  const run = scope.state.asked.get(peer);
  if (!run || run.phase === 'established') return null;
  return { survives: scope.config.serverId < peer, abandon: () => abandon(scope, run) };
}

function notSupported(scope: Scope, message: NorcMessage, origin: TrustOrigin): void {
  const { layer, shape } = messages[message.type];
  const requirement = layer === 'trust' ? shape : 'X-ERR-07';
  const detail = `${message.type} is not supported`;
  const code = errorCode.trust.unexpected;
  refuse(scope, origin, { requirement, code, detail, reason: 'not_supported' }, idOf(message));
}

function idOf(message: NorcMessage): string | null {
  return 'request_id' in message && typeof message.request_id === 'string'
    ? message.request_id
    : null;
}

function undelivered(scope: Scope, peer: string, message: NorcMessage): void {
  if (message.type === 'trust_decision' && clears(scope, message)) {
    return pushUndelivered(scope, peer, message);
  }
  if (message.type === 'trust_decision') return decisionUndelivered(scope, peer, message);
  if (message.type === 'trust_revoke') return pushUndelivered(scope, peer, message);
  if (isQuestion(message)) {
    return inquiryFailed(scope, peer, message, 'not delivered');
  }
  if (message.type === 'revocation_acknowledgment') {
    return objectionUndelivered(scope, peer, message);
  }
  requesterUndelivered(scope, peer, message);
  renewingUndelivered(scope, peer, message);
}

/** By order of the operator. */
function inquire(scope: Scope, order: InquiryOrder): void {
  switch (order.command) {
    case 'ask-recommendation': {
      const { server: recommender, about, level = 'basic' } = order;
      return askRecommendation(scope, { recommender, about, level });
    }
    case 'check-health':
      return checkHealth(scope, order.server, order.days ?? 30);
    case 'ask-audit-root':
      return askRoot(scope, order.server, order.daysAgo ?? 0);
    default:
      return assertNever(order);
  }
}

/** Timers are named `trust/kind/rest`. */
function timerFired(scope: Scope, timer: string): void {
  const [, kind = '', ...rest] = timer.split('/');
  const about = rest.join('/');
  switch (kind) {
    case 'requester':
      return requesterTimerFired(scope, about);
    case 'responder':
      return responderTimerFired(scope, about);
    case 'repeat':
      return repeat(scope, about);
    case 'redecide':
      return redecide(scope, about);
    case 'retry':
      return wanted(scope, about);
    case 'standing':
      settleConditions(scope, about);
      return refreshStanding(scope, about);
    case 'renew':
      return renewalDue(scope, about);
    case 'renewing':
      return renewingTimerFired(scope, about);
    case 'renewed':
      return renewedTimerFired(scope, about);
    case 'heartbeat':
      return heartbeat(scope);
    case 'push':
      return pushTimerFired(scope, about);
    case 'poll':
      return pollTimerFired(scope, about);
    case 'status':
      return statusTimerFired(scope, about);
    case 'gap':
      return gapTimerFired(scope, about);
    case 'objection':
      return objectionTimerFired(scope, about);
    default:
      return;
  }
}

function resume(scope: Scope): void {
  beginRunning(scope);
  for (const peer of scope.state.relations.keys()) {
    settleConditions(scope, peer);
    refreshStanding(scope, peer);
  }
  resumeRequester(scope);
  resumeResponder(scope);
  resumeRenewing(scope);
  resumeRenewed(scope);
  resumePushes(scope);
  resumeGaps(scope);
  resumeLists(scope);
}

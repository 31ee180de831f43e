/**
 * How this server stands by the five parts that a report may cover (T 9.2): each is judged from
 * what the server holds and has written down, at the moment it is asked. Nothing is claimed that
 * is not looked up.
 */
import { limits } from '../../../spec/limits.ts';
import type { ComplianceStatus, ReportScope } from '../../../spec/messages/trust/enumerations.ts';
import { reportScopes } from '../../../spec/messages/trust/enumerations.ts';
import { isExpired } from '../../guard/freshness.ts';
import { seconds, toSeconds } from '../../time.ts';
import { standingOf } from '../certificate/relationship.ts';
import { grantableAt } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { Grant } from '../state.ts';

export interface Period {
  readonly start: number;
  readonly end: number;
}

export interface Control {
  readonly scope: ReportScope;
  readonly name: string;
  readonly status: ComplianceStatus;
  /** What was found, fact by fact. */
  readonly facts: readonly string[];
  /** What keeps it from being compliant; empty when it is. */
  readonly faults: readonly Fault[];
}

interface Fault {
  readonly what: string;
  readonly remedy: string;
  /** Wrong now, or only about to be. */
  readonly isGrave: boolean;
}

interface Findings {
  readonly facts: readonly string[];
  readonly faults: readonly (Fault | false)[];
}

const controls: {
  readonly [S in ReportScope]: {
    readonly name: string;
    readonly look: (scope: Scope, period: Period) => Findings;
  };
} = {
  trust_establishment: { name: 'Establishment of trust', look: establishment },
  key_management: { name: 'Management of keys', look: keys },
  certificate_lifecycle: { name: 'Life of trust certificates', look: lifecycle },
  access_controls: { name: 'Access controls', look: access },
  incident_response: { name: 'Response to incidents', look: incidents },
};

export interface Assessment {
  readonly controls: readonly Control[];
  readonly status: ComplianceStatus;
  /** 0…100: a control that meets a condition only counts half. */
  readonly score: number;
}

export function assess(
  scope: Scope,
  period: Period,
  parts: readonly ReportScope[] = reportScopes,
): Assessment {
  const judged = parts.map((part): Control => {
    const { name, look } = controls[part];
    const { facts, faults } = look(scope, period);
    const found = faults.filter((fault) => fault !== false);
    return { scope: part, name, status: statusOf(found), facts, faults: found };
  });
  const worth = judged.reduce((sum, { status }) => sum + worths[status], 0);
  return {
    controls: judged,
    status: worst(judged.map(({ status }) => status)),
    score: judged.length === 0 ? 100 : Math.floor(worth / judged.length),
  };
}

const worths: { readonly [S in ComplianceStatus]: number } = {
  compliant: 100,
  conditional: 50,
  non_compliant: 0,
};

function statusOf(faults: readonly Fault[]): ComplianceStatus {
  if (faults.some(({ isGrave }) => isGrave)) return 'non_compliant';
  return faults.length > 0 ? 'conditional' : 'compliant';
}

/** T-COMP-03: one control that is not compliant makes the whole not compliant. */
function worst(statuses: readonly ComplianceStatus[]): ComplianceStatus {
  const order = ['non_compliant', 'conditional'] as const;
  return order.find((status) => statuses.includes(status)) ?? 'compliant';
}

const fault = (holds: boolean, what: string, remedy: string): Fault | false =>
  !holds && { what, remedy, isGrave: true };

const concern = (holds: boolean, what: string, remedy: string): Fault | false =>
  !holds && { what, remedy, isGrave: false };

// --- the five parts --------------------------------------------------------------------------------

function establishment({ config, audit, state }: Scope, period: Period): Findings {
  const { enforceAmc, allowDowngrade, requireManualApproval, autoAcceptBasic } =
    config.policy.trust;
  const granted = audit.count('trust_granted', period);
  return {
    facts: [
      `${state.relations.size} relationships`,
      `${granted} grants recorded in the period`,
      `basic requests are ${autoAcceptBasic && !requireManualApproval ? '' : 'not '}accepted without an operator`,
    ],
    faults: [
      fault(enforceAmc, 'peers without a compatible version are met', 'set enforceAmc'),
      fault(!allowDowngrade, 'a lower version than before is accepted', 'unset allowDowngrade'),
    ],
  };
}

function keys({ config, state, context }: Scope): Findings {
  const [leaf] = config.certificateChain;
  const end = leaf === undefined ? undefined : context.x509.read(leaf)?.notAfterSeconds;
  const soon = context.now + seconds(limits.expiryWarningSeconds);
  const barred = [...state.relations.values()].filter(({ live, peerKey }) => {
    return live && state.banned.has(peerKey);
  });
  return {
    facts: [
      `the server certificate ends at ${end ?? 'no known time'}`,
      `${state.banned.size} keys are barred for ever`,
    ],
    faults: [
      fault(
        end !== undefined && !isExpired(context.now, end),
        'the server certificate is not in force',
        'install a new one',
      ),
      concern(
        end === undefined || !isExpired(soon, end),
        'the server certificate ends within 30 days',
        'renew it',
      ),
      fault(barred.length === 0, 'a barred key is in use', 'end the relationship'),
    ],
  };
}

function lifecycle(scope: Scope): Findings {
  const { context, state } = scope;
  const soon = context.now + seconds(limits.expiryWarningSeconds);
  const inForce = grantsInForce(scope);
  const ending = inForce.filter(({ certificate }) => isExpired(soon, certificate.not_after));
  const overdue = inForce.filter(({ certificate }) =>
    certificate.conditions.some(({ deadline }) => isExpired(context.now, deadline)),
  );
  const unheard = [...state.pushes.values()].filter(({ missed }) => missed);
  return {
    facts: [
      `${inForce.length} trust certificates in force`,
      `${ending.length} of them end within 30 days`,
      `${state.revocations.size} certificates are revoked`,
    ],
    faults: [
      fault(overdue.length === 0, 'a condition is overdue', 'meet it, or let the trust end'),
      concern(ending.length === 0, 'trust certificates end within 30 days', 'renew them'),
      concern(
        unheard.length === 0,
        'a revocation has not been acknowledged for 300 seconds',
        'reach the server that has not acknowledged it',
      ),
    ],
  };
}

function access(scope: Scope): Findings {
  const { federationMessagesPerMinute, federationBytesPerFiveMinutes } = scope.config.policy;
  const { federationMessagesPerMinute: messages, federationIngressBytes: bytes } = limits;
  const excessive = grantsInForce(scope).filter(({ certificate }) => {
    const allowed: readonly string[] = grantableAt(certificate.trust_level);
    return certificate.permissions.some((name) => !allowed.includes(name));
  });
  return {
    facts: [
      `${federationMessagesPerMinute} messages a minute from one server`,
      `${federationBytesPerFiveMinutes} bytes in five minutes from one server`,
    ],
    faults: [
      fault(
        federationMessagesPerMinute <= messages && federationBytesPerFiveMinutes <= bytes,
        'rates of other servers are looser than the baseline',
        'lower them',
      ),
      fault(
        excessive.length === 0,
        'a certificate grants more than its level allows',
        'revoke what is too much',
      ),
    ],
  };
}

function incidents({ audit, context }: Scope, { start, end }: Period): Findings {
  const found = audit.count('security_incident', { start, end });
  return {
    facts: [
      `${found} security incidents in the period`,
      `${audit.count('access_denied', { start, end })} refusals in the period`,
      `the audit log was ${audit.isWhole() ? 'whole' : 'not whole'} at ${toSeconds(context.now)}`,
    ],
    faults: [
      fault(audit.isWhole(), 'the audit log did not verify', 'investigate what was set aside'),
      concern(found === 0, 'there were security incidents', 'investigate them'),
    ],
  };
}

function grantsInForce({ state, context }: Scope): readonly Grant[] {
  return [...state.relations.values()].flatMap((relation) =>
    (['inbound', 'outbound'] as const).flatMap((direction) => {
      const { status } = standingOf(state, relation.peer, direction, context.now);
      const grant = relation[direction];
      return grant && status === 'active' ? [grant] : [];
    }),
  );
}

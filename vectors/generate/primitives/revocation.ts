/** What a set of revocations leaves of a certificate (profile 2.7, L-R04, L-R05, L-R12). */
export type Revocation = {
  readonly revocation_id: string;
  readonly scope: 'full' | 'partial' | 'conditional';
  readonly reason: string;
  readonly issued_at: number;
  readonly effective_date: number;
  readonly grace_period: number;
  readonly permissions: readonly string[];
};

export interface Effect {
  readonly status: 'active' | 'suspended' | 'revoked';
  readonly permissions: readonly string[];
}

const GENTLE = ['voluntary', 'superseded', 'expired'];
const LONGEST_GRACE = 86_400;

/** From when it works, and from when there is no grace left. */
function instants({ scope, reason, issued_at, effective_date, grace_period }: Revocation) {
  const start = Math.max(effective_date, issued_at);
  const hasGrace = scope === 'conditional' || GENTLE.includes(reason);
  return { start, end: start + (hasGrace ? Math.min(grace_period, LONGEST_GRACE) : 0) };
}

export function effectAt(
  permissions: readonly string[],
  revocations: readonly Revocation[],
  at: number,
): Effect {
  const wide = revocations.filter(({ scope }) => scope !== 'partial').map(instants);
  if (wide.some(({ end }) => at >= end)) return { status: 'revoked', permissions: [] };
  if (wide.some(({ start }) => at >= start)) return { status: 'suspended', permissions: [] };
  const gone = revocations.filter((one) => one.scope === 'partial' && at >= instants(one).end);
  const names = new Set(gone.flatMap((one) => one.permissions));
  return {
    status: 'active',
    permissions: permissions.filter((name) => !names.has(name)).toSorted(),
  };
}

/**
 * What a server believes it has agreed on: what it has written down for itself. The audit log has an
 * entry for every version agreed (X-AMC-12), the store the run of an establishment.
 */
import type { Answer } from '../../../reports/amc/matrix.ts';
import type { Json } from '../../../spec/schema.ts';

/** By table and key, `audit/…`. */
export type Rows = ReadonlyMap<string, Json>;

export interface Belief {
  /** Null: there is no session. */
  readonly version: string | null;
  /** Null: this layer does not say. */
  readonly compatibilityMode: boolean | null;
}

type Members = { readonly [member: string]: Json };

const NOTHING: Belief = { version: null, compatibilityMode: false };

/** The version of the layer that wrote it, of the last entry about `peer` (null: about anybody). */
export function agreedWith(rows: Rows, peer: string | null): Belief {
  const { version, compatibility_mode: mode } = lastAgreement(rows, peer);
  if (typeof version !== 'string') return NOTHING;
  return { version, compatibilityMode: mode === true };
}

/** The version of NORC-T that the handshake of the link has settled. */
export function trustAgreedWith(rows: Rows, peer: string): Belief {
  return trustBelief(lastAgreement(rows, peer).norc_t_version);
}

/** The version in which the establishment with `peer` runs. */
export function establishingWith(rows: Rows, peer: string): Belief {
  return trustBelief(membersOf(rows.get(`trust-run/requester/${peer}`)).version);
}

/** What all believe, or that they do not believe the same. */
export function commonBelief(beliefs: readonly Belief[]): Answer {
  const [first = NOTHING, ...others] = beliefs;
  const isShared = others.every(
    ({ version, compatibilityMode }) =>
      version === first.version && compatibilityMode === first.compatibilityMode,
  );
  return isShared ? first : { split: `the sides differ: ${beliefs.map(textOf).join(', ')}` };
}

export const nothing = (): Belief => NOTHING;

function trustBelief(version: Json | undefined): Belief {
  return typeof version === 'string' ? { version, compatibilityMode: null } : NOTHING;
}

function lastAgreement(rows: Rows, peer: string | null): Members {
  const entries = [...rows].flatMap(([key, value]) =>
    key.startsWith('audit/') ? [membersOf(value)] : [],
  );
  const found = entries.findLast(
    ({ parameters, target_server: target }) =>
      membersOf(parameters).logged_as === 'version_negotiated' &&
      (peer === null || target === peer),
  );
  return membersOf(found?.parameters);
}

function membersOf(value: Json | undefined): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const textOf = ({ version, compatibilityMode }: Belief): string =>
  `${version ?? 'none'}${compatibilityMode ? ' in compatibility mode' : ''}`;

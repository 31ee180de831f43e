/** The version of NORC-T (L-V11) and the memory of what was negotiated before (L-V13). */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { TrustCapabilities } from '../../spec/messages/trust/trust-capabilities.ts';
import type { TrustOrigin } from '../ports.ts';
import { chooseTrustVersion, compareVersions, parseVersion, versionOf } from '../wire/version.ts';
import { check, firstBroken, type Refusal } from './check.ts';
import { keepVersion } from './rows.ts';
import type { Scope } from './scope.ts';
import type { TrustState } from './state.ts';

type VersionedLayer = 'federation' | 'trust';

export type VersionOutcome =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * X-AMC-14: best mutual version that is near the link's; then what policy adds (T-CAP-04 to 06).
 */
export function negotiate(
  scope: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
): VersionOutcome {
  const { must } = scope.context;
  const policy = scope.config.policy.trust;
  const own = scope.config.versions.trust;
  const offered = theirs.supported_versions;
  const chosen = chooseTrustVersion(own, offered, origin.federationVersion, { must });
  const code = errorCode.federation.versionMismatch;
  if (!must('T-CAP-04', chosen.ok || !policy.enforceAmc)) {
    const detail = chosen.ok ? '' : `${chosen.error.requirement} ${chosen.error.detail}`;
    const requirement = 'T-CAP-04';
    return { ok: false, refusal: { requirement, code, detail, reason: 'no_compatible_version' } };
  }
  const version = chosen.ok ? chosen.value.version : lowestOf(own);
  const refusal = firstBroken(must, [
    check(
      'T-CAP-05',
      code,
      'below the version used before',
      () => policy.allowDowngrade || !isStepDown(scope.state, 'trust', origin.peer, version),
      'downgrade_refused',
    ),
    check(
      'T-CAP-06',
      code,
      'the peer lacks our latest minor',
      () => !policy.requireLatestMinor || bestMinor(offered, version) >= bestMinor(own, version),
      'latest_minor_required',
    ),
  ]);
  return refusal ? { ok: false, refusal } : { ok: true, version };
}

export function isStepDown(
  state: TrustState,
  layer: VersionedLayer,
  peer: string,
  version: string,
): boolean {
  const last = state.lastVersions.get(`${layer}/${peer}`);
  return last !== undefined && compareVersions(versionOf(version), versionOf(last)) < 0;
}

/** Of the last establishment with `peer`: what exchanges outside of one are judged by. */
export function versionWith(state: TrustState, peer: string): string {
  return state.lastVersions.get(`trust/${peer}`) ?? '1.0';
}

/** After a negotiation that succeeded. */
export function rememberVersion(
  scope: Scope,
  layer: VersionedLayer,
  peer: string,
  version: string,
): void {
  const key = `${layer}/${peer}`;
  if (scope.state.lastVersions.get(key) === version) return;
  scope.state.lastVersions.set(key, version);
  keepVersion(scope, key, version);
}

/** Highest minor that a list has in the major of `version`; −1 when it has none. */
function bestMinor(list: readonly string[], version: string): number {
  const { major } = versionOf(version);
  return list.reduce((best, text) => {
    const parsed = parseVersion(text);
    return parsed.ok && parsed.value.major === major ? Math.max(best, parsed.value.minor) : best;
  }, -1);
}

/** What a build that does not care about AMC goes on with. */
function lowestOf(versions: readonly string[]): string {
  const [lowest = '1.0'] = [...versions].sort((a, b) =>
    compareVersions(versionOf(a), versionOf(b)),
  );
  return lowest;
}

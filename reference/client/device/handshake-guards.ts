/**
 * What a device asks of `connection_accepted` (X-AMC-07, X-AMC-08, X-CS-02, C-CONN-04, S-22). It does
 * not see the server's lists; what it can tell is its own offer, the hints of the upgrade, the
 * server's capabilities, and what the same server spoke last time.
 */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { Fault } from '../../wire/result.ts';
import { compareVersions, parseVersion, versionOf } from '../../wire/version.ts';
import { agreesWith, readSubprotocol } from '../subprotocol.ts';
import { HYBRID_CAPABILITY, isBuilt, isHybrid } from '../suite-choice.ts';
import type { DeviceContext } from './device.ts';
import type { DeviceState, Opened } from './state.ts';

export function acceptanceFault(
  device: DeviceState,
  opened: Opened,
  accepted: ConnectionAccepted,
  context: DeviceContext,
): Fault | null {
  const { must } = context;
  const version = accepted.negotiated_version;
  const isVersion = parseVersion(version).ok;
  const isOffered = opened.request.client_versions.includes(version);
  if (!must('X-AMC-08', isOffered) || !isVersion) return fault('X-AMC-08', version);
  if (!must('C-CONN-04', hintsAgree(opened, version))) return fault('C-CONN-04', version);
  if (!must('X-AMC-07', !isStepDown(device, version))) return fault('X-AMC-07', version);
  const top = Math.max(...device.config.versions.map((own) => versionOf(own).major));
  const isBelow = versionOf(version).major < top;
  if (!must('X-AMC-10', accepted.compatibility_mode || !isBelow)) return fault('X-AMC-10', version);
  // X-AMC-17: what 1.0 tolerates to be absent.
  const strict = device.validation.under(must)(accepted, version);
  if (!strict.ok) return strict.error;
  const { cipher_suite: suite = '', server_id: server } = accepted;
  if (!must('X-CS-02', isBestSuite(opened, accepted))) return fault('X-CS-02', suite);
  // X-SIG-02: the name that the signature will be checked for.
  if (!must('X-SIG-02', server === device.config.serverId)) return fault('X-SIG-02', server ?? '');
  const isWhole = !isBuilt(suite) || !isHybrid(suite) || accepted.pq_ciphertext !== undefined;
  return must('X-PQ-02', isWhole) ? null : fault('X-PQ-02', 'no ciphertext');
}

function hintsAgree({ subprotocol, headers }: Opened, version: string): boolean {
  const name = readSubprotocol(subprotocol);
  const header = headers['norc-negotiated-version'];
  return name !== null && agreesWith(name, version) && (header ?? version) === version;
}

/** L-V13: this server has spoken a higher one with us, which we still offer. */
function isStepDown({ lastVersion, config }: DeviceState, version: string): boolean {
  if (lastVersion === null || config.policy.downgrade === 'accept') return false;
  const isStillOurs = config.versions.includes(lastVersion);
  return isStillOurs && compareVersions(versionOf(version), versionOf(lastVersion)) < 0;
}

/** Of our offer, and hybrid where both lists say so (X-PQ-01, X-PQ-03). */
function isBestSuite({ request }: Opened, accepted: ConnectionAccepted): boolean {
  const { cipher_suite: suite = '', server_capabilities } = accepted;
  const offered = request.cipher_suites ?? [];
  if (!isBuilt(suite) || !offered.includes(suite)) return false;
  const isHybridMutual =
    offered.some((one) => isBuilt(one) && isHybrid(one)) &&
    server_capabilities.includes(HYBRID_CAPABILITY);
  return isHybrid(suite) || !isHybridMutual;
}

function fault(requirement: RequirementId, detail: string): Fault {
  return { requirement, detail };
}

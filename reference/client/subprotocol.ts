/**
 * Names of the WebSocket subprotocols of the JSON family (L-V09, C-CONN-03): `norc-c-json-v{M}.{m}`,
 * and `norc-c-json-v{M}`, which leaves the minor to the handshake.
 */
import { compareVersions, parseVersion, type Version, versionOf } from '../wire/version.ts';

export interface Subprotocol {
  readonly name: string;
  readonly major: number;
  /** Null: decided in band. */
  readonly minor: number | null;
}

const PREFIX = 'norc-c-json-v';

export function subprotocolFor(version: string): string {
  return `${PREFIX}${version}`;
}

export function readSubprotocol(name: string): Subprotocol | null {
  if (!name.startsWith(PREFIX)) return null;
  const text = name.slice(PREFIX.length);
  const exact = parseVersion(text);
  if (exact.ok) return { name, ...exact.value };
  const family = parseVersion(`${text}.0`);
  return family.ok ? { name, major: family.value.major, minor: null } : null;
}

/** The highest offered that is spoken; of two as high, the one that names its minor. */
export function pickSubprotocol(
  own: readonly string[],
  offered: readonly string[],
): Subprotocol | null {
  let best: { choice: Subprotocol; version: Version } | null = null;
  for (const name of offered) {
    const choice = readSubprotocol(name);
    const version = choice && spokenBy(own, choice);
    if (!choice || !version) continue;
    const order = best ? compareVersions(version, best.version) : 1;
    if (order > 0 || (order === 0 && choice.minor !== null)) best = { choice, version };
  }
  return best?.choice ?? null;
}

/** C-CONN-04: whether the name agreed on at the upgrade allows the version agreed on in band. */
export function agreesWith(subprotocol: Subprotocol, version: string): boolean {
  const { major, minor } = versionOf(version);
  return subprotocol.major === major && (subprotocol.minor ?? minor) === minor;
}

/** The versions of `own` that the name may stand for. */
export function versionsOf(own: readonly string[], subprotocol: Subprotocol): readonly string[] {
  return own.filter((version) => agreesWith(subprotocol, version));
}

function spokenBy(own: readonly string[], subprotocol: Subprotocol): Version | null {
  const spoken = versionsOf(own, subprotocol).map(versionOf);
  return spoken.sort(compareVersions).at(-1) ?? null;
}

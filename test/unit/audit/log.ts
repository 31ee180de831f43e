/** An audit log of acme, for tests. */
import {
  type AuditEntry,
  type AuditKeeper,
  appendEntry,
  emptyChain,
} from '../../../reference/audit/chain.ts';
import { defaultPolicy, type ServerConfig } from '../../../reference/config.ts';
import type { AuditEvent } from '../../../reference/core.ts';
import { seconds } from '../../../reference/time.ts';
import { counting, filled } from '../crypto/octets.ts';
import { nodeCrypto } from '../crypto/providers.ts';

export const keeper: AuditKeeper = {
  crypto: nodeCrypto,
  key: nodeCrypto.signingKey(filled(32, 0xac)),
  serverId: 'acme.example',
  pseudonymKey: filled(32, 0x0d),
};

/** Of a server of which nothing but its log matters. */
export function configOf(change: Partial<ServerConfig> = {}): ServerConfig {
  return {
    serverId: keeper.serverId,
    identity: keeper.key,
    certificateChain: [],
    authorities: [],
    versions: { client: ['2.0'], federation: ['2.0'], trust: ['2.0'] },
    suites: ['0001'],
    capabilities: { client: [], federation: [] },
    enrolmentTokens: [],
    peers: [],
    policy: defaultPolicy,
    pseudonymKey: keeper.pseudonymKey,
    ...change,
  };
}

export const event = (change: Partial<AuditEvent> = {}): AuditEvent => ({
  event: 'trust_granted',
  target: 'bravo.example',
  actor: 'system',
  action: 'certificate issued',
  parameters: { level: 'basic' },
  result: 'success',
  risk: 'low',
  ...change,
});

/** One entry for each event; `stepSeconds` apart. */
export function logOf(events: readonly AuditEvent[], stepSeconds = 60): AuditEntry[] {
  let chain = emptyChain;
  return events.map((one, index) => {
    const moment = { at: seconds(stepSeconds * index), entropy: counting(16, index) };
    const appended = appendEntry(chain, one, keeper, moment);
    chain = appended.chain;
    return appended.entry;
  });
}

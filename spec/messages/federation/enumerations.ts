/** The closed sets of profile Part 1.2, in the order the documents give them. */

/** States of a NORC-F link (F 2.3, profile 2.2). */
export const linkStates = [
  'connecting',
  'tls_handshake',
  'authenticating',
  'trusted',
  'active',
  'error',
  'suspended',
] as const;
export type LinkState = (typeof linkStates)[number];

/** Where a peer is known by TLS and trust may be spoken about (L-F10, L-T32, profile 2.2). */
export const controlStates = ['authenticating', 'trusted', 'active', 'suspended'] as const;
/** Where a relationship exists, in force or suspended. */
export const relationStates = ['trusted', 'active', 'suspended'] as const;
/** An error may cross the peer's own, so it is legal after the link has failed (2.2 row 14). */
export const errorStates = [...controlStates, 'error'] as const;

export const relayPriorities = ['low', 'normal', 'high', 'urgent'] as const;
export type RelayPriority = (typeof relayPriorities)[number];

export const deliveryRequirements = ['acknowledge', 'encrypt_transport', 'no_archive'] as const;
export type DeliveryRequirement = (typeof deliveryRequirements)[number];

export const relayStatuses = ['delivered', 'partial', 'failed'] as const;
export type RelayStatus = (typeof relayStatuses)[number];

export const discoveryMethods = ['dns', 'direct', 'registry'] as const;
export type DiscoveryMethod = (typeof discoveryMethods)[number];

export const lookupTypes = ['basic', 'detailed', 'presence'] as const;
export type LookupType = (typeof lookupTypes)[number];

export const syncStatuses = ['complete', 'partial', 'failed'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

export const federatedCallTypes = ['audio', 'video', 'conference'] as const;
export type FederatedCallType = (typeof federatedCallTypes)[number];

export const relayProtocols = ['rtp', 'rtcp'] as const;
export type RelayProtocol = (typeof relayProtocols)[number];

export const balancingPolicies = ['round_robin', 'least_connections', 'weighted'] as const;
export type BalancingPolicy = (typeof balancingPolicies)[number];

export const healthCheckLevels = ['basic', 'detailed', 'comprehensive'] as const;
export type HealthCheckLevel = (typeof healthCheckLevels)[number];

export const healthStatuses = ['healthy', 'degraded', 'unhealthy'] as const;
export type HealthState = (typeof healthStatuses)[number];

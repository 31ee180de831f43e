import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, integer, list, oneOf, record, serverId, uuid } from '../../schema.ts';
import { balancingPolicies } from './enumerations.ts';

/**
 * F20. Nodes of one federation identity. Nodes never sign for themselves: the identity is the
 * domain (L-F19).
 */
export const clusterMemberInfo = defineMessage({
  type: 'cluster_member_info',
  row: 'F20',
  layer: 'federation',
  code: 0x98,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  shape: 'F-HA-01',
  source: ['F 12.1'],
  readings: ['L-F09', 'L-F19', 'L-W02'],
  summary: 'Lists the nodes of a server and how to spread traffic over them.',
  fields: {
    server_id: serverId(),
    cluster_id: uuid(),
    cluster_members: list(
      record({ fields: { server_id: serverId(), weight: integer(), active: flag() } }),
      { min: 1, max: 256 },
    ),
    load_balancing_policy: oneOf(balancingPolicies),
    failover_priority: list(serverId(), { max: 256, unique: true }),
  },
});
export type ClusterMemberInfo = MessageOf<typeof clusterMemberInfo>;

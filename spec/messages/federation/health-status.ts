import { defineMessage, type MessageOf } from '../../message.ts';
import { decimal, integer, list, oneOf, record, seconds, serverId, text } from '../../schema.ts';
import { healthStatuses } from './enumerations.ts';

/**
 * F21. Health of a server, without user data. Everything but the status is for peers that policy
 * entitles (F-HA-03, L-F18).
 */
export const healthStatus = defineMessage({
  type: 'health_status',
  row: 'F21',
  layer: 'federation',
  code: 0x97,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active', 'suspended'],
  shape: 'F-HA-03',
  source: ['F 12.2'],
  readings: ['L-F09', 'L-F18', 'L-W02'],
  summary: 'Reports status and, to entitled peers, load and counters.',
  fields: {
    server_id: serverId(),
    status: oneOf(healthStatuses),
    timestamp: seconds(),
  },
  optional: {
    load_metrics: record({
      fields: {
        cpu_percent: decimal(0, 100),
        memory_percent: decimal(0, 100),
        active_connections: integer(),
        messages_per_second: integer(),
      },
    }),
    federation_status: record({
      fields: {
        trusted_servers: integer(),
        active_connections: integer(),
        pending_messages: integer(),
      },
    }),
    capabilities_status: list(record({ fields: { capability: text(64), status: text(32) } }), {
      max: 64,
    }),
  },
});
export type HealthStatus = MessageOf<typeof healthStatus>;

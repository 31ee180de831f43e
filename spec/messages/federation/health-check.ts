import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, seconds, serverId } from '../../schema.ts';
import { healthCheckLevels } from './enumerations.ts';

/** F21. Asks how a server is. Control traffic, so also while suspended (2.2 row 11). */
export const healthCheck = defineMessage({
  type: 'health_check',
  row: 'F21',
  layer: 'federation',
  code: 0x96,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active', 'suspended'],
  answeredBy: ['health_status', 'rate_limit_exceeded', 'federation_error'],
  shape: 'F-HA-03',
  source: ['F 12.2'],
  readings: ['L-F09', 'L-F18', 'L-W02'],
  summary: 'Asks for the health of a server at one of three depths.',
  fields: {
    requesting_server: serverId(),
    target_server: serverId(),
    check_level: oneOf(healthCheckLevels),
    timestamp: seconds(),
  },
});
export type HealthCheck = MessageOf<typeof healthCheck>;

import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, seconds, serverId, signature, uuid } from '../../schema.ts';
import { discoveryMethods } from './enumerations.ts';

/** F9. Asks for the signed description of a server. */
export const serverDiscovery = defineMessage({
  type: 'server_discovery',
  row: 'F9',
  layer: 'federation',
  code: 0x90,
  direction: 'server-to-server',
  legalIn: ['authenticating', 'trusted', 'active'],
  answeredBy: ['server_info', 'rate_limit_exceeded', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_server' },
  shape: 'F-DISC-03',
  source: ['F 3.2', 'M 4.4'],
  readings: ['L-F13'],
  summary: 'Asks for the description of a server.',
  fields: {
    request_id: uuid(),
    query_server: serverId(),
    requesting_server: serverId(),
    discovery_method: oneOf(discoveryMethods),
    timestamp: seconds(),
    signature: signature(),
  },
});
export type ServerDiscovery = MessageOf<typeof serverDiscovery>;

/**
 * Forms of the master document that are accepted at 1.0 under another name (L-W03). They lack what
 * the layer document requires, so a receiver reads them by these schemas and maps the members;
 * nobody sends them.
 */
import { limits } from '../../limits.ts';
import {
  capabilities,
  list,
  literal,
  record,
  seconds,
  serverId,
  type TypeOf,
  uuid,
  versionText,
} from '../../schema.ts';

const versions = () => list(versionText(), { min: 1, max: limits.listedVersions });
const devices = () => list(uuid(), { max: limits.devicesPerMessage });

/** For federation_handshake (M 4.2, L-V10). The target is whoever was dialled. */
export const federationHello = record({
  fields: {
    type: literal('federation_hello'),
    server_id: serverId(),
    protocol_versions: record({ fields: { norc_f: versions(), norc_t: versions() } }),
    capabilities: capabilities(),
  },
  requirement: 'F-HS-01',
});
export type FederationHello = TypeOf<typeof federationHello>;

/** For relay_ack (M 4.5, L-F08). Names no server: the sender is the peer known by TLS. */
export const deliveryAck = record({
  fields: {
    type: literal('delivery_ack'),
    message_id: uuid(),
    delivered_to: devices(),
    failed_devices: devices(),
    timestamp: seconds(),
  },
  requirement: 'F-ACK-01',
});
export type DeliveryAck = TypeOf<typeof deliveryAck>;

/** What a server says of itself (profile 1.0, M 4.2, F 2.2). */
import { limits } from '../../limits.ts';
import {
  blob,
  capabilities,
  list,
  oneOf,
  publicKey,
  record,
  serverId,
  type TypeOf,
} from '../../schema.ts';
import { trustLevels } from '../trust/enumerations.ts';
import { endpoint } from './endpoint.ts';

export const serverIdentity = record({
  fields: {
    server_id: serverId(),
    public_key: publicKey(),
    // X.509, DER: the layer document's form, not the master's map of five members.
    certificate: blob(limits.federationBodyBytes),
    federation_endpoints: list(endpoint, { min: 1, max: 64 }),
    capabilities: capabilities(),
    trust_level: oneOf(trustLevels, 'T-LVL-01'),
  },
});
export type ServerIdentity = TypeOf<typeof serverIdentity>;

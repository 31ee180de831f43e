/** The root of a simulated federation, and what it certifies. */
import type { ServerConfig } from '../../reference/config.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { capabilitiesOf, SUITES } from '../../reference/node/built.ts';
import { entityOf, purposes } from '../purposes.ts';
import { CERTIFICATE_SECONDS, issueCertificate } from './certificates.ts';
import { createEntropy } from './entropy.ts';
import type { ServerSpec, WorldSpec } from './world-spec.ts';

export interface WorldAuthority {
  configOf(spec: ServerSpec): ServerConfig;
}

const ROOT = 'Simulated Root';
export const ENROLMENT_TOKEN = 'simulated-enrolment';

/** Every key follows from the seed and the name of its owner. */
export function createWorldAuthority(
  crypto: Crypto,
  { seed, startSeconds }: WorldSpec,
): WorldAuthority {
  const keysOf = (name: string) =>
    createEntropy({ seed, entity: entityOf(name), purpose: purposes.keys });
  const validSeconds = {
    from: startSeconds - CERTIFICATE_SECONDS / 2,
    to: startSeconds + CERTIFICATE_SECONDS,
  };
  const rootKey = crypto.signingKey(keysOf(ROOT)(32));
  const issuer = { name: ROOT, key: rootKey };
  const rootRequest = { subject: ROOT, key: rootKey.publicKey, serial: 0, validSeconds };
  const root = issueCertificate(crypto, issuer, { ...rootRequest, isAuthority: true });
  return {
    configOf({ id, versions, policy, certificateUntilSeconds }) {
      const keys = keysOf(id);
      const identity = crypto.signingKey(keys(32));
      const serial = entityOf(id) >>> 0;
      const to =
        certificateUntilSeconds === null ? validSeconds.to : startSeconds + certificateUntilSeconds;
      const lasts = { from: validSeconds.from, to };
      const request = { subject: id, key: identity.publicKey, serial, validSeconds: lasts };
      return {
        serverId: id,
        identity,
        certificateChain: [issueCertificate(crypto, issuer, request)],
        authorities: [{ certificate: root, kind: 'commercial_ca' }],
        versions: { client: versions, federation: versions, trust: versions },
        suites: SUITES,
        capabilities: {
          client: capabilitiesOf('client'),
          federation: capabilitiesOf('federation'),
        },
        enrolmentTokens: [ENROLMENT_TOKEN],
        peers: [],
        policy,
        pseudonymKey: keys(32),
      };
    },
  };
}

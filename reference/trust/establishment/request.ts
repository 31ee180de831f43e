/** T2: the request for trust (T 3.2, T-REQ). */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { ServerConfig } from '../../config.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { isExpired, isNearSeconds } from '../../guard/freshness.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { type Check, check } from '../check.ts';
import { meetsStandards, ownAttestations } from '../evidence/attestations.ts';
import { isBound, meetsLevel, type ReadChain, readChain } from '../evidence/chain.ts';
import { isProtectedFor } from '../evidence/post-quantum.ts';
import { freshBytes, freshUuid } from '../identifiers.ts';
import { acceptsAuthority, needsChain, offeredLevels, offeredMethods, reaches } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { Wish } from '../state.ts';
import { isSignedBy, sealed } from '../transcript.ts';

const DAY_SECONDS = 86_400;

export function composeRequest(
  scope: Scope,
  peer: string,
  wish: Wish,
  earlier: readonly JsonObject[],
): TrustRequest {
  const { config, context } = scope;
  const now = toSeconds(context.now);
  const body: Omit<TrustRequest, 'signature'> = {
    type: 'trust_request',
    request_id: freshUuid(context),
    requesting_server: config.serverId,
    target_server: peer,
    requested_trust_level: wish.level as TrustRequest['requested_trust_level'],
    trust_method: wish.method as TrustRequest['trust_method'],
    certificate_chain: chainWithRoot(scope),
    server_public_key: config.identity.publicKey,
    // No more than the form asks: the responder sets the value that counts (L-T03).
    domain_proof: {
      method: 'dns_txt',
      challenge: `${fixed.dnsValuePrefix}${freshBytes(context, limits.dnsChallengeBytes)}`,
      txt_record: config.serverId,
      expires_at: now + DAY_SECONDS,
    },
    organization_info: ownOrganization(config),
    compliance_attestations: ownAttestations(config.policy.trust.credentials),
    trust_requirements: {
      mutual: wish.mutual,
      witness_required: false,
      background_check: false,
      audit_trail: true,
    },
    timestamp: now,
  };
  return sealed(scope, body, 'signature', earlier);
}

function ownOrganization({ serverId, policy }: ServerConfig): TrustRequest['organization_info'] {
  const { name, country, contactEmail, phone, address } = policy.trust.credentials.organization;
  return {
    name: name || serverId,
    country,
    contact_email: contactEmail || `admin@${serverId}`,
    phone,
    address,
  };
}

/** Leaf to root (T 3.2). */
export function chainWithRoot({ config, context }: Scope): string[] {
  const chain = [...config.certificateChain];
  const last = chain.at(-1);
  if (last === undefined) return chain;
  const root = config.authorities.find(({ certificate }) => {
    return certificate !== last && context.x509.isIssuedBy(last, certificate);
  });
  return root ? [...chain, root.certificate] : chain;
}

/** Who speaks to whom, under which key. Before anything that we remember is looked at. */
export function identityChecks(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
): readonly Check[] {
  return [
    check('T-REQ-04', errorCode.trust.trustError, 'not from the TLS peer to us', () => {
      return (
        request.requesting_server === origin.peer && request.target_server === scope.config.serverId
      );
    }),
    // The message introduces this key; T-REQ-03 binds it to the name.
    check('T-REQ-02', errorCode.trust.badSignature, 'the request signature', () => {
      return isSignedBy(scope, request.server_public_key, request, 'signature');
    }),
  ];
}

/** What is asked for, by which method, with which proof. */
export function wishChecks(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
): readonly Check[] {
  const { trust, common } = errorCode;
  const { state, config, context } = scope;
  const { requested_trust_level: level, trust_method: method } = request;
  const methodOffered = offeredMethods(config.policy.trust).some((name) => name === method);
  const levelOffered = offeredLevels(config.policy.trust).some((name) => name === level);
  return [
    check('T-REQ-06', trust.expired, 'the timestamp is off by more than 60 s', () => {
      return isNearSeconds(context.now, request.timestamp, limits.federationSkewSeconds);
    }),
    check('T-REV-19', trust.keyProof, 'the key is barred', () => {
      return !state.banned.has(request.server_public_key);
    }),
    check('T-LVL-02', trust.level, 'untrusted cannot be asked for', () => level !== 'untrusted'),
    check('T-CAP-03', methodOffered ? trust.level : trust.method, 'not in our capabilities', () => {
      return methodOffered && (levelOffered || level === 'untrusted');
    }),
    check('T-LVL-05', trust.level, 'the method does not reach the level', () => {
      return reaches(method, level, null);
    }),
    check('T-LVL-04', common.cryptoError, 'the level needs a hybrid link', () => {
      return isProtectedFor(level, origin);
    }),
    check('T-LVL-04', trust.level, 'a standard of the level is not attested', () => {
      return meetsStandards(scope, request);
    }),
    check('T-REQ-08', trust.domainProof, 'the offered domain proof has expired', () => {
      // X-TIME-07
      return !isExpired(context.now + state.clocks.offset, request.domain_proof.expires_at);
    }),
  ];
}

/** T-REQ-07, T-LVL-04, T-REQ-03: asked when the request comes, and again when it is decided. */
export function chainChecks(scope: Scope, request: TrustRequest): readonly Check[] {
  const code = errorCode.trust.chain;
  const { requested_trust_level: level, trust_method: method } = request;
  const optional = !needsChain(method) && request.certificate_chain.length === 0;
  const read = readRequestChain(scope, request);
  return [
    check('T-REQ-07', code, 'the chain does not lead to an accepted authority', () => {
      return read !== undefined || optional;
    }),
    check(
      isGoverned(level) ? 'T-GOV-03' : 'T-LVL-04',
      code,
      'not an authority of the level',
      () => {
        return read === undefined || acceptsAuthority(level, read.authority.kind);
      },
    ),
    check('T-LVL-05', errorCode.trust.level, 'the method does not reach the level so', () => {
      return read === undefined || reaches(method, level, read.authority.kind);
    }),
    check('T-LVL-04', code, 'the chain does not meet the level', () => {
      return read === undefined || meetsLevel(read, level);
    }),
    check('T-REQ-03', code, 'nothing binds the key to the name', () => {
      return isBound(scope, read, {
        serverId: request.requesting_server,
        publicKey: request.server_public_key,
        keyBinding: request.key_binding,
        reliesOnDns: method === 'direct_exchange' && level === 'basic',
      });
    }),
  ];
}

/** T-GOV-03: the levels that only a government stands behind. */
function isGoverned(level: string): boolean {
  return !acceptsAuthority(level, 'commercial_ca');
}

export function readRequestChain(scope: Scope, request: TrustRequest): ReadChain | undefined {
  return readChain(scope, request.certificate_chain, scope.context.now);
}

/**
 * T-REQ-10: what we cannot give is a reason to reject, not to look away. We keep an audit trail.
 */
export function meetsRequirements({ trust_requirements: wanted }: TrustRequest): boolean {
  return !wanted.witness_required && !wanted.background_check;
}

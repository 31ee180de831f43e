/** What one server of ours knows: its identity, and how it stands with the subject. */
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { IssuedIdentity } from '../authority.ts';
import type { DeviceIdentity } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import type { AnswerBends } from './peer.ts';

export interface PeerState {
  readonly environment: ActorEnvironment;
  readonly serverId: string;
  /** Of a rotation on it is another one. */
  key: SigningKey;
  readonly identity: IssuedIdentity;
  /** base64url DER, leaf to root. */
  readonly chain: readonly string[];
  readonly user: DeviceIdentity;
  readonly versions: readonly string[];
  readonly suites: readonly string[];
  readonly bends: AnswerBends;
  /** Types that our honest side leaves to the case. */
  readonly leaves: readonly string[];
  readonly relationship: Relationship;
  /** What the subject speaks on the links that it has dialled. */
  readonly inbound: { version: string };
  readonly counters: Counters;
}

/** A certificate authorises its subject at its issuer's (L-T11), so there are two directions. */
interface Relationship {
  /** Issued by the subject to us. */
  held: NorcTrustCertificate | null;
  /** Issued by us to the subject. */
  given: NorcTrustCertificate | null;
}

interface Counters {
  /** relay_sequence of the next relay to the subject (L-E12). */
  relaySequence: number;
  revocationSequence: number;
  /** Hash of our last revocation (L-R09). */
  previousRevocation: string;
}

export const subjectId = ({ environment }: PeerState): string => environment.subject.facts.serverId;

export const subjectKey = ({ environment }: PeerState): string =>
  environment.subject.facts.publicKey;

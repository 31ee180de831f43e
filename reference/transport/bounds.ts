/**
 * What the sockets bear before a core is asked. None of these numbers is the protocol's: they keep
 * a stranger from exhausting memory and descriptors. Sizes are a little above the protocol's own,
 * so that what is slightly too large reaches the core, which refuses it by name (2003, 5602).
 */
import { limits } from '../../spec/limits.ts';

const MEBIBYTE = 1024 * 1024;

export const bounds = {
  /** A frame of a device, or a body of a server, above the protocol's limit. */
  slackBytes: 64 * 1024,
  /** Connections of devices, and links of servers, at one time. */
  deviceConnections: limits.targetConnections,
  acceptedLinks: 2000,
  /** Of these, from one address. */
  connectionsPerAddress: 2000,
  /** TCP to the end of TLS; TLS to the end of the HTTP request; TLS to the first HTTP/2 stream. */
  handshakeMs: limits.handshakeSeconds * 1000,
  /** Name look-up, TCP and TLS when we dial. */
  dialMs: 10_000,
  /** A request or an answer from its first byte to its last. */
  bodyMs: 60_000,
  /** Our request to the answer. */
  answerMs: 60_000,
  /** A fetch of evidence from its look-up to its last byte, and how many are under way. */
  fetchMs: 5000,
  fetches: 64,
  /** A link on which nothing happens. */
  idleLinkMs: 3_600_000,
  /** From our close to the peer's (profile 2.1 row 16). */
  lingerMs: limits.errorLingerSeconds * 1000,
  /**
   * Unsent bytes for one device: above the first we read no more from it, above the second we part.
   */
  pausedAboveBytes: MEBIBYTE,
  unsentBytes: 4 * limits.clientFrameBytes,
  /** Bodies being received: on one link, and on all. */
  linkBodyBytes: 2 * limits.federationBodyBytes,
  bodiesBytes: 16 * limits.federationBodyBytes,
  streamsPerLink: 256,
  /** An operator on the Unix socket: a question, a whole conversation, and how many at one time. */
  operatorLineBytes: 4096,
  operatorMs: 10_000,
  operatorConnections: 16,
  headerBytes: 16 * 1024,
} as const;

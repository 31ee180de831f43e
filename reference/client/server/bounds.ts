/**
 * How much of anything a peer may make this server keep. Ours throughout: the documents give no
 * number, and whatever a peer can grow without bound is an attack (profile part 7, S-17).
 */
export const bounds = {
  /** Upgraded connections at one time. */
  connections: 100_000,
  /** A frame before authentication: many times what the handshake of an honest device takes. */
  entryFrameBytes: 64 * 1024,
  /** Sessions of one device; the oldest gives way. */
  sessionsPerDevice: 8,
  devicesPerUser: 64,
  /** Undelivered messages of one device. */
  storedMessages: 10_000,
  /** And their size. */
  storedBytes: 64 * 1024 * 1024,
  /** Messages of one device of which the outcome is remembered; the oldest give way. */
  trackedOfDevice: 10_000,
  /** The same for one other server. */
  trackedOfServer: 100_000,
  /** Conversations that one user has opened. */
  conversationsPerUser: 10_000,
  /** Conversations that other servers have made known. */
  relayedConversations: 100_000,
  /** Devices of other servers remembered in one conversation. */
  remoteDevices: 1000,
  /** Announcements of new devices that wait for one device. */
  notices: 64,
  /** Above this many rate buckets those of idle owners are forgotten. */
  buckets: 4096,
} as const;

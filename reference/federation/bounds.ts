/**
 * What a peer can make grow, and how far. None of these is in the documents: they keep one peer from
 * using up what belongs to all (S-17, S-18), and lie far above what an honest peer needs.
 */
export const bounds = {
  /** Links that one server may have open towards us (F-RATE-01). */
  linksPerPeer: 16,
  /** Accepted links that have not shaken hands yet, of one leaf key. */
  strangerLinks: 16,
  /** Requests of one link that wait for an answer of ours. */
  heldPerLink: 256,
  /** Proofs remembered on one link (F-AUTH-03). */
  proofsPerLink: 16_384,
  /** Relays of one neighbour whose acknowledgment is remembered (F-RELAY-06). */
  cachedRelaysPerPeer: 100_000,
  /** Replay windows of one neighbour: pairs of origin and target. */
  windowsPerPeer: 1024,
  /** Servers whose rates are remembered. One whose buckets are full is forgotten first. */
  remotes: 4096,
  /** Servers that we may have messages for; each is an address look-up. */
  destinations: 4096,
  /** Relays that wait for one server. */
  relaysPerDestination: 4096,
  /** Relays under way on one link at a time. */
  relaysInFlight: 32,
  /** NORC-T messages that wait for one link. */
  postsPerDestination: 64,
  /** Repeats of one forwarded relay that wait for the same acknowledgment. */
  waitersPerForward: 8,
  /** Addresses of one server that are tried in turn. */
  addressesPerServer: 8,
} as const;

/** Waits of ours that no document names. */
export const waits = {
  /** From a request to its answer; then the request counts as failed. */
  exchangeSeconds: 60,
  /** A forwarded relay is given up before the sender's own wait ends. */
  forwardSeconds: 30,
  /** From the end of trust until the link is cut, so that what is in flight learns why (2.2 row 10). */
  lingerSeconds: 1,
  /** Between sweeps of the relay cache. */
  sweepSeconds: 60,
} as const;

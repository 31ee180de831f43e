/** How much a server or a sender may make a device keep. Ours, but for the first (L-E18). */
import { limits } from '../../../spec/limits.ts';

export const bounds = {
  heldInChain: limits.heldMessages,
  heldSeconds: limits.heldSeconds,
  /** A chain of which nothing is known may have begun before this device did: wait less for its start. */
  unknownChainSeconds: 30,
  chains: 10_000,
  parkedMessages: 256,
  contacts: 10_000,
  devicesOfContact: 64,
  shownMessages: 4096,
  recentIds: 16,
  requests: 10_000,
  /** Leading zero digits that a device works for: some seconds. */
  proofOfWorkDigits: 5,
  attempts: 4,
  answerSeconds: 30,
  retrySeconds: 5,
} as const;

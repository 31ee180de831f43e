/** Puts together what the actors of one case share. */
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import type { Authority } from '../authority.ts';
import type { ProtocolVersion } from '../case.ts';
import type { RunningSubject } from '../ground.ts';
import { createChains } from './chains.ts';
import { type ActorEnvironment, createChance, createTroubles } from './environment.ts';
import { createExchange } from './exchange.ts';
import type { Judge } from './judge.ts';
import { createRoster } from './roster.ts';

export interface EnvironmentOptions {
  readonly subject: RunningSubject;
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly caseId: string;
  readonly authority: Authority;
  readonly crypto: Crypto;
  readonly judge: Judge;
  readonly opened: ActorEnvironment['opened'];
}

export function createEnvironment(options: EnvironmentOptions): ActorEnvironment {
  const { subject, at, seed, caseId, authority, crypto, judge, opened } = options;
  const chance = createChance(crypto, seed, caseId);
  const counted = new Map<string, number>();
  return {
    subject,
    at,
    crypto,
    authority,
    judge,
    exchange: createExchange(() => subject.now(), judge),
    roster: createRoster(),
    chains: createChains(chance),
    servers: new Map(),
    chance,
    label(kind) {
      const nth = (counted.get(kind) ?? 0) + 1;
      counted.set(kind, nth);
      return `${kind} ${nth}`;
    },
    opened,
    ...createTroubles(),
  };
}

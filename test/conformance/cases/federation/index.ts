/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as relayContent } from './relay-content.ts';
import { cases as relayRoute } from './relay-route.ts';
import { cases as relaySignatures } from './relay-signatures.ts';

export const cases: readonly Case[] = [...relayRoute, ...relaySignatures, ...relayContent];

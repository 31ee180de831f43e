/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as relayRoute } from './relay-route.ts';

export const cases: readonly Case[] = [...relayRoute];

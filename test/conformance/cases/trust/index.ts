/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as capabilities } from './capabilities.ts';
import { cases as requests } from './requests.ts';
import { cases as responses } from './responses.ts';

export const cases: readonly Case[] = [...capabilities, ...requests, ...responses];

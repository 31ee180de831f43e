/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as canonical } from './canonical.ts';
import { cases as frames } from './frames.ts';
import { cases as json } from './json.ts';
import { cases as numbers } from './numbers.ts';
import { cases as states } from './states.ts';
import { cases as unsequenced } from './unsequenced.ts';

export const cases: readonly Case[] = [
  ...canonical,
  ...frames,
  ...json,
  ...numbers,
  ...states,
  ...unsequenced,
];

/** Every mutant of behaviour: what the reference sends and does, rather than refuses. */
import type { Mutant } from '../mutant.ts';
import { clientTampers } from './client.ts';
import { evidenceTampers } from './evidence.ts';
import { federationTampers } from './federation.ts';
import { hearingTampers } from './hearing.ts';
import { levelTampers } from './levels.ts';
import { referenceTampers } from './reference.ts';
import { renewalTampers } from './renewal.ts';
import { trustTampers } from './trust.ts';
import { webTampers } from './web.ts';

export const tampers: readonly Mutant[] = [
  ...clientTampers,
  ...federationTampers,
  ...trustTampers,
  ...renewalTampers,
  ...levelTampers,
  ...evidenceTampers,
  ...webTampers,
  ...hearingTampers,
  ...referenceTampers,
];

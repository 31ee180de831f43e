/** L-C04: a challenge lives 60 seconds, serves once, and only on its connection. */

import { isExpired } from '../../guard/freshness.ts';
import type { Micros } from '../../time.ts';
import type { Challenge } from './state.ts';

export function isLive(issued: Challenge, answered: string, now: Micros): boolean {
  return (
    issued.use === 'unused' &&
    issued.challenge === answered &&
    !isExpired(now, issued.expiresAtSeconds)
  );
}

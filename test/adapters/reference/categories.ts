/** The functions of the plan, over the reference. One that is missing is answered `unsupported`. */
import { canonicalJson } from './canonical-json.ts';
import { aad, padding } from './content.ts';
import { keySchedule } from './key-schedule.ts';
import { primitives } from './primitives.ts';
import type { CategoryFunction } from './results.ts';
import { transcript } from './transcript.ts';
import { path, score } from './trust-score.ts';
import { version } from './version.ts';
import { window } from './window.ts';

export const categoryFunctions: { readonly [category: string]: CategoryFunction } = {
  version,
  'canonical-json': canonicalJson,
  transcript,
  'key-schedule': keySchedule,
  primitives,
  aad,
  padding,
  window,
  score,
  path,
};

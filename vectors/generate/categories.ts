/** Every category, in the order of the profile's Part 6. */
import { aad } from './categories/aad.ts';
import { canonicalJson } from './categories/canonical-json.ts';
import { keySchedule } from './categories/key-schedule.ts';
import { padding } from './categories/padding.ts';
import { path } from './categories/path.ts';
import { primitives } from './categories/primitives.ts';
import { score } from './categories/score.ts';
import { transcript } from './categories/transcript.ts';
import { version } from './categories/version.ts';
import { window } from './categories/window.ts';
import type { CategorySource } from './category.ts';

export const sources: readonly CategorySource[] = [
  version,
  canonicalJson,
  transcript,
  keySchedule,
  primitives,
  aad,
  padding,
  window,
  score,
  path,
];

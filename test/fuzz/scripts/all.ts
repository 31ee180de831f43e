/** The scripts, by the letter of their layer. */
import type { Script } from '../script.ts';
import { clientScript } from './client.ts';
import { federationScript } from './federation.ts';
import { revocationScript } from './revocation.ts';
import { trustScript } from './trust.ts';

export const scripts: readonly Script[] = [
  clientScript,
  federationScript,
  trustScript,
  revocationScript,
];

export const scriptsOfLayer: Readonly<Record<'c' | 'f' | 't', readonly Script[]>> = {
  c: [clientScript],
  f: [federationScript],
  t: [trustScript, revocationScript],
};

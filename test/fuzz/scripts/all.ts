/** The scripts, by the letter of their layer. */
import { lettersOfScripts, type Script } from '../script.ts';
import { clientScript } from './client.ts';
import { federationScript } from './federation.ts';
import { relayScript } from './relay.ts';
import { renewalScript } from './renewal.ts';
import { revocationScript } from './revocation.ts';
import { trustScript } from './trust.ts';

export const scripts: readonly Script[] = [
  clientScript,
  federationScript,
  relayScript,
  trustScript,
  renewalScript,
  revocationScript,
];

export const scriptsOfLayer = (letter: 'c' | 'f' | 't'): readonly Script[] =>
  scripts.filter(({ name }) => lettersOfScripts[name] === letter);

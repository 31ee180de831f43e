/** Counterexamples as files: written when one is found, read to be played again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Counterexample } from '../../test/fuzz/fuzz.ts';
import type { Plan } from '../../test/fuzz/mutation.ts';
import { lettersOfScripts, type ScriptName } from '../../test/fuzz/script.ts';
import { makeFolder } from '../folder.ts';
import { UsageError } from '../usage-error.ts';

/** What is needed to play it again. The rest of the file is for people. */
export interface Replay {
  /** Of what it was found by; what was counted is counted again. */
  readonly finding?: { readonly oracle?: string };
  readonly script: ScriptName;
  readonly at: '1.0' | '1.1' | '2.0';
  readonly plan: Plan;
}

export function writeCounterexample(folder: string, found: Counterexample): string {
  makeFolder(folder, '--out');
  const file = join(folder, `fuzz-${found.script}-${found.seed}.json`);
  writeFileSync(file, `${JSON.stringify({ format: FORMAT, ...found }, null, 2)}\n`);
  return file;
}

export function readCounterexample(file: string): Replay {
  const value = valueIn(file);
  if (isReplay(value)) return value;
  const [error] = isReplay.errors ?? [];
  throw new UsageError(`--replay ${file}: ${error?.instancePath || 'the whole'} ${error?.message}`);
}

function valueIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`--replay ${file}: ${(thrown as Error).message}`);
  }
}

const FORMAT = 'norc-fuzz-1';

const path = { type: 'array', items: { type: 'string' } };
const hand = { enum: ['path', 'peer', 'forger', 'hop'] };
const text = { type: 'string' };

/** Of each kind of mutation, the members that it has beside `message` and `kind`. */
const kinds: Readonly<Record<string, object>> = {
  ...Object.fromEntries(['drop', 'duplicate', 'skip', 'repeat', 'swap'].map((kind) => [kind, {}])),
  replay: { of: text },
  splice: { of: text },
  insert: { of: text },
  graft: { path, hand },
  replace: { path, hand, value: {} },
  break: { path, hand, fault: text },
  truncate: { perMille: { type: 'integer', minimum: 0, maximum: 1000 } },
  flip: { bit: { type: 'integer', minimum: 0 } },
  garbage: { text },
  proof: { how: { enum: ['absent', 'late', 'of-another'] } },
  offer: { offer: { type: 'array', items: text } },
  delay: { delayMs: { type: 'integer', minimum: 0 } },
  publish: { what: { enum: ['nothing', 'other'] } },
};

const mutations = Object.entries(kinds).map(([kind, members]) => ({
  type: 'object',
  properties: { message: text, kind: { const: kind }, ...members },
  required: ['message', 'kind', ...Object.keys(members)],
}));

const isReplay = new Ajv2020({ strict: false }).compile<Replay>({
  type: 'object',
  properties: {
    format: { const: FORMAT },
    script: { enum: Object.keys(lettersOfScripts) },
    at: { enum: ['1.0', '1.1', '2.0'] },
    plan: { type: 'array', items: { anyOf: mutations } },
  },
  required: ['format', 'script', 'at', 'plan'],
});

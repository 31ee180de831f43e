/** A fake adapter, started, and vectors for it. */
import { fileURLToPath } from 'node:url';
import type { Vector, VectorValue } from '../../vectors/vector-file.ts';
import type { Adapter } from '../adapters/adapter.ts';
import { AdapterFault } from '../adapters/adapter.ts';
import type { Asked } from '../adapters/check.ts';
import { startAdapter } from '../adapters/process/process-adapter.ts';

const script = fileURLToPath(new URL('fake-adapter.js', import.meta.url));

export const fakeCommand = (mode: string): readonly string[] => [process.execPath, script, mode];

/** Long enough that it never passes, where it is not what is tested. */
const LONG_MS = 60_000;

export function startFake(mode: string, answerMs = LONG_MS, startMs = LONG_MS): Promise<Adapter> {
  return startAdapter({ command: fakeCommand(mode), answerMs, startMs });
}

export function vector(parts: Partial<Vector>): Vector {
  return {
    ...{ id: 'canonical-json/some-vector', requirements: ['X-CAN-01'], readings: [] },
    ...{ flags: [], input: {}, result: 'valid' },
    ...parts,
  };
}

/** Of a valid vector whose input tells the fake what to say. */
export function asked(said: VectorValue, parts: Partial<Vector> = {}): Asked {
  return { category: 'canonical-json', vector: vector({ input: said, ...parts }) };
}

/** The fault that ends `doing`. */
export async function faultOf(doing: () => Promise<unknown>): Promise<AdapterFault> {
  try {
    await doing();
  } catch (thrown) {
    if (thrown instanceof AdapterFault) return thrown;
    throw thrown;
  }
  throw new Error('nothing was wrong');
}

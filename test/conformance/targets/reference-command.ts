/**
 * How the reference is started: a run starts it once for every policy and once more for every
 * restart, so it is started from the bundle. From its sources each start would cost seconds.
 */
import { fileURLToPath } from 'node:url';
import { bundled } from '../../../bin/launch/bundle.js';

const entry = 'reference/transport/main.ts';

/** Program and arguments. */
export async function referenceCommand(): Promise<readonly string[]> {
  const bundle = await bundled(entry).catch(() => null);
  if (bundle !== null) return [process.execPath, bundle];
  const source = fileURLToPath(new URL(`../../../${entry}`, import.meta.url));
  return [process.execPath, '--import', 'tsx', source];
}

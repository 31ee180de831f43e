// @ts-check
// Runs a TypeScript file of ours without a build step, from any working directory.
import { pathToFileURL } from 'node:url';
import { bundled } from './bundle.js';

/**
 * @param {string} entry One of the bundle's entries, such as `bin/norc.ts`.
 * @returns {Promise<void>}
 */
export async function launch(entry) {
  // Traces name the sources' lines.
  process.setSourceMapsEnabled(true);
  const bundle = await bundled(entry).catch(() => null);
  if (bundle !== null) return void (await import(pathToFileURL(bundle).href));
  // Where nothing can be kept, each file is translated as it is loaded: slower, but it runs.
  const { register } = await import('tsx/esm/api');
  register();
  await import(new URL(`../../${entry}`, import.meta.url).href);
}

/**
 * The reference as one file. A run starts it once for every policy and once more for every restart;
 * from its sources each start would cost seconds of loading, from a bundle a fraction of one.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));
/** Below the package, so that the packages it imports are found from there. */
const folder = `${packageRoot}node_modules/.cache/norc`;

let bundle: Promise<string> | undefined;

/** Path of the bundle; made once a process and removed with it. */
export function referenceBundle(): Promise<string> {
  bundle ??= makeBundle();
  return bundle;
}

async function makeBundle(): Promise<string> {
  const outfile = `${folder}/reference-${process.pid}.mjs`;
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [`${packageRoot}reference/transport/main.ts`],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    outfile,
  });
  process.once('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}

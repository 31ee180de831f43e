// @ts-check
// The sources as a few files that Node starts at once. Node 20 runs no TypeScript, and translating a
// thousand files at every start takes seconds; they are bundled once, and again when one changes.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where processes start. Every one is a file of its own in the bundle; what they share, they share. */
const entries = [
  'bin/norc.ts',
  'bin/test-run/share-worker.ts',
  'reference/transport/main.ts',
  'sim/trustgraph/cli/worker.ts',
  'test/adapters/check-all.ts',
  'test/adapters/reference/main.ts',
  'test/bench/run.ts',
  'test/bench/simulator.ts',
  'test/bench/trust-graph.ts',
  'test/conformance/case-worker.ts',
  'test/fuzz/run.ts',
  'test/mutant/run.ts',
  'test/mutant/worker.ts',
  'test/scenario/determinism.ts',
];
/** What may be part of the bundle; a change in any of it makes another one. */
const rooms = ['bin', 'reference', 'reports', 'sim', 'spec', 'test', 'vectors'];
/** Bundles of earlier sources: as many stay, and any for an hour, as somebody may still run them. */
const KEPT = 5;
const KEPT_MS = 3_600_000;

const here = fileURLToPath(import.meta.url);
// This file is part of the bundle too; there its own place says which bundle it is.
const inside = here.split(`${sep}node_modules${sep}.cache${sep}norc${sep}`);
const packageRoot = inside[1]
  ? (inside[0] ?? '')
  : fileURLToPath(new URL('../../', import.meta.url));
const cache = join(packageRoot, 'node_modules', '.cache', 'norc');

/** @type {Promise<string> | undefined} */
let bundle;

/**
 * Path of the file that stands for a source in the bundle, which is made where there is none yet.
 * @param {string} entry One of `entries`.
 * @returns {Promise<string>}
 */
export async function bundled(entry) {
  if (!entries.includes(entry)) throw new Error(`${entry} is no entry of the bundle`);
  bundle ??= inside[1] ? Promise.resolve(join(cache, inside[1].split(sep)[0] ?? '')) : made();
  return join(await bundle, entry.replace(/\.ts$/, '.mjs'));
}

async function made() {
  const folder = join(cache, keyOfSources());
  if (!existsSync(folder)) await make(folder);
  else utimesSync(folder, new Date(), new Date());
  return folder;
}

/** By names, sizes and times of change: reading a thousand files would cost more than it tells. */
function keyOfSources() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', ...rooms.flatMap(sourcesBelow)]) {
    const { size, mtimeMs } = statSync(join(packageRoot, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 20);
}

/**
 * @param {string} room
 * @returns {string[]}
 */
function sourcesBelow(room) {
  if (!existsSync(join(packageRoot, room))) return [];
  return readdirSync(join(packageRoot, room), { withFileTypes: true }).flatMap((entry) => {
    const path = `${room}/${entry.name}`;
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/**
 * Under another name first, so that nobody starts from half a bundle.
 * @param {string} folder
 */
async function make(folder) {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'draft-'));
  try {
    await build(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else was faster.
    if (!existsSync(folder)) throw error;
  }
  forget(folder);
}

const requireFromHere =
  "import { createRequire as requireFrom } from 'node:module';" +
  'const require = requireFrom(import.meta.url);';

/** @param {string} outdir */
async function build(outdir) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: entries.filter((entry) => existsSync(join(packageRoot, entry))),
    ...{ bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node20' },
    ...{ absWorkingDir: packageRoot, outbase: '.', outdir, outExtension: { '.js': '.mjs' } },
    // What is not used of a package is left out where it is made of modules: a run starts fifty subjects.
    mainFields: ['module', 'main'],
    // One of them expects it to be there before itself, in whichever file that comes to be.
    inject: [fileURLToPath(import.meta.resolve('reflect-metadata'))],
    // Packages written for CommonJS ask for Node's own modules by `require`.
    banner: { js: requireFromHere },
    external: ['esbuild', 'testcontainers', 'tsx'],
    ...{ sourcemap: 'linked', sourcesContent: false, logLevel: 'silent' },
    plugins: [{ name: 'places', setup: keepPlaces }],
  });
}

/**
 * Files that are read beside a source are found from its own place, not from the bundle's.
 * @param {import('esbuild').PluginBuild} build
 */
function keepPlaces(build) {
  build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    if (!text.includes('import.meta.url')) return null;
    const place = JSON.stringify(pathToFileURL(path).href);
    return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' };
  });
}

/** @param {string} current */
function forget(current) {
  const others = readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((folder) => folder !== current)
    .map((folder) => ({
      folder,
      usedMs: statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.usedMs - a.usedMs);
  for (const { folder, usedMs } of others.slice(KEPT)) {
    if (Date.now() - usedMs > KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}

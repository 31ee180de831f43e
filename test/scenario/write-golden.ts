/**
 * `npm run golden`: writes the hash of the trace of every scenario of the library.
 * `npm run golden -- NAME…`: of these only; the others keep theirs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { libraryNames, loadScenario } from '../../bin/sim/library.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { runScenario } from '../../sim/run.ts';

const file = new URL('../../sim/scenarios/golden.json', import.meta.url);
const primitives = await createNodePrimitives();
const asked = process.argv.slice(2);
const known = JSON.parse(readFileSync(file, 'utf8')) as { [name: string]: string };
const golden: { [name: string]: string } = {};
for (const name of libraryNames()) {
  const before = known[name];
  if (asked.length > 0 && !asked.includes(name) && before !== undefined) {
    golden[name] = before;
    continue;
  }
  const { status, trace } = runScenario(loadScenario(name), { primitives });
  golden[name] = trace.hash;
  console.log(`${name} ${status} ${trace.hash}`);
}
writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);

/** `npm run golden`: writes the hash of the trace of every scenario of the library. */
import { writeFileSync } from 'node:fs';
import { libraryNames, loadScenario } from '../../bin/sim/library.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { runScenario } from '../../sim/run.ts';

const primitives = await createNodePrimitives();
const golden: { [name: string]: string } = {};
for (const name of libraryNames()) {
  const { status, trace } = runScenario(loadScenario(name), { primitives });
  golden[name] = trace.hash;
  console.log(`${name} ${status} ${trace.hash}`);
}
const file = new URL('../../sim/scenarios/golden.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);

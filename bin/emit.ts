/**
 * `npm run emit`: writes everything that is generated from sources of ours and committed. `-- --check`
 * writes nothing, and exits 1 at the first file that is not what the sources give.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { emitSpec } from '../spec/emit.ts';

const scenarioSchemaFile = new URL('../sim/scenario/scenario.schema.json', import.meta.url);
const isCheck = process.argv.includes('--check');

await emitSpec(isCheck);
// Its sources import what the specification has emitted.
const { editorSchema } = await import('../sim/scenario/editor-schema.ts');
const text = `${JSON.stringify(editorSchema(), null, 2)}\n`;
const held = existsSync(scenarioSchemaFile) ? readFileSync(scenarioSchemaFile, 'utf8') : null;
if (!isCheck) writeFileSync(scenarioSchemaFile, text);
else if (held !== text) {
  process.stderr.write('sim/scenario/scenario.schema.json is not current; run: npm run emit\n');
  process.exitCode = 1;
}

// @ts-check
// `node bin/launch/run.js test/mutant/run.ts …`: the entry, with the rest as its own arguments.
import { launch } from './launch.js';

const [entry = ''] = process.argv.splice(2, 1);
await launch(entry);

// @ts-check
// The launcher of a worker: Node 20 starts a thread from JavaScript only.
import { launch } from '../../../bin/launch/launch.js';

await launch('sim/trustgraph/cli/worker.ts');

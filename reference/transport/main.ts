/**
 * Entry point of the subject process: `node --import tsx reference/transport/main.ts`, told by its
 * environment and standard input what to do (spec/choices.md, start contract). Exit codes: 0
 * stopped as asked, 1 failed, 2 configuration.
 */
import { runProcess } from './run-process.ts';

await runProcess();

/**
 * A subject that breaks a requirement: the reference with the guards switched off that its arguments
 * name, started by the contract of spec/choices.md.
 */
import { createInterface } from 'node:readline';
import { readCommand } from '../../../reference/transport/commands.ts';
import { serve } from '../../../reference/transport/serve.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { requirementRows } from '../../../spec/rows.ts';

const known = new Map<string, RequirementId>(requirementRows().map(({ id }) => [id, id]));
const off = new Set(
  process.argv.slice(2).map((name) => {
    const id = known.get(name);
    if (id) return id;
    throw new Error(`${name} is no requirement`);
  }),
);

const stopAsked = new Promise<void>((resolve) => {
  process.once('SIGTERM', resolve);
});
const server = await serve({
  environment: process.env,
  report: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
  log: () => {},
  onFailure: () => process.exit(1),
  off,
});
createInterface({ input: process.stdin }).on('line', (line) => {
  const reading = readCommand(line);
  if ('command' in reading) server.command(reading.command);
});
await stopAsked;
await server.stop();
process.exit();

/**
 * `npm run agreement`: are the verdicts of the sockets run those of the in-process run?
 *
 *   npx tsx reports/check-agreement.ts <sockets.json> <in-process.json>
 *
 * Exit code 0: they agree. 1: some case ends otherwise. 2: the results cannot be compared.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Agreement, agreementOf, incomparableBecause, type Side } from './agreement.ts';
import { plainText } from './characters.ts';
import { amount } from './counts.ts';
import type { Results } from './results.ts';
import { resultsFault } from './results-schema.ts';

export function agreementLines({ agreeing, excused, differences }: Agreement): readonly string[] {
  return [
    ...differences.flatMap(({ case: id, sockets, inProcess }) => [
      `differs  ${id}`,
      `           sockets     ${sideText(sockets)}`,
      `           in process  ${sideText(inProcess)}`,
    ]),
    `${amount(agreeing.length, 'case')} end alike on both grounds, ` +
      `${excused.length} wait longer than sockets do, ${differences.length} differ`,
  ];
}

function sideText({ verdict, reason }: Side): string {
  return reason === null ? verdict : `${verdict}: ${plainText(reason)}`;
}

function main([first, second]: readonly string[]): number {
  if (!first || !second) return complain('which two? check-agreement.ts <sockets> <in-process>');
  const [sockets, inProcess] = [read(first), read(second)];
  if (typeof sockets === 'string') return complain(sockets);
  if (typeof inProcess === 'string') return complain(inProcess);
  const because = incomparableBecause(sockets, inProcess);
  if (because) return complain(`${first} and ${second} cannot be compared: ${because}`);
  const agreement = agreementOf(sockets, inProcess);
  for (const line of agreementLines(agreement)) process.stdout.write(`${line}\n`);
  return agreement.differences.length === 0 ? 0 : 1;
}

/** The results, or what is wrong with the file. */
function read(path: string): Results | string {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const fault = resultsFault(content);
    return fault ? `${path} is no results file of norc test: ${fault}` : (content as Results);
  } catch (thrown) {
    return `${path}: ${(thrown as Error).message}`;
  }
}

function complain(what: string): number {
  process.stderr.write(`agreement: ${what}\n`);
  return 2;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}

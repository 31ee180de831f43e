/**
 * `npm run mutants`: does every case fail against the broken references that it should find out?
 * Exit 1 when fewer mutants or claims are found out than were reached before, or when a reason that
 * is given for a survivor is no longer true. The matrix of requirements and cases goes to
 * `reports/out/mutants.json` and `mutants.html`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allCases } from '../conformance/registry.ts';
import { everything, select } from '../conformance/select.ts';
import { openLaboratory } from './laboratory.ts';
import { renderMatrix } from './matrix-page.ts';
import { matrixOf, scoreOf, staleReasons } from './score.ts';
import { explainedSurvivors } from './survivors.ts';
import { tampers } from './tampers/all.ts';
import { healthOf, judgeClaims } from './threads.ts';
import { type ClaimResult, hunt } from './trials.ts';

/** What we want of the mutants and of the claims, and what must never be lost again. */
const goal = 0.95;
const reached = { mutants: 0.97, claims: 0.97 };

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const lab = await openLaboratory();
const cases = select(allCases, { ...everything, only: values.only }, lab.levelOf);
const { passed, guards } = await healthOf(lab, cases);
const results = await judgeClaims(lab, { passed, guards }, (result) => {
  if (values.verbose) console.error(lineOf(result));
});
const hunted: string[] = [];
if (values.only.length === 0) {
  const found = new Set(results.flatMap(({ foundOut }) => foundOut));
  for (const tamper of tampers.filter(({ name }) => !found.has(name))) {
    if (await hunt(lab, tamper, passed)) hunted.push(tamper.name);
  }
}
report();

function report(): void {
  const matrix = matrixOf(results);
  const score = scoreOf(results, values.only.length === 0 ? tampers : [], hunted);
  const stale = staleReasons(results, explainedSurvivors);
  const isWhole = values.only.length === 0;
  if (isWhole) {
    mkdirSync('reports/out', { recursive: true });
    writeFileSync('reports/out/mutants.json', JSON.stringify({ score, matrix }, null, 1));
    const page = renderMatrix(score, matrix, explainedSurvivors);
    writeFileSync('reports/out/mutants.html', page);
  }
  if (values.json) console.log(JSON.stringify({ score, matrix }, null, 1));
  else print(score, stale, isWhole);
  const isReached = score.mutants.share >= reached.mutants && score.claims.share >= reached.claims;
  process.exitCode = (isReached || !isWhole) && stale.length === 0 ? 0 : 1;
}

function print(
  { mutants, claims, notFoundOut }: ReturnType<typeof scoreOf>,
  stale: readonly string[],
  isWhole: boolean,
): void {
  console.log(`${cases.length} cases, ${passed.length} pass against the healthy reference`);
  for (const result of results) if (!result.provenBy) console.log(lineOf(result));
  const lost = isWhole ? notFoundOut : [];
  for (const name of lost) console.log(`  survives  the mutant ${name}`);
  for (const trial of stale) console.log(`  stale     a reason for ${trial}, which is no survivor`);
  const unexplained = results.filter((result) => !result.provenBy && !reasonFor(result));
  console.log(
    `${claims.of} claims, ${claims.found} borne out (${percent(claims.share)}), ` +
      `${unexplained.length} neither borne out nor explained`,
  );
  console.log(
    `${mutants.of} mutants, ${mutants.found} found out (${percent(mutants.share)}, ` +
      `goal ${percent(goal)})`,
  );
}

function reasonFor({ case: { id }, requirement }: ClaimResult): string | undefined {
  return explainedSurvivors[`${id} ${requirement}`];
}

function lineOf(result: ClaimResult): string {
  const { case: theCase, requirement, provenBy, ending } = result;
  const claim = `${theCase.id} of ${requirement}`;
  if (provenBy) return `  killed    ${claim}: ${provenBy}: ${ending}`;
  return `  survives  ${claim}: ${reasonFor(result) ?? `no reason given (${ending})`}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * `npm run mutants`: does every case fail against the broken references that it should find out?
 * A guard counts as found out when a case that claims it fails without it. Exit 1 when the share of
 * guards found out falls below what was reached before, or a tamper survives.
 */
import { parseArgs } from 'node:util';
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import { loadRequirements } from '../../spec/register.ts';
import { createAuthority } from '../conformance/authority.ts';
import { prepareInProcess } from '../conformance/grounds/in-process.ts';
import { allCases } from '../conformance/registry.ts';
import { everything, select } from '../conformance/select.ts';
import type { LevelOf } from '../conformance/verdict.ts';
import {
  healthyRun,
  type Laboratory,
  type TrialResult,
  trialsOf,
  tryMutant,
} from './guard-mutants.ts';
import { explainedSurvivors } from './survivors.ts';
import { type TamperResult, tampers, tryTamper } from './tampers.ts';

/** Of the guards that cases claim to verify: what we want, and what must never be lost again. */
const goal = 0.95;
const reached = 0.93;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const lab = await openLaboratory();
const cases = select(allCases, { ...everything, only: values.only }, lab.levelOf);
const healthy = await healthyRun(lab, cases);
const trials: TrialResult[] = [];
for (const trial of trialsOf(healthy.passed, healthy.guards)) {
  const result = await tryMutant(lab, trial);
  trials.push(result);
  if (values.verbose) console.error(lineOf(result));
}
const tampered: TamperResult[] = [];
if (values.only.length === 0) {
  for (const tamper of tampers) tampered.push(await tryTamper(lab, tamper, healthy.passed));
}
report();

async function openLaboratory(): Promise<Laboratory> {
  const levels = new Map(loadRequirements().map(({ id, level }) => [id, level]));
  const levelOf: LevelOf = (id) => levels.get(id) ?? 'MUST';
  const parts = await prepareInProcess(await createAuthority());
  const crypto = createCrypto(parts.primitives, createMust());
  return { parts, crypto, levelOf, at: '2.0', seed: 'mutants' };
}

function report(): void {
  const survivors = trials.filter((trial) => !trial.killed);
  const unexplained = survivors.filter((trial) => !reasonFor(trial));
  const surviving = tampered.filter((tamper) => !tamper.killedBy);
  const guards = new Set(trials.map(({ requirement }) => requirement));
  const found = new Set(trials.flatMap((trial) => (trial.killed ? [trial.requirement] : [])));
  const share = guards.size === 0 ? 0 : found.size / guards.size;
  if (values.json) {
    const rows = trials.map(({ case: { id }, ...rest }) => ({ case: id, ...rest }));
    console.log(JSON.stringify({ share, trials: rows, tampers: tampered }, null, 1));
  } else {
    console.log(
      `${cases.length} cases, ${healthy.passed.length} pass against the healthy reference`,
    );
    for (const trial of survivors) console.log(lineOf(trial));
    for (const { name, title } of surviving) console.log(`  survives  tamper ${name}: ${title}`);
    const unfound = [...guards].filter((id) => !found.has(id));
    console.log(
      `${trials.length} trials, ${trials.length - survivors.length} killed; ` +
        `${unexplained.length} survivors without a reason`,
    );
    console.log(
      `${found.size} of ${guards.size} guards found out by a case, ${(share * 100).toFixed(1)} % ` +
        `(goal ${goal * 100} %); not: ${unfound.join(' ') || 'none'}`,
    );
    console.log(`${tampered.length - surviving.length} of ${tampered.length} tampers killed`);
  }
  process.exitCode = share >= reached && surviving.length === 0 ? 0 : 1;
}

function reasonFor(trial: TrialResult): string | undefined {
  return explainedSurvivors[`${trial.case.id} ${trial.requirement}`];
}

function lineOf(trial: TrialResult): string {
  const how = trial.killed ? 'killed  ' : 'survives';
  const why = trial.killed ? trial.ending : (reasonFor(trial) ?? 'no reason given');
  return `  ${how}  ${trial.case.id} without ${trial.requirement}: ${why}`;
}

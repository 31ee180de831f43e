/**
 * JUnit XML, for the machines that gate on it: a suite for each layer, a test for each case. It
 * agrees with the exit code (architecture §5): `warn` passes and says so, `untestable` and
 * `not-applicable` are skipped with their reason, a known failure of the baseline is skipped, a
 * stale entry fails.
 */
import { plainText } from './characters.ts';
import { escapeText } from './html/markup.ts';
import type { CaseResult, RequirementResult, Results } from './results.ts';

/** How a case ends in the words of JUnit; `null` where it passes. */
interface Outcome {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly message: string;
}

interface Context {
  readonly requirements: ReadonlyMap<string, RequirementResult>;
  readonly known: ReadonlySet<string>;
  readonly stale: ReadonlySet<string>;
}

export function renderJunit(results: Results): string {
  const context: Context = {
    requirements: new Map(results.requirements.map((row) => [row.id, row])),
    known: new Set(results.baseline?.known ?? []),
    stale: new Set(results.baseline?.stale ?? []),
  };
  const suites = [...byLayer(results.cases)].map(([layer, cases]) =>
    suite(layer, cases, results, context),
  );
  const head = { name: `NORC conformance: ${results.run.subject.name}` };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ ...head, ...totals(results.cases, context) })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function byLayer(cases: readonly CaseResult[]): ReadonlyMap<string, readonly CaseResult[]> {
  const suites = new Map<string, CaseResult[]>();
  for (const result of cases) {
    const layer = result.id.split('/')[0] ?? '';
    suites.set(layer, [...(suites.get(layer) ?? []), result]);
  }
  return suites;
}

function suite(
  layer: string,
  cases: readonly CaseResult[],
  { run }: Results,
  context: Context,
): string {
  const head = {
    name: layer,
    ...totals(cases, context),
    timestamp: run.startedAt.replace(/(?:\.\d+)?Z$/, ''),
    hostname: run.subject.serverId,
  };
  const facts = { at: run.at, ground: run.ground, seed: run.seed, suite: run.suiteVersion };
  return [
    `  <testsuite${attributes(head)}>`,
    '    <properties>',
    ...Object.entries(facts).map(
      ([name, value]) => `      <property${attributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.map((result) => testcase(result, context)),
    '  </testsuite>',
  ].join('\n');
}

function totals(cases: readonly CaseResult[], context: Context): { [name: string]: string } {
  const ends = cases.map((result) => outcomeOf(result, context)?.element);
  const count = (element: Outcome['element']) => String(ends.filter((e) => e === element).length);
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

function testcase(result: CaseResult, context: Context): string {
  const path = result.id.split('/');
  const head = {
    name: path.at(-1) ?? result.id,
    classname: path.slice(0, -1).join('.'),
    time: seconds(result.durationMs),
  };
  const outcome = outcomeOf(result, context);
  const told = outcome !== null && outcome.element !== 'skipped';
  return [
    `    <testcase${attributes(head)}>`,
    ...(outcome ? [ending(result, outcome, context)] : []),
    ...(told ? [] : [`      <system-out>${escapeText(account(result, context))}</system-out>`]),
    '    </testcase>',
  ].join('\n');
}

function outcomeOf({ id, verdict, reason }: CaseResult, context: Context): Outcome | null {
  const message = reason ?? verdict;
  if (context.stale.has(id)) {
    return { element: 'failure', message: 'passes, but the baseline lists it as known to fail' };
  }
  if (context.known.has(id) && (verdict === 'fail' || verdict === 'error')) {
    return { element: 'skipped', message: `known failure: ${message}` };
  }
  switch (verdict) {
    case 'fail':
      return { element: 'failure', message };
    case 'error':
      return { element: 'error', message };
    case 'untestable':
    case 'not-applicable':
      return { element: 'skipped', message: `${verdict}: ${message}` };
    case 'pass':
    case 'warn':
      return null;
  }
}

function ending(result: CaseResult, { element, message }: Outcome, context: Context): string {
  if (element === 'skipped') return `      <skipped${attributes({ message })}/>`;
  const broken = result.checks.filter((check) => !check.holds).map((check) => check.requirement);
  const type = broken[0] ?? result.verdict;
  const body = escapeText(account(result, context));
  return `      <${element}${attributes({ message, type })}>${body}</${element}>`;
}

/** Everything that a reader of a CI log wants to know without opening the report. */
function account(result: CaseResult, { requirements }: Context): string {
  const rules = result.verifies.map((id) => {
    const row = requirements.get(id);
    return row ? `${id} (${row.level}${row.assigned ? '*' : ''}): ${row.statement}` : id;
  });
  const broken = result.checks.filter((check) => !check.holds);
  return [
    `${result.verdict}: ${result.title}`,
    ...(result.reason === null ? [] : [`because: ${result.reason}`]),
    ...broken.flatMap((check) => [
      `${check.requirement}: ${check.what}`,
      `  expected: ${check.expected}`,
      `  got:      ${check.got}`,
    ]),
    ...rules.map((rule) => `verifies: ${rule}`),
    ...result.readings.map((id) => `hangs on the reading: ${id}`),
    `rerun: ${result.rerun}`,
  ]
    .map(plainText)
    .join('\n');
}

const seconds = (durationMs: number): string => (durationMs / 1000).toFixed(3);

/** What XML 1.0 cannot hold is named by `plainText`; the line ends in a body are ours. */
function attributes(values: { readonly [name: string]: string }): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeText(plainText(value))}"`)
    .join('');
}

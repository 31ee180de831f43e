/** An assessment as lines of a terminal. */
import type {
  Assessment,
  FactorLine,
  Gate,
  LevelLine,
  Raise,
} from '../../reference/trust/evidence/assessment.ts';
import type { Terminal } from '../terminal.ts';

type Paint = Pick<Terminal, 'paint'>;

export function assessmentLines(
  subject: string,
  { scoreTenths, factors, levels, reached, raise }: Assessment,
  terminal: Paint,
): readonly string[] {
  const bold = (text: string) => terminal.paint('bold', text);
  return [
    `${bold(subject)}  reaches ${bold(reached)} with a score of ${bold(tenths(scoreTenths))}`,
    '',
    `  ${'factor'.padEnd(25)}value  weight  contribution`,
    ...factors.map(factorLine),
    `  ${'sum, rounded down'.padEnd(41)}${tenths(scoreTenths).padStart(11)}`,
    '',
    ...levels.flatMap((line) => [...levelLines(line, terminal), '']),
    ...raiseLines(raise),
    'Above basic, and where policy says so, an operator decides besides (T-CAP-07).',
  ];
}

function factorLine({ factor, thousandths, weight, contributionTenths }: FactorLine): string {
  const value = (thousandths / 1000).toFixed(3);
  const contribution = (contributionTenths / 10).toFixed(2);
  return `  ${factor.padEnd(25)}${value}  ${String(weight).padStart(5)}%  ${contribution.padStart(11)}`;
}

function levelLines(line: LevelLine, terminal: Paint): readonly string[] {
  const { level, thresholdTenths, enoughScore, gates, reached } = line;
  const name = terminal.paint('bold', level.padEnd(12));
  return [
    `  ${mark(reached, terminal)} ${name}${reached ? 'reached' : 'not reached'}`,
    `      ${mark(enoughScore, terminal)} score of ${tenths(thresholdTenths)} or more`,
    ...gates.map((gate) => `      ${gateLine(gate, terminal)}`),
  ];
}

function gateLine({ gate, requirement, passed, reason }: Gate, terminal: Paint): string {
  const id = terminal.paint('dim', requirement.padEnd(9));
  return `${mark(passed, terminal)} ${gate.padEnd(17)}${id} ${reason}`;
}

function raiseLines(raise: Raise | null): readonly string[] {
  if (raise === null) return ['Nothing is above.', ''];
  const { level, gates, missingTenths, sets } = raise;
  const found = [
    ...gates.map(({ gate, reason }) => `  - ${gate}: ${reason}`),
    ...(missingTenths > 0 ? [`  - ${tenths(missingTenths)} more of score:`] : []),
    ...sets.map(
      ({ factors, scoreTenths }) =>
        `      ${factors.join(' and ')} at full value would give ${tenths(scoreTenths)}`,
    ),
  ];
  return [`To reach ${level}:`, ...found, ''];
}

const mark = (passed: boolean, terminal: Paint): string =>
  passed ? terminal.paint('green', '✓') : terminal.paint('red', '✗');

const tenths = (value: number): string => (value / 10).toFixed(1);

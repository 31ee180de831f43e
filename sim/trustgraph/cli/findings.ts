/**
 * `npm run findings`: asks the published graphs what the laboratory was built to ask, through the same
 * command line that everybody has, and writes FINDINGS.md and its figures.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grouped, type Table } from '../answer.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = [process.env.NORC_GRAPHS, resolve(root, '../shared/data/graphs')].find(
  (each) => each !== undefined && existsSync(each),
);
if (folder === undefined) {
  console.error('no graphs: set NORC_GRAPHS to the folder that holds them');
  process.exit(2);
}

const graphs = [
  { name: 'Advogato', file: 'out.advogato', options: [] },
  { name: 'Bitcoin Alpha', file: 'soc-sign-bitcoinalpha.csv', options: ['--scale', '10'] },
  { name: 'wiki-Vote', file: 'wiki-Vote.txt', options: ['--default-weight', '0.9'] },
] as const;

interface Question {
  readonly title: string;
  readonly says: string;
  readonly command: readonly string[];
  readonly table: string;
  readonly plots?: readonly string[];
}

const questions: readonly Question[] = [
  {
    title: 'The revocation paradox',
    says:
      'Under the literal rule the fewest hops decide first, so a short poor path hides a longer good ' +
      'one, and revoking a server can raise a pair. The ten servers of highest degree, each alone:',
    command: ['revoke', '--top', '10', '--sources', '1000'],
    table: 'revoke',
  },
  {
    title: 'Which reading matters',
    says: 'What each other reading of the documents changes, at 4 hops, from a sample of 500 servers:',
    command: ['ambiguity', '--hops', '4', '--sources', '500'],
    table: 'ambiguity',
  },
  {
    title: 'Robustness',
    says: 'Share of ordered pairs that is left when servers are removed:',
    command: ['percolate', '--by', 'random,degree', '--trials', '3', '--percents', '1,5,10'],
    table: 'percolate',
    plots: ['percolate-verified'],
  },
  {
    title: 'Sybil exposure',
    says: 'Sybils, of 100, that the mean honest server takes for verified:',
    command: ['attack', 'sybil', '--trials', '5', '--edges', '1,5,20,50'],
    table: 'sybil',
    plots: ['sybil'],
  },
  {
    title: 'Beside other metrics',
    says:
      'How alike the rule and other metrics of trust rank the servers that the rule reaches, and accept ' +
      'them, from a sample of 10 servers:',
    command: ['compare', '--sources', '10'],
    table: 'compare',
  },
];

interface Answered {
  readonly tables: readonly Table[];
  readonly lines: readonly string[];
  readonly provenance: {
    readonly sha256: string;
    readonly by: string;
    readonly nodes: number;
    readonly edges: number;
  };
}

const work = mkdtempSync(join(tmpdir(), 'findings-'));
const figures = join(root, 'sim/trustgraph/figures');
mkdirSync(figures, { recursive: true });

function ask(command: readonly string[]): Answered {
  const run = spawnSync(
    process.execPath,
    [join(root, 'bin/norc.js'), 'trust', ...command, '--json'],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  // 1 says that an invariant does not hold: a finding.
  if (run.status !== 0 && run.status !== 1) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Answered;
}

const asked = ({ command }: Question, path: string, options: readonly string[]) => {
  const at = command[0] === 'attack' ? 2 : 1;
  return [...command.slice(0, at), path, ...command.slice(at), ...options];
};

function markdown({ columns, rows }: Table): readonly string[] {
  const cell = (value: string | number | null, kind: string) => {
    if (typeof value !== 'number') return value ?? '–';
    return kind === 'count' ? grouped(value) : String(Number(value.toPrecision(4)));
  };
  return [
    `| ${columns.map(({ name }) => name.replaceAll('_', ' ')).join(' | ')} |`,
    `| ${columns.map(({ kind }) => (kind === 'text' ? '---' : '---:')).join(' | ')} |`,
    ...rows.map(
      (row) => `| ${row.map((value, at) => cell(value, columns[at]?.kind ?? '')).join(' | ')} |`,
    ),
  ];
}

function section(question: Question): readonly string[] {
  const parts = graphs.flatMap(({ name, file, options }) => {
    const path = join(folder ?? '', file);
    if (!existsSync(path)) return [`### ${name}`, '', 'Not at hand.', ''];
    const out = join(work, `${question.table}-${file}`);
    const command = asked(question, path, options);
    console.error(`${name}: ${question.title}`);
    const { tables, lines } = ask([...command, '--out', out]);
    const shown = tables.filter((table) => table.name === question.table);
    const pictures = (question.plots ?? []).map((plot) => {
      const target = `${plot}-${file.replace(/\W+/g, '-')}.svg`;
      copyFileSync(join(out, `${plot}.svg`), join(figures, target));
      return `![${question.title}, ${name}](figures/${target})`;
    });
    const rerun = `\`norc trust ${asked(question, file, options).join(' ')}\``;
    return [
      `### ${name}`,
      '',
      rerun,
      '',
      ...lines,
      '',
      ...shown.flatMap(markdown),
      '',
      ...pictures,
      '',
    ];
  });
  return [`## ${question.title}`, '', question.says, '', ...parts];
}

function counterexample(): readonly string[] {
  const path = join(work, 'generated.csv');
  const gen = ['gen', 'barabasi-albert', '--nodes', '200', '--degree', '3', '--output', path];
  spawnSync(process.execPath, [join(root, 'bin/norc.js'), 'trust', ...gen]);
  const { lines, tables } = ask(['check', path]);
  const example = tables.find(({ name }) => name === 'counterexample');
  return [
    '## The smallest counterexample',
    '',
    'Found unaided by `norc trust check` on a generated graph (`norc trust gen barabasi-albert --nodes 200 --degree 3`):',
    '',
    ...lines.map((line) => line.trim()).flatMap((line) => [line, '']),
    ...(example ? markdown(example) : []),
    '',
  ];
}

const text = [
  '# Findings',
  '',
  'Generated by `npm run findings` from the published graphs Advogato, Bitcoin Alpha and wiki-Vote; nothing',
  'here is written by hand. wiki-Vote has no weights: every vote counts as 0.9. Samples and trials are',
  'drawn with seed 1; the commands ask for more when they are given more.',
  '',
  ...counterexample(),
  ...questions.flatMap(section),
].join('\n');
writeFileSync(join(root, 'sim/trustgraph/FINDINGS.md'), `${text.trimEnd()}\n`);
rmSync(work, { recursive: true, force: true });

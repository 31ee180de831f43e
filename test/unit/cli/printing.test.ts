/** What a person sees of a run, on a terminal and elsewhere. */
import { afterAll, describe, expect, test } from 'vitest';
import { exchangeLines } from '../../../bin/test-run/exchange-lines.ts';
import type { ExchangeEntry } from '../../../reports/results.ts';
import { aCase, keep, must } from '../conformance/fake-ground.ts';
import { type Conducted, conducted, createOut } from './test-run.ts';

const out = createOut();
afterAll(out.remove);

const entry: ExchangeEntry = {
  ...{ atMicros: 20_000, from: 'device 1', to: 'subject', channel: 'device 1' },
  ...{ type: 'auth_challenge', text: null, sizeBytes: 25, invalidBecause: null },
};

const long = 'a-case-with-a-name-that-is-much-longer-than-any-terminal-has-columns-to-show-it';
const cases = [
  aCase('wire/frames/kept'),
  aCase(`client/conversations-of-many/${long}`),
  aCase('trust/challenge/broken', {
    readings: ['L-V01'],
    async run(stage) {
      stage.takes('L-V01', 'a');
      const got = { text: `${'x'.repeat(300)}\u202e` };
      stage.check(must, false, { expected: 'nothing', got, what: 'It says \u001b[2Jnothing' });
    },
  }),
];

/** One run for all that look at plain output. */
let plainly: Promise<Conducted> | undefined;
function plain(): Promise<Conducted> {
  plainly ??= conducted(cases, out.directory);
  return plainly;
}

describe('on a terminal', () => {
  test.each([40, 80, 132])('of %i columns no line is wrapped by it', async (columns) => {
    const { text, progressed } = await conducted(cases, out.directory, { columns });
    const lines = text.split('\n').filter((line) => !/^ {6}rerun|^ {2}(report|next)/.test(line));
    // A table of six verdicts and a command to copy need the room that they need.
    const fitted = lines.filter((line) => !/^ {2}(cases|wire|client|trust|all) /.test(line));
    for (const line of fitted) expect(line.length, line).toBeLessThanOrEqual(columns);
    for (const line of progressed) expect(line.length, line).toBeLessThan(columns);
  });

  test('durations stand below each other, and long names keep their ends', async () => {
    const { text } = await conducted(cases, out.directory, { columns: 80 });
    const heads = text.split('\n').filter((line) => /^ {2}[✓✗] .* m?s$/.test(line));
    expect(heads).toHaveLength(3);
    expect(new Set(heads.map((line) => line.length))).toEqual(new Set([80]));
    expect(heads[0]).toMatch(/ wire\/frames\/kept +\d+ ms$/);
    expect(heads[1]).toMatch(/ client\/…\/a-case-with-a-name-that-is-.*… +\d+ ms$/);
  });

  test('the progress says how far the run is, what has failed and what runs', async () => {
    const { progressed } = await conducted(cases, out.directory, { columns: 100 });
    expect(progressed.join('\n')).toMatch(/ 1\/3 {2}0 s {2}client\/…\/a-case-with/);
    expect(progressed.join('\n')).toMatch(/ 3\/3 {2}1 failed /);
    expect(progressed.at(-1)).toBe('');
  });
});

describe('elsewhere', () => {
  test('nothing is cut or wrapped', async () => {
    const { text } = await plain();
    expect(text).toContain(`✓ client/conversations-of-many/${long} `);
    const statement = text.split('\n').find((line) => line.includes(`rule      ${must}`));
    expect(statement?.length).toBeGreaterThan(80);
  });
});

describe('what fails', () => {
  test('is explained: rule, expected, got, readings, how to run it again', async () => {
    const { text } = await plain();
    expect(text).toMatch(/because +It says/);
    expect(text).toMatch(new RegExp(`rule +${must} \\(MUST\\*\\) .+ commits to`));
    expect(text).toMatch(/expected +"nothing"/);
    expect(text).toMatch(/got +\{"text":"xxx/);
    expect(text).toMatch(/rerun +npx norc test --seed unit --only trust\/challenge\/broken/);
  });

  test('names the reading, and what the other one accepts', async () => {
    const { text } = await plain();
    expect(text).toContain('L-V01: The numeric maximum of the intersection.');
    expect(text).toMatch(/the other reading accepts: the first entry.*\(--reading L-V01=a\)/);
  });

  test('under another reading names that one, and ours', async () => {
    const circumstances = { flags: { reading: ['L-V01=a'] } };
    const { text } = await conducted(cases, out.directory, circumstances);
    expect(text).toContain("L-V01 by option a: the first entry of the client's list");
    expect(text).toContain('ours: The numeric maximum');
    expect(text).toContain('--reading L-V01=a --seed unit');
    expect(text).not.toContain('changed no verdict');
  });

  test('draws nothing on the terminal, whatever it says', async () => {
    const { text } = await conducted(cases, out.directory, { columns: 80 });
    expect(text).toContain('It says {ESC}[2Jnothing');
    for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
  });

  const exchange: readonly ExchangeEntry[] = [
    { ...entry, atMicros: 1500, type: '(upgrade)', text: null, sizeBytes: 0 },
    { ...entry, text: '{"type":"auth_challenge"}', from: 'subject', to: 'device 1' },
    { ...entry, text: `"${'y'.repeat(2000)}"`, invalidBecause: '/type is missing' },
  ];

  test('comes with its exchange when asked, in both directions', () => {
    expect(exchangeLines(exchange, Number.POSITIVE_INFINITY).slice(0, 5)).toEqual([
      '   2 ms  device 1 → (upgrade)',
      '  20 ms  device 1 ← auth_challenge  25 bytes',
      '         {"type":"auth_challenge"}',
      '  20 ms  device 1 → auth_challenge  25 bytes',
      '         invalid: /type is missing',
    ]);
  });

  test('has its exchange cut to what fits, three lines of a message', () => {
    const lines = exchangeLines(exchange, 60);
    expect(lines.filter((line) => line.includes('yyy'))).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe('the end', () => {
  test('counts layers, requirements and what is broken', async () => {
    const { text } = await plain();
    expect(text).toMatch(/\n {2}trust +· +1 +· +· +· +·\n/);
    expect(text).toMatch(/\n {2}all +2 +1 /);
    expect(text).toMatch(/1 of \d+ requirements judged: 0 kept, 1 broken/);
    expect(text).toContain(`\n  ✗ ${must}\n`);
  });

  test.each([
    ['a failure', cases, `npx norc explain ${must}`],
    [
      'an error',
      [aCase('wire/errs', { run: async () => undefined })],
      '--only wire/errs --verbose',
    ],
    ['success', [aCase('wire/kept')], 'npx norc test --command'],
  ])('tells the next useful command after %s', async (_, played, command) => {
    const { text } = await conducted(played, out.directory);
    expect(text.split('\n').at(-1)).toContain(command);
    expect(text).toMatch(/report +\/.*\/report\.html {2}\d+ m?s\n/);
  });

  test('says of a reading that no case asks for that it changed nothing', async () => {
    const circumstances = { flags: { reading: ['L-H05=c', 'L-V01=a'] } };
    const { text } = await conducted(cases, out.directory, circumstances);
    expect(text).toContain('--reading L-H05=c: no case of this run asks for it');
    expect(text).not.toContain('L-V01=a: no case');
  });

  test('says that nothing was judged where it was not', async () => {
    const unplayed = aCase('wire/unplayed', {
      needs: { restart: true },
      run: async (stage) => keep(stage, must),
    });
    const { text } = await conducted([unplayed], out.directory);
    expect(text).toContain('Nothing was judged');
  });
});

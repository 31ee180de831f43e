/** `norc trust`: the level table, and evidence that somebody has written down. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assessmentLines } from '../../../bin/trust/assessment-lines.ts';
import { readEvidenceFile } from '../../../bin/trust/evidence-file.ts';
import { levelLines, levelTable } from '../../../bin/trust/level-table.ts';
import { UsageError } from '../../../bin/usage-error.ts';
import { assess } from '../../../reference/trust/evidence/assessment.ts';
import { norc } from './norc.ts';
import { recordingTerminal } from './recording-terminal.ts';

const examples = 'reference/trust/evidence/examples';
const directory = mkdtempSync(join(tmpdir(), 'norc-evidence-'));

function file(text: string, name = 'evidence.yaml'): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function faults(text: string): string[] {
  const path = file(text);
  try {
    readEvidenceFile(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n').map((line) => line.replace(path, 'evidence.yaml'));
  }
  return [];
}

const head = 'subject: x\nat: 2026-11-29\nmethod: direct_exchange\n';

describe('norc trust assess', () => {
  test.each([
    ['newcomer.yaml', 'basic', 450],
    ['company.yaml', 'verified', 800],
    ['ministry.yaml', 'classified', 900],
    ['ally.json', 'nato', 1000],
  ])('says of the example %s that it reaches %s', (name, reached, score) => {
    const { dossier } = readEvidenceFile(`${examples}/${name}`);
    expect(assess(dossier)).toMatchObject({ reached, scoreTenths: score });
  });

  test('shows factors, gates with their reasons, and what would raise it', () => {
    const { subject, dossier } = readEvidenceFile(`${examples}/newcomer.yaml`);
    const text = assessmentLines(subject, assess(dossier), recordingTerminal(80)).join('\n');
    expect(text).toMatch(/^newcomer\.example {2}reaches basic with a score of 45\.0\n/);
    expect(text).toMatch(/certificate_quality +0\.500 +30% +15\.00/);
    expect(text).toMatch(/✗ ocsp +T-RESP-05 missing/);
    expect(text).toMatch(/To reach verified:\n {2}- method: direct_exchange reaches basic/);
    expect(text).toMatch(/organization_reputation and compliance_status at full value would give/);
  });

  test('prints one JSON document where that is asked for', async () => {
    const { code, stdout } = await norc(['trust', 'assess', '--json', `${examples}/ally.json`]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ subject: 'ally.example', reached: 'nato' });
  });

  test('ends with 2 and a line for a file that is not there', async () => {
    const { code, stderr } = await norc(['trust', 'assess', 'nowhere.yaml']);
    expect([code, stderr]).toEqual([2, 'norc: nowhere.yaml: cannot be read (ENOENT)\n']);
  });

  test.each([
    [`${head}speed: 3\n`, ['evidence.yaml:4:1: unknown member speed in the file']],
    [`${head}ocsp: bad\n`, ['evidence.yaml:4:7: ocsp must be one of good, missing']],
    [
      `${head}chain:\n  authority: friend\n  keys: []\n  expires: soon\n`,
      [
        'evidence.yaml:5:14: chain.authority must be one of self_signed, commercial_ca, government_ca, nato_ca',
        'evidence.yaml:6:9: chain.keys must NOT have fewer than 1 items',
        'evidence.yaml:7:12: chain.expires must be a date such as 2026-11-29 or 2026-11-29T12:00:00Z',
      ],
    ],
    [
      `${head}trusted_since: 2026-13-45\n`,
      ['evidence.yaml:4:16: 2026-13-45 is no date of the calendar'],
    ],
    [
      'subject: x\n',
      [
        expect.stringMatching(/^evidence\.yaml:1:1: the file must have .*'at'/),
        expect.stringContaining("'method'"),
      ],
    ],
    ['a: [\n', [expect.stringMatching(/^evidence\.yaml:2:1: /)]],
    ['', [expect.stringMatching(/^evidence\.yaml:1:1: the file must be object/)]],
    ['a: &a [1]\nb: *a\n', ['evidence.yaml:1:1: aliases (*name) are not taken here']],
  ])('says of %j what is wrong, and where', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

describe('norc trust levels', () => {
  test('lists every level with methods, authorities and permissions', () => {
    const table = levelTable();
    expect(table.map(({ level }) => level)).toEqual(['basic', 'verified', 'classified', 'nato']);
    expect(table.at(-1)?.methods).toEqual(['government_pki with nato_ca']);
    expect(levelLines(table).join('\n')).toMatch(/verified {2}\(score 70 or more\)/);
  });
});

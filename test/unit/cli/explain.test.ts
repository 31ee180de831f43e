/** `norc explain` shows all that is known of a name, in the width of a terminal. */
import { describe, expect, test } from 'vitest';
import { printExplanation } from '../../../bin/explain/print-explanation.ts';
import { UsageError } from '../../../bin/usage-error.ts';
import { recordingTerminal } from './recording-terminal.ts';

async function explained(name: string, columns = Number.POSITIVE_INFINITY): Promise<string> {
  const terminal = recordingTerminal(columns);
  await printExplanation(name, 'text', terminal);
  return terminal.text();
}

const kinds = ['T-CHAL-05', 'L-V01', '5804', 'trust_request', 'federation-link'];

describe('explained is', () => {
  test('a requirement with statement, level, source, readings, cases and where it is enforced', async () => {
    const text = await explained('T-CHAL-05');
    expect(text).toMatch(/^T-CHAL-05 {2}requirement\n\nStatement\n {2}expected_value commits/);
    expect(text).toMatch(/\nLevel\n {2}MUST \(the level is ours/);
    expect(text).toMatch(/\nReadings it hangs on\n {2}L-T04/);
    expect(text).toMatch(/\nEnforced in the reference at\n {2}reference\/trust\//);
    expect(text).toMatch(/\nVerified by\n {2}\w+\//);
  });

  test('a ledger entry, however it is spelled, with the option taken and the testable one', async () => {
    const text = await explained('l-v01');
    expect(text).toMatch(/^L-V01 Which exact version wins {2}ledger entry\n/);
    expect(text).toMatch(/ {2}a: the first entry[\s\S]*\(testable: --reading L-V01=a\)\n/);
    expect(text).toMatch(/ {2}b: the numeric maximum[\s\S]*\(taken\)\n/);
  });

  test('an error code', async () => {
    expect(await explained('5804')).toMatch(/^5804 .+ {2}error code, trust\n\nMeaning\n/);
  });

  test('a message with its members', async () => {
    const text = await explained('trust_request');
    expect(text).toMatch(/^trust_request {2}message .+ NORC trust layer\n/);
    expect(text).toMatch(/\nMembers\n[\s\S]* {2}request_id: /);
  });

  test('a state machine with its transitions', async () => {
    const text = await explained('federation-link');
    expect(text).toMatch(/^federation-link {2}state machine\n[\s\S]*\nTransitions\n {2}1: /);
  });
});

test.each(kinds)('%s fits the columns of a terminal, and 100 where there is none', async (name) => {
  for (const columns of [50, 80, Number.POSITIVE_INFINITY]) {
    const lines = (await explained(name, columns)).split('\n');
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(Math.min(columns, 100));
  }
});

test.each(kinds)('%s is one JSON document where that is asked for', async (name) => {
  const terminal = recordingTerminal(80);
  await printExplanation(name, 'json', terminal);
  expect(JSON.parse(terminal.text())).toMatchObject({ title: expect.stringContaining(name) });
});

test.each([
  ['T-CHAL-5', 'T-CHAL-05'],
  ['trust_requst', 'trust_request'],
  ['federation_link', 'federation-link'],
])('%s is not known, and %s is offered', async (name, near) => {
  const failure = await explained(name).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect(String(failure)).toContain('did you mean');
  expect(String(failure)).toContain(near);
});

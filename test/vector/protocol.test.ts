import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { checkVectors } from '../adapters/check.ts';
import { isAlive } from '../unit/cli/norc.ts';
import { asked, faultOf, startFake } from './fake.ts';

const question = {
  category: 'canonical-json',
  input: { output: { a: 1 } },
  label: 'canonical-json/some-vector',
};

async function faultAfterHello(mode: string, answerMs?: number) {
  const adapter = await startFake(mode, answerMs);
  try {
    return await faultOf(() => adapter.ask(question));
  } finally {
    await adapter.close();
  }
}

describe('an adapter that keeps to the protocol', () => {
  test('says who it is', async () => {
    const adapter = await startFake('echo');
    expect(adapter.identity).toEqual({ name: 'fake', version: '1', language: 'JavaScript' });
    await adapter.close();
  });

  test('may answer in any order', async () => {
    const adapter = await startFake('reversed');
    const numbers = [1, 2, 3, 4, 5, 6];
    const answers = await Promise.all(
      numbers.map((n) => adapter.ask({ ...question, input: { output: n } })),
    );
    expect(answers).toEqual(numbers.map((output) => ({ kind: 'output', output })));
    await adapter.close();
  });

  test('is not kept waiting by what it writes to standard error, of which the end is kept', async () => {
    const adapter = await startFake('chatter');
    await adapter.ask(question);
    expect(adapter.output()).toMatch(/^gossip/);
    expect(adapter.output().length).toBeLessThan(10_000);
    await adapter.close();
  });

  test('leaves nothing running behind', async () => {
    const adapter = await startFake('leaves');
    const answer = await adapter.ask(question);
    const { pid } = answer.kind === 'output' ? (answer.output as { pid: number }) : { pid: 0 };
    expect(isAlive(pid)).toBe(true);
    await adapter.close();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('an adapter that breaks the protocol is told with', () => {
  test('its line, in which nothing moves the cursor', async () => {
    const fault = await faultAfterHello('nonsense');
    expect(fault.message).toBe(
      'the adapter wrote a line that keeps to no form (it is not JSON): no {ESC}[2J JSON; ' +
        'it was asked canonical-json/some-vector',
    );
  });

  test('the beginning of a long line', async () => {
    const { message } = await faultAfterHello('long-line');
    expect(message).toContain(`${'x'.repeat(200)}… (4800 characters more)`);
  });

  test('a line without end, of which it keeps no more than the bound', async () => {
    const { message } = await faultAfterHello('endless');
    expect(message).toContain('wrote a line without end: xxx');
  });

  test('a line that it left half written', async () => {
    expect((await faultAfterHello('half')).message).toContain('in the middle of a line: {"id":');
  });

  test('what an answer says twice, or does not say', async () => {
    const both = await faultAfterHello('two-answers');
    expect(both.message).toContain('exactly one of output, rejected, unsupported; it says output');
    const none = await faultAfterHello('no-answer');
    expect(none.message).toContain('it says none');
  });

  test('an answer to a question that is not asked', async () => {
    expect((await faultAfterHello('wrong-id')).message).toContain('answered 1002, which is not');
  });

  test('a second answer, which is as wrong as one to nothing', async () => {
    const adapter = await startFake('twice');
    await adapter.ask(question);
    const fault = await faultOf(async () => {
      for (;;) await adapter.ask(question);
    });
    expect(fault.message).toContain('which is not asked or has its answer');
    await adapter.close();
  });

  test('an answer to hello at the wrong place', async () => {
    expect((await faultAfterHello('hello-again')).message).toContain('as if it had been hello');
  });

  test('its silence, and what it was asked', async () => {
    const { message } = await faultAfterHello('hang', 20);
    expect(message).toBe(
      'the adapter gave no answer for 0.02 s (does it flush each line?); it was asked canonical-json/some-vector',
    );
  });

  test('its silence at the start', async () => {
    const { message } = await faultOf(() => startFake('mute', undefined, 20));
    expect(message).toContain(
      'gave no answer for 0.02 s (does it flush each line?); it was asked hello',
    );
  });

  test('its death, what it was asked, and its last words', async () => {
    const adapter = await startFake('crash');
    const all = ['V-1', 'V-2', 'V-3'].map((label) =>
      faultOf(() => adapter.ask({ ...question, label })),
    );
    const [first, second] = await Promise.all(all);
    expect(first?.message).toBe(
      'the adapter ended by itself with code 7; it was asked V-1 and 2 after it',
    );
    expect(second).toBe(first);
    expect(first?.output).toContain('panic: ');
    // Whoever asks afterwards hears of the same death.
    expect(await faultOf(() => adapter.ask(question))).toBe(first);
    await adapter.close();
  });

  test('why it did not start', async () => {
    const fault = await faultOf(() => startFake('no-start'));
    expect(fault.message).toBe('the adapter ended by itself with code 3; it was asked hello');
    expect(fault.output).toBe('cannot find my library');
  });
});

const never = new AbortController().signal;

describe('checking vectors', () => {
  test('begins with a category that nobody has, and believes nothing of one who answers it', async () => {
    const adapter = await startFake('dishonest');
    const onJudged = () => {};
    const questions = [asked({ output: {} }, { output: {} })];
    const { judged, fault } = await checkVectors({ adapter, questions, signal: never, onJudged });
    await adapter.close();
    expect(judged).toEqual([]);
    expect(fault?.message).toContain('what it says proves nothing');
  });

  test('keeps what was judged before the adapter died', async () => {
    const adapter = await startFake('crash');
    const questions = [asked({ output: {} }, { output: {} })];
    const checked = await checkVectors({ adapter, questions, signal: never, onJudged: () => {} });
    await adapter.close();
    expect(checked.judged).toEqual([]);
    expect(checked.fault?.message).toContain('it was asked canonical-json/some-vector');
  });

  test('gives verdicts in the order of the questions, whatever that of the answers', async () => {
    const adapter = await startFake('reversed');
    const numbers = Array.from({ length: 99 }, (_, n) => n);
    const questions = numbers.map((n) => asked({ output: n }, { output: n, id: `V-${n}` }));
    const { judged } = await checkVectors({
      adapter,
      questions,
      signal: never,
      onJudged: () => {},
    });
    await adapter.close();
    expect(judged.map(({ vector }) => vector.id)).toEqual(numbers.map((n) => `V-${n}`));
    expect(judged.every(({ judgement }) => judgement.outcome === 'pass')).toBe(true);
  });
});

describe('the schemas of the protocol', () => {
  const compile = (name: string) => {
    const url = new URL(`../adapters/protocol/${name}.schema.json`, import.meta.url);
    return new Ajv2020({ strict: true, strictRequired: false }).compile(
      JSON.parse(readFileSync(url, 'utf8')),
    );
  };

  test('take the requests that are sent, and no others', () => {
    const isRequest = compile('request');
    expect(isRequest({ id: 1, verb: 'hello' })).toBe(true);
    expect(isRequest({ id: 2, verb: 'run', category: 'score', input: {} })).toBe(true);
    for (const wrong of [
      { id: 0, verb: 'hello' },
      { id: 1, verb: 'run' },
      { id: 1, verb: 'stop' },
    ]) {
      expect(isRequest(wrong)).toBe(false);
    }
  });

  test('take exactly one answer a line', () => {
    const isResponse = compile('response');
    const answers = [{ output: null }, { rejected: '' }, { unsupported: true }];
    for (const answer of answers) expect(isResponse({ id: 1, ...answer })).toBe(true);
    const wrong = [{}, { unsupported: false }, { rejected: 1 }, { output: 1, rejected: '' }];
    for (const answer of wrong) expect(isResponse({ id: 1, ...answer })).toBe(false);
  });
});

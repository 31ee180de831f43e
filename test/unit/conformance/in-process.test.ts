import { beforeAll, describe, expect, test } from 'vitest';
import type { Effect, Input } from '../../../reference/core.ts';
import { createAuthority } from '../../conformance/authority.ts';
import {
  createInProcessGround,
  type InProcessOptions,
  type InProcessParts,
  prepareInProcess,
} from '../../conformance/grounds/in-process.ts';
import { describeGround } from './ground-suite.ts';

describeGround('in-process', async (authority) =>
  createInProcessGround(await prepareInProcess(authority)),
);

const honestUpgrade = { path: '/norc-c', subprotocols: ['norc-c-json-v1.1'] };

describe('a subject in process', () => {
  let parts: InProcessParts;
  beforeAll(async () => {
    parts = await prepareInProcess(await createAuthority());
  });

  const start = (options: InProcessOptions = {}) =>
    createInProcessGround(parts, options).start({ policy: {}, versions: null });

  async function connected(options: InProcessOptions = {}) {
    const subject = await start(options);
    const channel = await subject.upgrade(honestUpgrade);
    if (channel.refused) throw new Error(`refused: ${channel.reason}`);
    return { subject, channel };
  }

  /** A node that accepts every upgrade, and does what the test wants with everything else. */
  const scripted =
    (react: (input: Input) => Effect[]): NonNullable<InProcessOptions['createNode']> =>
    () => ({
      handle: (input) => {
        if (input.type !== 'upgrade-requested') return react(input);
        const { connection, offer } = input;
        const [subprotocol = ''] = offer.subprotocols;
        return [{ type: 'accept-upgrade', connection, subprotocol, headers: {} }];
      },
    });

  test('waits for what the subject does later without any time of ours', async () => {
    const { subject, channel } = await connected();
    const before = subject.now();
    // C-CONN-10: a device that says nothing for 10 s is told so.
    const frame = await channel.next(3_600_000);
    expect(frame && 'text' in frame && JSON.parse(frame.text).error_code).toBe(3000);
    expect(subject.now() - before).toBe(10_000_000);
  });

  test('moves the clock by exactly what passes', async () => {
    const subject = await start();
    const before = subject.now();
    await subject.pass(86_400_000);
    expect(subject.now() - before).toBe(86_400_000_000);
  });

  test('has time stand still while anything is under way', async () => {
    const { subject, channel } = await connected();
    const before = subject.now();
    await channel.send('{"type":"unheard_of"}');
    await channel.next(5000);
    expect(subject.now()).toBe(before);
  });

  test('lacks a guard that is switched off', async () => {
    const subject = await start({ off: new Set(['C-CONN-02']) });
    expect(await subject.upgrade({ ...honestUpgrade, path: '/elsewhere' })).toMatchObject({
      refused: false,
    });
  });

  test('tells which requirements its guards have checked', async () => {
    const { subject } = await connected();
    expect(subject.exercised()).toContain('C-CONN-02');
    expect(subject.exercised()).not.toContain('C-REG-02');
  });

  test('does what it is tampered to do', async () => {
    const tamper = (effect: Effect): Effect | null =>
      effect.type === 'close' ? { ...effect, code: 4321 } : effect.type === 'send' ? null : effect;
    const { channel } = await connected({ tamper });
    await channel.send('{"type":"unheard_of"}');
    expect(await channel.next(5000)).toEqual({ closed: true, code: 4321 });
  });

  test('is refused like an unknown subprotocol when it answers one that nobody offered', async () => {
    const tamper = (effect: Effect): Effect =>
      effect.type === 'accept-upgrade' ? { ...effect, subprotocol: 'other' } : effect;
    const subject = await start({ tamper });
    expect(await subject.upgrade(honestUpgrade)).toMatchObject({ refused: true, status: 101 });
  });

  test('says the same with the same seed, and something else with another', async () => {
    const keys = await Promise.all(['a', 'a', 'b'].map((seed) => nonceOf(seed)));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  /** 32 bytes of the subject's own, as its node gets them. */
  async function nonceOf(seed: string): Promise<string> {
    let bytes = '';
    await start({
      seed,
      createNode: (_, environment) => {
        bytes = Buffer.from(environment.entropy(32)).toString('hex');
        return { handle: () => [] };
      },
    });
    return bytes;
  }

  test('keeps what was persisted over a restart, and nothing else', async () => {
    const rows: unknown[] = [];
    const row = { table: 'user', key: 'alice', value: { known: true } } as const;
    const subject = await start({
      createNode: (_config, _environment, restored = []) => {
        rows.push(restored);
        return {
          handle: ({ type }) => (type === 'started' ? [{ type: 'persist', ...row }] : []),
        };
      },
    });
    await subject.restart();
    expect(rows).toEqual([[], [row]]);
  });

  describe('that throws', () => {
    const throwing = scripted((input) => {
      if (input.type === 'started') return [];
      throw new Error(`cannot handle ${input.type}`);
    });

    test('is remembered as crashed, and closes the connection concerned', async () => {
      const { subject, channel } = await connected({ createNode: throwing });
      expect(subject.crashed()).toBeNull();
      await channel.send('{}');
      expect(await channel.next(5000)).toEqual({ closed: true, code: 1011 });
      expect(subject.crashed()?.message).toBe('cannot handle frame-received');
      expect(subject.output()).toContain('cannot handle frame-received');
    });

    test('lives on for others', async () => {
      const { subject, channel } = await connected({ createNode: throwing });
      await channel.send('{}');
      expect((await subject.upgrade(honestUpgrade)).refused).toBe(false);
    });

    test('refuses the link concerned', async () => {
      const subject = await start({ createNode: throwing });
      const link = await subject.dial({ alpn: ['norc-f/1.1'], identity: null, maxTls: '1.3' });
      expect(link.refused).toBe(true);
    });
  });

  test('that answers no request lets the link break when the time is over', async () => {
    const subject = await start({ createNode: scripted(() => []) });
    const link = await subject.dial({ alpn: ['norc-f/1.1'], identity: null, maxTls: '1.3' });
    if (link.refused) throw new Error('refused');
    await expect(link.request('/norc-f', '{}', {}, 5000)).rejects.toThrow('no answer within');
  });

  test('that sets timers for the same instant for ever is stopped', async () => {
    const rewind = scripted((input) =>
      input.type === 'started' || input.type === 'timer-fired'
        ? [{ type: 'set-timer', timer: 'again', at: 0 }]
        : [],
    );
    const subject = await start({ createNode: rewind });
    await expect(subject.pass(1000)).rejects.toThrow('the same instant');
  });
});

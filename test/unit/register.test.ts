/** The requirements, the ledger and the state machines: complete, and no reference leads nowhere. */
import { describe, expect, test } from 'vitest';
import { declarations } from '../../spec/messages.ts';
import {
  loadFamilies,
  loadMachines,
  loadReadings,
  loadRequirements,
  type Machine,
  parseRegister,
  type Reading,
  type Requirement,
} from '../../spec/register.ts';

const requirements = loadRequirements();
const readings = loadReadings();
const machines = loadMachines();

describe('the requirements', () => {
  test('are as many by layer as the audit counted', () => {
    const layer = (row: Requirement) => row.id.slice(0, 1);
    expect(countBy(requirements, layer)).toEqual({ X: 162, C: 95, F: 80, T: 151 });
  });

  test('stand in the file of their family, numbered without gaps', () => {
    for (const { family } of loadFamilies()) {
      const numbers = requirements.filter(({ id }) => id.startsWith(`${family}-`));
      expect(numbers.map(({ id }) => Number(id.slice(-2)))).toEqual(numbers.map((_, at) => at + 1));
      expect(numbers).not.toHaveLength(0);
    }
  });

  test('cite readings that exist, each one that their source names among them', () => {
    const known = new Set<string>(readings.map(({ id }) => id));
    for (const { id, readings: cited, source } of requirements) {
      expect(
        cited.filter((reading) => !known.has(reading)),
        id,
      ).toEqual([]);
      expect(cited, id).toEqual(expect.arrayContaining(readingsIn(source)));
    }
  });

  test('say why exactly where neither the wire nor a run can show them', () => {
    for (const { id, observe, reason } of requirements) {
      expect(reason !== undefined, id).toBe(observe === 'architecture' || observe === 'none');
    }
  });

  test('are observed on the wire only with a check that a peer can make', () => {
    const wire = requirements.filter(({ observe }) => observe === 'wire');
    const blind = wire.filter(({ box, check }) => box === 'white' || check.wire === null);
    expect(blind.map(({ id }) => id)).toEqual([]);
  });

  test('that are left to a run say what it asserts', () => {
    const runs = new Set(['simulation', 'property', 'vector']);
    const vague = requirements.filter((row) => runs.has(row.observe) && !row.check.simulation);
    expect(vague.map(({ id }) => id)).toEqual([]);
  });
});

describe('the ledger', () => {
  test('has as many entries by letter as the audit counted', () => {
    const letter = (row: Reading) => row.id.slice(2, 3);
    expect(countBy(readings, letter)).toEqual({
      ...{ V: 13, H: 16, S: 11, W: 6, E: 21 },
      ...{ C: 19, F: 24, T: 35, R: 13, X: 21 },
    });
  });

  test('has no entry that nothing hangs on, but those kept as documentation', () => {
    const cited = new Set<string>(
      [...requirements, ...declarations].flatMap((row) => row.readings),
    );
    const idle = readings.filter(({ id }) => !cited.has(id)).map(({ id }) => id);
    const kept = readings.filter(({ documentation }) => documentation).map(({ id }) => id);
    expect(idle).toEqual(kept);
  });

  test('takes one of its options and offers another one to be judged by', () => {
    for (const { id, options = [], option, testable_alternative } of readings) {
      const keys = options.map(({ key }) => key);
      expect(keys, id).toEqual(['a', 'b', 'c'].slice(0, keys.length));
      expect(option === undefined, id).toBe(keys.length === 0);
      if (option) expect(keys, id).toContain(option);
      if (testable_alternative) expect(keys, id).toContain(testable_alternative);
      if (testable_alternative) expect(testable_alternative, id).not.toBe(option);
    }
  });
});

describe.each(machines.map((machine) => [machine.machine, machine] as const))(
  '%s',
  (_, machine) => {
    const states = machine.states.map(({ state }) => state);

    test('names no state twice and no state that it does not have', () => {
      expect(new Set(states).size).toBe(states.length);
      const named = machine.transitions.flatMap(({ from, to }) => [...from, to]);
      expect(states).toEqual(expect.arrayContaining([machine.initial, ...machine.final, ...named]));
    });

    test('reaches every state from its initial one', () => {
      expect([...reachable(machine)].sort()).toEqual([...states].sort());
    });

    test('leaves no final state, and has a way out of every other one', () => {
      for (const state of states) {
        const leaving = machine.transitions.filter(
          ({ from, to }) => from.includes(state) && to !== state,
        );
        expect(leaving.length === 0, state).toBe(machine.final.includes(state));
      }
    });

    test('numbers its rows uniquely and cites what exists', () => {
      const rows = machine.transitions.map(({ n }) => n);
      expect(new Set(rows).size).toBe(rows.length);
      const known = new Set<string>([...requirements, ...readings].map(({ id }) => id));
      const cited = machine.transitions.flatMap(({ ids }) => ids);
      expect(cited.filter((id) => !known.has(id))).toEqual([]);
    });
  },
);

test('there are the eight machines of the profile', () => {
  expect(machines.map(({ machine }) => machine)).toEqual([
    'client-connection',
    'device-key',
    'federation-link',
    'renewal',
    'revocation',
    'trust-certificate',
    'trust-requester',
    'trust-responder',
  ]);
});

describe('a mistake in a file', () => {
  const row = 'families:\n  - { family: X-AMC, layer: common, title: Versions }\n';

  test('that is an unknown key is reported with file and line', () => {
    const text = `${row}  - family: X-CAN\n    layer: common\n    titel: Canonical\n`;
    expect(() => parseRegister('families', 'a.yaml', text)).toThrow(/^a\.yaml:3: .*title/);
  });

  test('that is a key too many names the key', () => {
    const text = row.replace('title:', 'note: x, title:');
    expect(() => parseRegister('families', 'a.yaml', text)).toThrow('a.yaml:2: unknown key note');
  });

  test('that is not YAML is reported with file and line', () => {
    expect(() => parseRegister('families', 'a.yaml', `${row}  - [`)).toThrow(/^a\.yaml:[34]: /);
  });

  test('that is a value outside its list names the list', () => {
    const text = row.replace('common', 'middle');
    expect(() => parseRegister('families', 'a.yaml', text)).toThrow(/^a\.yaml:2: .*federation/);
  });
});

/** `L-E04/E05` names two. */
function readingsIn(source: string): string[] {
  const ids = source.match(/L-[A-Z]\d\d(?:\/(?:L-)?[A-Z]\d\d)*/g) ?? [];
  return ids.flatMap((text) => text.split('/').map((id) => `L-${id.replace('L-', '')}`));
}

function countBy<T>(rows: readonly T[], key: (row: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}

function reachable({ initial, transitions }: Machine): Set<string> {
  const seen = new Set([initial]);
  for (let size = 0; size !== seen.size; ) {
    size = seen.size;
    for (const { from, to } of transitions) if (from.some((state) => seen.has(state))) seen.add(to);
  }
  return seen;
}

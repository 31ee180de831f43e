import { expect, test } from 'vitest';
import { changesOf } from '../../../vectors/generate/changes.ts';
import type { Vector } from '../../../vectors/vector-file.ts';
import { vector } from '../../vector/fake.ts';

const file = (...vectors: readonly Vector[]): string => JSON.stringify({ vectors });
const stays = vector({ id: 'rate/stays', output: { a: 1 } });

test('a vector that comes, one that goes and one that asks another thing are told apart', () => {
  const before = file(stays, vector({ id: 'rate/goes' }), vector({ id: 'rate/asks', input: 1 }));
  const after = file(vector({ id: 'rate/asks', input: 2 }), vector({ id: 'rate/comes' }), stays);
  expect(changesOf([before], [after])).toEqual(['+ rate/comes', '- rate/goes', '~ rate/asks']);
});

test('an answer that becomes another is a change, a flag or a requirement more is none', () => {
  const other = vector({ ...stays, output: { a: 2 } });
  const cited = vector({ ...stays, requirements: ['X-CAN-01', 'X-CAN-02'], flags: ['order'] });
  expect(changesOf([file(stays)], [file(other)])).toEqual(['~ rate/stays']);
  expect(changesOf([file(stays)], [file(cited)])).toEqual([]);
});

/** What rules may do to a parcel, one verdict after the other. */
import { describe, expect, test } from 'vitest';
import { asBytes, type Parcel, parcelOf } from '../../../sim/network/parcel.ts';
import { createPipeline, type Verdict } from '../../../sim/network/pipeline.ts';

const place = { from: 'acme.test', to: 'bravo.test', now: 7 };
const parcel = named('x');

function named(exchange: string): Parcel {
  return parcelOf({ kind: 'request', exchange, path: '/norc-f' }, asBytes);
}

/** What becomes of parcels that pass such rules, each of which says the same again and again. */
function fates(verdicts: readonly Verdict[], parcels: readonly Parcel[] = [parcel]) {
  const pipeline = createPipeline();
  for (const [at, verdict] of verdicts.entries()) {
    pipeline.add({ id: `rule ${at}`, judge: () => verdict });
  }
  return parcels.map((one) => pipeline.fateOf(one, place));
}

const inOrder = (one: Parcel) => ({ parcel: one, laterTicks: null });
const whole = { heldBy: null, isReset: false };

describe('a verdict', () => {
  test.each<[Verdict, object]>([
    [{ verdict: 'pass' }, { ...whole, sent: [inOrder(parcel)] }],
    [{ verdict: 'drop' }, { ...whole, sent: [] }],
    [
      { verdict: 'deliver', laterTicks: 5 },
      { ...whole, sent: [{ parcel, laterTicks: 5 }] },
    ],
    [{ verdict: 'hold' }, { heldBy: 'rule 0', isReset: false, sent: [] }],
    [{ verdict: 'reset' }, { heldBy: null, isReset: true, sent: [] }],
    [
      { verdict: 'mutate', parcel: named('y') },
      { ...whole, sent: [inOrder(named('y'))] },
    ],
    [
      { verdict: 'inject', parcels: [named('y'), named('z')] },
      { ...whole, sent: [parcel, named('y'), named('z')].map(inOrder) },
    ],
  ])('%j', (verdict, fate) => {
    expect(fates([verdict])).toEqual([fate]);
  });

  test('duplicate: the copy is a request of its own, so much later', () => {
    const [fate] = fates([{ verdict: 'duplicate', laterTicks: 9 }]);
    expect(fate?.sent).toEqual([
      inOrder(parcel),
      { parcel: { ...parcel, exchange: 'x~1' }, laterTicks: 9 },
    ]);
  });
});

describe('rules', () => {
  test('are asked in turn and see what the one before has made of it', () => {
    const seen: string[] = [];
    const pipeline = createPipeline();
    pipeline.add({ id: 'first', judge: () => ({ verdict: 'mutate', parcel: named('y') }) });
    pipeline.add({
      id: 'second',
      judge: ({ exchange }) => {
        seen.push(exchange);
        return { verdict: 'pass' };
      },
    });
    pipeline.fateOf(parcel, place);
    expect(seen).toEqual(['y']);
  });

  test('after the one that has taken it are not asked', () => {
    const [fate] = fates([{ verdict: 'drop' }, { verdict: 'reset' }]);
    expect(fate).toEqual({ ...whole, sent: [] });
  });

  test('add up their delays', () => {
    const [fate] = fates([
      { verdict: 'deliver', laterTicks: 2 },
      { verdict: 'deliver', laterTicks: 3 },
    ]);
    expect(fate?.sent).toEqual([{ parcel, laterTicks: 5 }]);
  });

  test('are forgotten when they are removed, with their tape', () => {
    const pipeline = createPipeline();
    pipeline.add({ id: 'recorder', judge: () => ({ verdict: 'record' }) });
    pipeline.fateOf(parcel, place);
    pipeline.remove('recorder');
    pipeline.add({ id: 'recorder', judge: () => ({ verdict: 'replay' }) });
    expect(pipeline.fateOf(named('y'), place).sent).toEqual([inOrder(named('y'))]);
  });
});

test('a tape is played once, after the parcel at which it is played', () => {
  const verdicts: Verdict[] = [{ verdict: 'record' }, { verdict: 'record' }, { verdict: 'replay' }];
  const pipeline = createPipeline();
  pipeline.add({ id: 'tape', judge: () => verdicts.shift() ?? { verdict: 'replay' } });
  const sent = ['a', 'b', 'c', 'd'].map((name) =>
    pipeline.fateOf(named(name), place).sent.map((one) => one.parcel.exchange),
  );
  expect(sent).toEqual([['a'], ['b'], ['c', 'a~1', 'b~2'], ['d']]);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../../../bin/sim/library.ts';
import { runPage, type Shown } from '../../../../bin/sim/view/page.ts';
import { createNodePrimitives } from '../../../../reference/crypto/node-primitives.ts';
import { runScenario } from '../../../../sim/run.ts';
import type { RecordedTrace } from '../../../../sim/trace/divergence.ts';
import { arrivalsOf } from '../../../../sim/view/columns.ts';
import { gather } from '../../../../sim/view/gather.ts';
import { MOST_DRAWN, mermaidOf } from '../../../../sim/view/mermaid.ts';
import { pictureOf } from '../../../../sim/view/picture.ts';

const primitives = await createNodePrimitives();

function shownOf(name: string): Shown & { readonly trace: RecordedTrace } {
  const blocks: ArrayBuffer[] = [];
  const scenario = loadScenario(name);
  const result = runScenario(scenario, { primitives, sink: (block) => void blocks.push(block) });
  const trace = { index: result.trace, blocks };
  const picture = pictureOf({ name, scenario, index: result.trace, verdicts: result.verdicts });
  return { picture, columns: gather(trace), trace };
}

const { picture, columns } = shownOf('lossy-links');
const arrivals = arrivalsOf(columns);
const rowsOf = (event: string) =>
  Array.from({ length: columns.rows }, (_, row) => row).filter(
    (row) => picture.eventNames[columns.kind[row] as number] === event,
  );

test('each message that arrives comes from the one that was sent, and earlier', () => {
  const received = rowsOf('received');
  const known = received.filter((row) => arrivals[columns.parent[row] as number] === row);
  // Copies that a fault makes are other messages.
  expect(known.length / received.length).toBeGreaterThan(0.9);
  for (const row of known) {
    const sent = columns.parent[row] as number;
    expect([columns.server[sent], columns.peer[sent]]).toEqual([
      columns.peer[row],
      columns.server[row],
    ]);
    expect(columns.label[sent]).toBe(columns.label[row]);
    expect(columns.at[sent]).toBeLessThanOrEqual(columns.at[row] as number);
  }
});

test('what a rule drops has no arrival', () => {
  const lost = rowsOf('sent').filter((row) => (arrivals[row] as number) < 0);
  expect(lost.length).toBeGreaterThan(0);
});

describe('a window as a Mermaid diagram', () => {
  test('has an arrow for each message, and a cross for each that is lost', () => {
    const sent = rowsOf('sent').slice(0, 60);
    const rows = [...sent, ...sent.map((row) => arrivals[row] as number).filter((row) => row >= 0)];
    const text = mermaidOf({ picture, columns, arrivals, rows: rows.sort((a, b) => a - b) });
    const count = (arrow: string) => text.split(arrow).length - 1;
    const lost = sent.filter((row) => (arrivals[row] as number) < 0).length;
    expect(text.startsWith('sequenceDiagram\n  participant s0 as ')).toBe(true);
    expect([count('->>'), count('-x')]).toEqual([sent.length - lost, lost]);
  });

  test('says how much it leaves out', () => {
    const rows = Array.from({ length: MOST_DRAWN + 7 }, (_, row) => row);
    expect(mermaidOf({ picture, columns, arrivals, rows })).toContain('%% and 7 more records');
  });

  test('gives no foreign text a meaning of its own', () => {
    const labels = picture.labels.map(() => 'a;b:c#d\ne');
    const text = mermaidOf({ picture: { ...picture, labels }, columns, arrivals, rows: [0, 1, 2] });
    expect(text).toContain('a#59;b#58;c#35;d e');
  });
});

describe('the page', () => {
  let page = '';
  beforeAll(async () => {
    const hostile = { ...picture, title: '</script><img src=x>', labels: ['</script>'] };
    page = await runPage([{ picture: hostile, columns }], null);
  });

  test('fetches nothing and lets nothing else run', () => {
    expect(page.includes('default-src &#39;none&#39;')).toBe(true);
    expect(/(?:src|href)="?(?:https?:)?\/\//.test(page)).toBe(false);
    expect(page.match(/<script/g)?.length).toBe(page.match(/<\/script>/g)?.length);
    expect(page.includes('<img src=x>')).toBe(false);
  });

  test('holds a record in less than eight bytes', async () => {
    const empty = await runPage([{ picture, columns: { ...columns, rows: 0 } }], null);
    expect((page.length - empty.length) / columns.rows).toBeLessThan(8);
  });
});

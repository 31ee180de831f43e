/** Every format: what is written is read back; what is broken is refused with its place, never misread. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph, edgesOf, type Graph } from '../../sim/trustgraph/graph.ts';
import { createReader } from '../../sim/trustgraph/read/formats.ts';
import { writers } from '../../sim/trustgraph/write/graph-formats.ts';
import { graphOf, type Row, rowsOfGraphs } from '../unit/trustgraph/small-graphs.ts';

const formats = {
  csv: 'edge-list',
  tsv: 'edge-list',
  graphml: 'graphml',
  gexf: 'gexf',
  dot: 'dot',
};

const written = (graph: Graph, name: string) => [...(writers[name]?.(graph) ?? [])].join('');

function read(text: string, format: string, pieceCharacters = 7): Graph {
  const reader = createReader(format, { defaultWeight: 1 });
  for (let at = 0; at < text.length; at += pieceCharacters)
    reader.write(text.slice(at, at + pieceCharacters));
  return buildGraph(reader.end().rows, { scale: format === 'metis' ? 1e6 : 1 }).graph;
}

/** By labels, whatever the numbering. */
function edgeSet(graph: Graph): readonly string[] {
  const { sources, targets, weights } = edgesOf(graph);
  const label = (node: number | undefined) => JSON.stringify(graph.labels[node ?? -1]);
  return Array.from(
    sources,
    (source, edge) => `${label(source)} ${label(targets[edge])} ${weights[edge]}`,
  ).sort();
}

/** Everything that a label may hold and a format must escape. */
const odd = fc.constantFrom('<&">', 'a b', "it's", 'x\\y', '"', 'é€𝄞', '1e999', '-3', 'subgraph x');
const oddRows = fc
  .array(fc.tuple(odd, odd, fc.constantFrom(0.1, 0.25, 1)), { minLength: 1, maxLength: 12 })
  .map((rows) => rows as readonly Row[]);

describe.each(Object.entries(formats))('%s', (name, format) => {
  test('is read back as it was written, in pieces of any size', () =>
    fc.assert(
      fc.property(rowsOfGraphs, fc.integer({ min: 1, max: 50 }), (rows, piece) => {
        const graph = graphOf(rows);
        if (graph.edgeCount > 0)
          expect(edgeSet(read(written(graph, name), format, piece))).toEqual(edgeSet(graph));
      }),
    ));

  test('cut off anywhere, it is refused with a place or holds rows of the whole only', () =>
    fc.assert(
      fc.property(rowsOfGraphs, fc.nat(), (rows, at) => {
        const graph = graphOf(rows);
        const text = written(graph, name);
        const cut = text.slice(0, at % Math.max(1, text.length));
        const whole = new Set(edgeSet(graph).map((edge) => edge.split(' ').slice(0, 2).join(' ')));
        const labels = graph.labels.map((label) => JSON.stringify(label));
        try {
          for (const edge of edgeSet(read(cut, format))) {
            const [source = '', target = ''] = edge.split(' ');
            // The last label of a line that was cut may be the beginning of a label.
            if (labels.includes(source) && labels.includes(target))
              expect(whole).toContain(`${source} ${target}`);
          }
        } catch (thrown) {
          expect((thrown as Error).name).toBe('GraphFault');
        }
      }),
    ));

  test('with bytes of another file inside, it is read or refused, and never crashes', () =>
    fc.assert(
      fc.property(rowsOfGraphs, fc.nat(), fc.string(), (rows, at, noise) => {
        const text = written(graphOf(rows), name);
        const place = at % (text.length + 1);
        try {
          const graph = read(text.slice(0, place) + noise + text.slice(place), format);
          for (const weight of edgesOf(graph).weights) expect(weight > 0 && weight <= 1).toBe(true);
        } catch (thrown) {
          expect((thrown as Error).name).toBe('GraphFault');
        }
      }),
    ));
});

test.each(['csv', 'graphml', 'gexf', 'dot'])('labels of any characters survive %s', (name) =>
  fc.assert(
    fc.property(oddRows, (rows) => {
      const graph = graphOf(rows);
      const format = formats[name as keyof typeof formats];
      if (graph.edgeCount > 0)
        expect(edgeSet(read(written(graph, name), format))).toEqual(edgeSet(graph));
    }),
  ),
);

const mutual = (rows: readonly Row[]) =>
  graphOf(
    rows.flatMap(([a, b]): Row[] => [
      [a, b, 0.5],
      [b, a, 0.5],
    ]),
  );

test('METIS cut off anywhere before its last line is refused with a place', () =>
  fc.assert(
    fc.property(rowsOfGraphs, (rows) => {
      const graph = mutual(rows);
      if (graph.edgeCount === 0) return;
      const text = written(graph, 'metis');
      // A weight that lost its last digits is a number too: METIS has no mark of its end.
      const lastLine = text.lastIndexOf('\n', text.length - 2) + 1;
      for (let at = 0; at < lastLine; at++) {
        let said = '';
        try {
          read(text.slice(0, at), 'metis');
        } catch (thrown) {
          expect((thrown as Error).name).toBe('GraphFault');
          said = (thrown as Error).message;
        }
        expect(said, `${at} of ${text}`).toMatch(/^line \d+, column \d+: /);
      }
    }),
    { numRuns: 30 },
  ));

test.each(Object.entries(formats))(
  '%s cut at every offset gives no label that was not there',
  (name, format) => {
    const graph = graphOf([
      ['alpha', 'beta', 0.85],
      ['beta', 'gamma', 0.6],
      ['gamma', 'alpha', 0.95],
    ]);
    const text = written(graph, name);
    const whole = edgeSet(graph);
    const isDoubtful = (cut: string) => format === 'edge-list' && !cut.endsWith('\n');
    for (let at = 0; at < text.length; at++) {
      const cut = text.slice(0, at);
      const reader = createReader(format, { defaultWeight: 1 });
      try {
        reader.write(cut);
        const { rows, understood } = reader.end();
        // A row without its end may be half a row: then the reader says so.
        if (isDoubtful(cut))
          expect(cut.trim() === '' || understood.includes('cut off?')).toBe(true);
        else for (const edge of edgeSet(buildGraph(rows).graph)) expect(whole).toContain(edge);
      } catch (thrown) {
        expect((thrown as Error).name).toBe('GraphFault');
      }
    }
  },
);

/** One edge of a given weight, in every format. */
const oneEdge: Readonly<Record<string, (weight: string) => string>> = {
  'edge-list': (weight) => `a b ${weight}\n`,
  metis: (weight) => `2 1 1\n2 ${weight}\n1 ${weight}\n`,
  graphml: (weight) =>
    '<graphml><key id="w" for="edge" attr.name="weight"/><graph edgedefault="directed">' +
    `<edge source="a" target="b"><data key="w">${weight}</data></edge></graph></graphml>`,
  gexf: (weight) =>
    '<gexf><graph defaultedgetype="directed"><edges>' +
    `<edge source="a" target="b" weight="${weight}"/></edges></graph></gexf>`,
  dot: (weight) => `digraph { a -> b [weight="${weight}"] }`,
};

describe.each(Object.entries(oneEdge))('the weight of %s', (format, text) => {
  const scale = format === 'metis' ? 1e6 : 1;
  const full = String(scale);

  test('of full trust is an edge', () => {
    expect(read(text(full), format).out.weights[0]).toBe(1);
  });

  test.each(['NaN', '1e999', '-1e999', 'Infinity', '0x1', '1_0', 'one'])(
    '%s is refused with its place',
    (weight) => {
      expect(() => read(text(weight), format)).toThrow(/^line \d+, column \d+: .*weight/);
    },
  );

  test('above full trust is refused, and says what to do', () => {
    expect(() => read(text(`${7 * scale}`), format)).toThrow(/has weight .*--scale/);
  });

  test.each(['0', '-1', '-0'])('%s is no edge', (weight) => {
    expect(read(text(weight), format).edgeCount).toBe(0);
  });
});

test('certificates cut off anywhere are refused with their place', () => {
  const certificate = {
    ...{ type: 'norc_trust_certificate', certificate_id: 'c1', trust_level: 'verified' },
    ...{ issuer_server: 'a.example', subject_server: 'b.example', not_before: 1, not_after: 9 },
  };
  const text = JSON.stringify([certificate, { ...certificate, certificate_id: 'c2' }], null, 1);
  const at = (cut: string) => {
    const reader = createReader('certificates', { defaultWeight: 1, at: 5 });
    reader.write(cut);
    return reader.end();
  };
  expect(at(text).rows.count).toBe(2);
  for (let end = 0; end < text.length; end++)
    expect(() => at(text.slice(0, end)), String(end)).toThrow(/^line \d+, column \d+: not JSON/);
});

test('METIS is read back as it was written, for mutual graphs', () =>
  fc.assert(
    fc.property(rowsOfGraphs, (rows) => {
      const both = rows
        .map(([a, b]): Row => [a, b, 0.5])
        .flatMap(([a, b, w]): Row[] => [
          [a, b, w],
          [b, a, w],
        ]);
      const graph = graphOf(both);
      if (graph.edgeCount === 0) return;
      const back = read(written(graph, 'metis'), 'metis');
      expect(back.edgeCount).toBe(graph.edgeCount);
      expect([...back.out.weights]).toEqual([...graph.out.weights]);
    }),
  ));

const broken: readonly (readonly [what: string, format: string, text: string, says: string])[] = [
  ['a weight that is no number', 'edge-list', 'a,b,1\nb,c,NaN\n', 'line 2, column 5: weight "NaN"'],
  ['an infinite weight', 'edge-list', 'a b 1e999\n', 'line 1, column 5: weight "1e999"'],
  ['a weight above full trust', 'edge-list', 'a,b,7\n', 'row 1 has weight 7'],
  ['a missing column', 'edge-list', 'a,b,1\nc\n', 'line 2, column 3: no target'],
  [
    'a column too many',
    'edge-list',
    'a,b\nb,c,1\n',
    'line 2, column 5: 3 fields where the first row has 2',
  ],
  ['an empty label', 'edge-list', 'a,b\n,c\n', 'line 2, column 1: no source'],
  ['a line without an end', 'edge-list', `a b\n${'x'.repeat(1_000_000)}`, 'line 2, column 65537'],
  ['a METIS neighbour out of range', 'metis', '2 1\n2\n3\n', 'line 3, column 1: neighbour "3"'],
  ['a METIS file that ends early', 'metis', '3 2\n2\n', 'after 1 of 3 nodes'],
  ['a METIS header of absurd size', 'metis', '99999999999 1\n', 'numbers that no graph has'],
  ['XML of another kind', 'graphml', '<gexf/>', 'line 1, column 8: <gexf> where <graphml>'],
  ['XML that is not closed', 'gexf', '<gexf><graph>', 'not well-formed XML'],
  [
    'an edge without a target',
    'graphml',
    '<graphml><graph><edge source="a"/></graph></graphml>',
    'no target of an edge',
  ],
  [
    'a weight of XML that is none',
    'gexf',
    '<gexf><edge source="a" target="b" weight="NaN"/></gexf>',
    'weight "NaN"',
  ],
  [
    'a weight of GraphML that is empty',
    'graphml',
    '<graphml><key id="w" for="edge" attr.name="weight"/><graph><edge source="a" target="b"><data key="w"/></edge></graph></graphml>',
    'weight "" is not a finite number',
  ],
  ['a weight of DOT that is none', 'dot', 'digraph { a -> b [weight=heavy] }', 'weight "heavy"'],
  ['a hexadecimal weight', 'edge-list', 'a b 0x1\n', 'weight "0x1"'],
  ['a header without a target', 'edge-list', 'source,whom,weight\na,b,1\n', 'weight "weight"'],
  ['one column', 'edge-list', 'a\nb\n', 'a row needs a source and a target'],
  [
    'a METIS neighbour that is no number',
    'metis',
    '2 1\n2\nx\n',
    'line 3, column 1: neighbour "x"',
  ],
  [
    'a METIS weight that is missing',
    'metis',
    '2 1 1\n2\n1 5\n',
    'line 2, column 1: weight of the neighbour ""',
  ],
  [
    'a METIS header that promises what does not come',
    'metis',
    '99999999 1\n2\n1\n',
    'after 2 of 99999999 nodes',
  ],
  [
    'XML without a tag for long',
    'graphml',
    `<graphml>${' '.repeat(17_000_000)}</graphml>`,
    'characters without a tag',
  ],
  ['DOT with a subgraph', 'dot', 'digraph { subgraph x { a } -> b }', 'line 1, column 11'],
  ['DOT that ends early', 'dot', 'digraph {\n a -> b', 'the end of the file'],
];

test.each(broken)('%s is refused with its place (%s)', (_what, format, text, says) => {
  expect(() => read(text, format, 4096)).toThrow(says);
});

test.each(['graphml', 'gexf', 'dot'])('%s takes a label of a million characters', (name) => {
  const graph = graphOf([['x'.repeat(1_000_000), 'b', 0.5]]);
  expect(edgeSet(read(written(graph, name), name, 65_536))).toEqual(edgeSet(graph));
});

test('METIS takes a line of a million characters', () => {
  const leaves = Array.from({ length: 150_000 }, (_, at) => at + 2);
  const text = `150001 150000\n${leaves.join(' ')}\n${leaves.map(() => '1\n').join('')}`;
  expect(read(text, 'metis', 65_536).edgeCount).toBe(300_000);
});

test('words of DOT are names in quotes, and words without', () => {
  const words = ['graph', 'node', 'edge', 'digraph', 'subgraph', 'strict'];
  const graph = graphOf(words.map((word, at): Row => [word, words[(at + 1) % 6] ?? '', 0.5]));
  expect(edgeSet(read(written(graph, 'dot'), 'dot'))).toEqual(edgeSet(graph));
  expect(read('DIGRAPH { Node [shape=box]; a -> b }', 'dot').labels).toEqual(['a', 'b']);
  expect(() => read('digraph { a -> node }', 'dot')).toThrow('put it in quotes');
});

test.each([0, -1, Number.NaN])('a scale of %f is refused', (scale) => {
  const reader = createReader('edge-list', { defaultWeight: 1 });
  reader.write('a b 0.5\n');
  expect(() => buildGraph(reader.end().rows, { scale })).toThrow('above zero');
});

test('huge ids are labels like others', () => {
  const huge = '9'.repeat(60);
  expect(read(`${huge} 1\n1 ${huge}\n`, 'edge-list').labels).toEqual([huge, '1']);
});

/** Certificates of servers as a graph, live at a time; and revocation of superseded servers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadGraph } from '../../../sim/trustgraph/cli/load.ts';
import { buildGraph, edgesOf, type Graph } from '../../../sim/trustgraph/graph.ts';
import { standingBefore } from '../../../sim/trustgraph/questions/superseded.ts';
import { createReader } from '../../../sim/trustgraph/read/formats.ts';
import { elementPlaces } from '../../../sim/trustgraph/read/json-places.ts';
import { createRowSink } from '../../../sim/trustgraph/rows.ts';
import { literalRule } from '../../../sim/trustgraph/rule.ts';
import { exampleOf } from '../../../spec/example.ts';
import { messages } from '../../../spec/messages.ts';
import { establish, lastOf } from '../trust/deeds.ts';
import { ACME, BRAVO, createWorld } from '../trust/pair.ts';
import { readBlob } from '../trust/rewrite.ts';
import { answerTo, inquiryOf } from './small-graphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const certificate = (changed: object = {}) => ({
  ...(exampleOf(messages.norc_trust_certificate.json) as object),
  type: 'norc_trust_certificate',
  certificate_id: 'c1',
  issuer_server: 'acme.example',
  subject_server: 'bravo.example',
  trust_level: 'verified',
  not_before: 100,
  not_after: 200,
  ...changed,
});
const list = (reason: string, date = 150, issuer = 'acme.example') => ({
  ...(exampleOf(messages.norc_crl.json) as object),
  type: 'norc_crl',
  issuer_server: issuer,
  revoked_certificates: [
    { certificate_id: 'c1', revocation_date: date, revocation_reason: reason, extensions: [] },
  ],
});

function edgesAt(at: number, document: unknown): readonly string[] {
  const reader = createReader('certificates', { defaultWeight: 1, at });
  reader.write(JSON.stringify(document));
  return edgeList(buildGraph(reader.end().rows).graph);
}

function edgeList(graph: Graph): readonly string[] {
  const { sources, targets, weights } = edgesOf(graph);
  const label = (node: number | undefined) => graph.labels[node ?? -1];
  return Array.from(
    sources,
    (source, at) => `${label(source)} ${label(targets[at])} ${weights[at]}`,
  );
}

const edge = 'acme.example bravo.example 0.7';

test('what two servers of the reference gave each other is a mutual edge', async () => {
  const world = createWorld();
  establish(world, { level: 'basic' });
  const [byBravo = ''] = lastOf(world, 'trust_decision').certificate_bundle;
  const byAcme = lastOf(world, 'trust_acknowledgment').trust_certificate ?? '';
  writeFileSync(join(folder, 'acme.json'), JSON.stringify([byBravo, byAcme]));
  writeFileSync(join(folder, 'bravo.json'), JSON.stringify(readBlob(byBravo)));
  const { not_before, not_after } = readBlob(byBravo);
  const at = (time: number) => loadGraph(folder, { defaultWeight: 1, at: time });
  const { graph } = await at(not_before + 3600);
  expect([...edgeList(graph)].sort()).toEqual(
    [`${ACME} ${BRAVO} 0.4`, `${BRAVO} ${ACME} 0.4`].sort(),
  );
  expect((await at(not_after)).graph.edgeCount).toBe(0);
});

describe('signatures', () => {
  const world = createWorld();
  establish(world, { level: 'basic' });
  const [byBravo = ''] = lastOf(world, 'trust_decision').certificate_bundle;
  const byAcme = lastOf(world, 'trust_acknowledgment').trust_certificate ?? '';
  const [ofBravo, ofAcme] = [readBlob(byBravo), readBlob(byAcme)];
  const load = (name: string, document: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(document, null, 1));
    return loadGraph(path, { defaultWeight: 1, at: ofBravo.not_before + 3600 });
  };

  test('hold under the keys that others certified', async () => {
    const { understood } = await load('both.json', [byBravo, ofAcme]);
    expect(understood).toMatch(/; 2 signatures verified$/);
  });

  test('of issuers without a key are counted', async () => {
    const { understood, graph } = await load('alone.json', [byBravo]);
    expect(graph.edgeCount).toBe(1);
    expect(understood).toMatch(/0 signatures verified, 1 not, for want of .* \(1 of 1\)$/);
  });

  test('that are unverified are counted for each file of a folder', async () => {
    const several = mkdtempSync(join(folder, 'several-'));
    writeFileSync(join(several, 'a.json'), JSON.stringify([byBravo]));
    writeFileSync(join(several, 'b.json'), JSON.stringify([byBravo, byBravo]));
    const { understood } = await loadGraph(several, { defaultWeight: 1, at: ofBravo.not_before });
    expect(understood).toMatch(/ 3 not, .* \(a\.json 1 of 1, b\.json 2 of 2\)$/);
  });

  const forgeries: readonly (readonly [string, object])[] = [
    ['a higher level', { trust_level: 'nato' }],
    ['an unknown member', { smuggled: true }],
    ['no signature', { signature: undefined }],
    ['another algorithm', { signature_algorithm: 'none' }],
    ['half a surrogate pair', { smuggled: '\ud800' }],
    ["another's signature", { signature: ofAcme.signature }],
  ];
  test.each(forgeries)(
    'do not hold with %s: the file and the place are told',
    async (_what, change) => {
      const forged = [ofAcme, { ...ofBravo, ...change }];
      const line = JSON.stringify([ofAcme], null, 1).split('\n').length;
      await expect(load('forged.json', forged)).rejects.toThrow(
        new RegExp(`forged\\.json: line ${line}, column 2: element 2 is not signed with the key`),
      );
    },
  );

  test('are told by the file of a folder', async () => {
    const several = mkdtempSync(join(folder, 'forged-'));
    writeFileSync(join(several, 'a.json'), JSON.stringify([byBravo, byAcme]));
    writeFileSync(join(several, 'b.json'), JSON.stringify({ ...ofBravo, permissions: [] }));
    const loaded = loadGraph(several, { defaultWeight: 1, at: ofBravo.not_before });
    await expect(loaded).rejects.toThrow('b.json: line 1, column 1: the document is not signed');
  });

  test('of revocation lists are judged too', async () => {
    const crl = { ...list('key_compromise'), issuer_server: ofBravo.issuer_server };
    await expect(load('list.json', [ofAcme, ofBravo, crl])).rejects.toThrow('element 3 is not');
  });
});

test('every element of a list of JSON has its place', () =>
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1, 3), (values, indent) => {
      const text = JSON.stringify(values, null, indent);
      const lines = text.split('\n');
      const places = elementPlaces(text);
      expect(places.length).toBe(values.length);
      for (const [index, { line, column }] of places.entries()) {
        const rest = [lines[line - 1]?.slice(column - 1), ...lines.slice(line)].join('\n');
        const own = JSON.stringify(values[index], null, indent).replaceAll(
          '\n',
          `\n${' '.repeat(indent)}`,
        );
        expect(rest.startsWith(own)).toBe(true);
      }
    }),
  ));

describe('a certificate', () => {
  test('is an edge from its first second to before its last', () => {
    const lives = [99, 100, 199, 200].map((at) => edgesAt(at, certificate()).length);
    expect(lives).toEqual([0, 1, 1, 0]);
  });

  test('renewed is one edge, of the newer level', () => {
    const renewed = certificate({
      certificate_id: 'c2',
      trust_level: 'classified',
      not_before: 120,
    });
    expect(edgesAt(130, [renewed, certificate()])).toEqual(['acme.example bravo.example 0.85']);
    expect(edgesAt(110, [renewed, certificate()])).toEqual([edge]);
  });

  test.each(['key_compromise', 'privilege_withdrawn', 'no_such_reason'])(
    'revoked for %s is void for all times',
    (reason) => {
      expect(edgesAt(120, [certificate(), list(reason)])).toEqual([]);
    },
  );

  test.each(['superseded', 'cessation_of_operation'])(
    'revoked for %s lives until then',
    (reason) => {
      expect(edgesAt(149, [certificate(), list(reason)])).toEqual([edge]);
      expect(edgesAt(150, [certificate(), list(reason)])).toEqual([]);
    },
  );

  test('is revoked by its issuer only', () => {
    expect(edgesAt(160, [certificate(), list('key_compromise', 150, 'mallory.example')])).toEqual([
      edge,
    ]);
  });

  test('of two lists the worse counts, in any order', () => {
    const lists = [list('superseded', 190), list('key_compromise', 195)];
    expect(edgesAt(120, [certificate(), ...lists])).toEqual([]);
    expect(edgesAt(120, [...lists.reverse(), certificate()])).toEqual([]);
  });
});

const mistakes: readonly (readonly [string, string, string])[] = [
  ['that is cut off', '[{"type":', 'line 1, column 10: not JSON'],
  ['of another type', '{"type":"trust_request"}', 'neither norc_trust_certificate nor norc_crl'],
  [
    'without a subject',
    JSON.stringify(certificate({ subject_server: '' })),
    'no text subject_server',
  ],
  ['of an unknown level', JSON.stringify(certificate({ trust_level: 'constructor' })), 'is none'],
  [
    'with a time that is none',
    JSON.stringify(certificate({ not_after: 1.5 })),
    'no time not_after',
  ],
  [
    'with another of its id',
    JSON.stringify([certificate(), certificate({ not_after: 300 })]),
    'element 2 is another',
  ],
  ['as a blob of nothing', '["???"]', 'no base64url of JSON'],
  ['as a number', '[7]', 'element 1 is no JSON object'],
];

test.each(mistakes)('a document %s is refused', (_what, text, says) => {
  const reader = createReader('certificates', { defaultWeight: 1, at: 120 });
  reader.write(text);
  expect(() => reader.end()).toThrow(says);
});

test('without a time nothing is decided', () => {
  expect(() => createReader('certificates', { defaultWeight: 1 })).toThrow('--at');
});

test('any JSON in the place of any member is read or refused, and never crashes', () =>
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(certificate())), fc.jsonValue(), (member, value) => {
      const reader = createReader('certificates', { defaultWeight: 1, at: 120 });
      reader.write(JSON.stringify([certificate({ [member]: value }), list('superseded')]));
      try {
        for (const weight of reader.end().rows.weights) expect(weight).toBeLessThanOrEqual(1);
      } catch (thrown) {
        expect((thrown as Error).name).toBe('GraphFault');
      }
    }),
  ));

describe('a superseded server', () => {
  const sink = createRowSink();
  const rated = (source: string, target: string, weight: number, time: number) =>
    sink.add(sink.node(source), sink.node(target), weight, time);
  rated('a', 'x', 1, 1);
  rated('x', 'b', 0.5, 2);
  rated('x', 'b', 1, 8);
  rated('x', 'c', 1, 9);
  const rows = sink.finish();
  const { graph } = buildGraph(rows);
  const x = graph.labels.indexOf('x');
  const label = (node: number) => graph.labels[node];

  test('keeps what it had said before, as it had said it', () => {
    const standing = standingBefore(graph, rows, {}, [x], 5);
    expect(standing.map(([a, b, weight]) => [label(a), label(b), weight])).toEqual([
      ['x', 'b', 0.5],
    ]);
  });

  test('still lies inside paths, where a compromised one does not', () => {
    const sets = [[x]];
    const standing = standingBefore(graph, rows, {}, [x], 5);
    const lost = (options: object) => {
      const inquiry = inquiryOf(graph, { sets, ...options }, { ...literalRule, hops: 3 });
      return answerTo('revoke', inquiry).tables[0]?.rows[0]?.slice(1, 5);
    };
    // From a to b and to c: both paths end; or b falls from 0.90 to 0.45 and c alone is lost.
    expect(lost({})).toEqual([2, 0, 0, 2]);
    expect(lost({ standing })).toEqual([1, 0, 0, 2]);
  });
});

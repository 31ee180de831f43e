/** Who may import whom (ARCHITECTURE.md, "The rooms"). */
const layers = ['client', 'federation', 'trust'];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'spec-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^spec/' },
      to: { path: '^(vectors|sim|reference|test|reports|bin)/' },
    },
    {
      name: 'vectors-are-made-without-the-code-they-judge',
      severity: 'error',
      from: { path: '^vectors/' },
      to: { path: '^(reference|sim|test|reports|bin)/' },
    },
    {
      name: 'the-rule-that-judges-the-reference-is-not-its-own',
      severity: 'error',
      from: { path: '^(reference|test/conformance/(cases|actors))/' },
      to: { path: '^spec/change/' },
    },
    {
      name: 'foundations-know-no-layer',
      severity: 'error',
      from: { path: '^reference/(wire|crypto|audit|guard|[^/]+\\.ts$)' },
      to: {
        path: '^(reference/(client|federation|trust|node|store|transport)/|sim|test|reports|vectors|bin)',
      },
    },
    ...layers.map((layer) => ({
      name: `${layer}-knows-no-other-layer`,
      severity: 'error',
      from: { path: `^reference/${layer}/` },
      to: {
        path: `^(reference/(${[...layers.filter((other) => other !== layer), 'node', 'store', 'transport'].join('|')})/|sim|test|reports|vectors|bin)`,
      },
    })),
    {
      name: 'cores-do-no-io',
      severity: 'error',
      from: {
        path: '^(reference/(wire|audit|guard|client|federation|trust|node)/|reference/[^/]+\\.ts$|sim/)',
        pathNot: '^sim/(cli|trustgraph/cli)/',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'crypto-touches-node-in-its-provider-only',
      severity: 'error',
      from: { path: '^reference/crypto/', pathNot: '^reference/crypto/node-' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'node-knows-no-transport',
      severity: 'error',
      from: { path: '^reference/node/' },
      to: {
        path: '^(reference/transport/|reference/store/(?!store\\.ts)|sim|test|reports|vectors|bin)',
      },
    },
    {
      name: 'transport-reaches-layers-through-the-node',
      severity: 'error',
      from: { path: '^reference/(transport|store)/' },
      to: { path: '^(reference/(client|federation|trust)/|sim|test|reports|vectors|bin)' },
    },
    {
      name: 'sim-uses-the-node-only',
      severity: 'error',
      from: { path: '^sim/' },
      // A worker of its command line is started as the command line itself is.
      to: {
        path: '^(reference/(client|federation|trust|transport)/|test|reports|vectors|bin/(?!launch/))',
      },
    },
    {
      name: 'a-case-sees-bytes',
      severity: 'error',
      from: { path: '^test/conformance/(cases|actors)/' },
      to: {
        path: '^(reference/(client|federation|trust|node|store|transport|audit)/|sim|reports|vectors|bin)',
      },
    },
    {
      name: 'reports-read-results-only',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^(reference|sim|test|vectors|bin)/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(spec|reference|sim|vectors)/' },
      to: { path: '^test/|^node_modules/(vitest|@fast-check)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};

/** The level tables of profile 5.4 with the caps of methods (L-T19), as rows and as text. */
import { levelNames, levels, methodNames, methods } from '../../spec/emitted/registries.ts';

export interface LevelRow {
  readonly level: string;
  readonly threshold: number;
  readonly authorities: readonly string[];
  readonly algorithms: readonly string[];
  readonly evidence: readonly string[];
  readonly standards: readonly string[];
  readonly permissions: readonly string[];
  readonly maxMessageBytes: number;
  readonly hybrid: string;
  /** Methods that reach it; `name with authority` where only such a chain does. */
  readonly methods: readonly string[];
}

export function levelTable(): readonly LevelRow[] {
  return levelNames
    .filter((name) => levels[name].grantable)
    .map((name) => {
      const row = levels[name];
      const evidence = {
        'certificate transparency': row.certificateTransparency,
        OCSP: row.ocsp,
        'background check': row.backgroundCheck,
      };
      return {
        level: name,
        threshold: row.threshold ?? 100,
        authorities: row.caTypes,
        algorithms: row.chainAlgorithms.map(({ algorithm, min_bits: bits }) =>
          algorithm === 'rsa_pss' ? `${algorithm} of ${bits} bits` : algorithm,
        ),
        evidence: Object.entries(evidence).flatMap(([what, asked]) => (asked ? [what] : [])),
        standards: row.complianceStandards,
        permissions: row.permissions,
        maxMessageBytes: row.maxMessageBytes,
        hybrid: row.hybridPq,
        methods: methodsFor(row.rank),
      };
    });
}

function methodsFor(rank: number): readonly string[] {
  return methodNames.flatMap((name) => {
    const { maxTrustLevel, maxWithCa } = methods[name];
    if (levels[maxTrustLevel].rank >= rank) return [name];
    return Object.entries(maxWithCa).flatMap(([authority, cap]) =>
      levels[cap].rank >= rank ? [`${name} with ${authority}`] : [],
    );
  });
}

export function levelLines(table: readonly LevelRow[]): readonly string[] {
  return table.flatMap((row) => [
    `${row.level}  (score ${row.threshold} or more)`,
    line('methods', row.methods),
    line('authorities', row.authorities),
    line('algorithms', row.algorithms),
    line('evidence', row.evidence),
    line('standards', row.standards),
    line('permissions', row.permissions),
    line('message size', [`${row.maxMessageBytes} bytes`]),
    line('hybrid suite', [row.hybrid]),
    '',
  ]);
}

const line = (name: string, values: readonly string[]): string =>
  `  ${name.padEnd(14)}${values.join(', ') || 'none asked'}`;

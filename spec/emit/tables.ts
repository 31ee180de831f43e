/**
 * emitted/messages.json and emitted/limits.json: what stands in TypeScript alone, for other languages
 * and for whoever compares two states of the protocol.
 */
import { limitSenses } from '../limit-senses.ts';
import { fixed, limits } from '../limits.ts';

interface Table {
  readonly path: string;
  readonly text: string;
}

/** Loads the declarations late, because they import what emit.ts writes first. */
export async function tables(): Promise<Table[]> {
  const { declarations } = await import('../messages.ts');
  const messages = declarations.map(({ type, layer, code, direction, ...rest }) => {
    const { legalIn, answeredBy, signed, since, aliases, shape } = rest;
    return { type, layer, code, direction, legalIn, answeredBy, signed, since, aliases, shape };
  });
  const byType = messages.sort((a, b) => (a.type < b.type ? -1 : 1));
  return [
    { path: 'emitted/messages.json', text: document({ messages: byType }) },
    { path: 'emitted/limits.json', text: document({ limits: limitRows(), fixed: fixedRows() }) },
  ];
}

const limitRows = () =>
  Object.entries(limitSenses).map(([limit, sense]) => ({
    ...{ limit, sense },
    value: limits[limit as keyof typeof limits],
  }));

const fixedRows = () => Object.entries(fixed).map(([name, value]) => ({ fixed: name, value }));

/** One row a line, so that a change of one is a difference of one. */
function document(tables: { readonly [name: string]: readonly object[] }): string {
  const members = Object.entries(tables).map(([name, rows]) => {
    const lines = rows.map((row) => JSON.stringify(row));
    return `"${name}": [\n${lines.join(',\n')}\n]`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

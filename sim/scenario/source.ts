/** A YAML file as a value that remembers where each member stands. */
import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { ScenarioError, type ScenarioFault } from './fault.ts';

/** From the root: member names and places in lists. */
export type Path = readonly (string | number)[];

export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** `part`: the name of the last member of the path, or its value. */
  faultAt(path: Path, message: string, part?: 'name' | 'value'): ScenarioFault;
}

export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const faultAtOffset = (offset: number, message: string): ScenarioFault => {
    const { line, col: column } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(column, 1), message };
  };
  if (document.errors.length > 0) {
    // The message of the parser ends with a drawing of the place, which we say in our own way.
    throw new ScenarioError(
      document.errors.map(({ pos, message }) =>
        faultAtOffset(pos[0], message.split(' at line ')[0] ?? message),
      ),
    );
  }
  const offsetOf = (path: Path, part: 'name' | 'value'): number => {
    const parent = document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (part === 'name' && isMap(parent)) {
      const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(last));
      if (isPair(pair) && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
    return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), 'value');
  };
  return {
    file,
    value: document.toJS() as unknown,
    faultAt: (path, message, part = 'value') => faultAtOffset(offsetOf(path, part), message),
  };
}

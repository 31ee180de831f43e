/** Draws the state machines: a Mermaid diagram and a table of rows for each, from the same data. */
import type { Machine, Transition } from '../register-schema.ts';

const HEADER = `<!-- Emitted from the YAML of this folder by \`npm run emit\`. Do not edit. -->

# The state machines, drawn

Each diagram and table comes from the YAML file of the same name. The numbers on the arrows are those of
the rows; an arrow to the ring leaves a final state. A row without a state before it creates the machine.
`;

export function machinePage(machines: readonly Machine[]): string {
  const contents = machines.map(({ machine, title }) => `- [${title}](#${machine})`);
  return `${[HEADER, `${contents.join('\n')}\n`, ...machines.map(section)].join('\n')}`;
}

function section(machine: Machine): string {
  const { title, source, states, invariants, notes = [] } = machine;
  return [
    `<a id="${machine.machine}"></a>\n\n## ${title}\n`,
    `\`${machine.machine}.yaml\`, after ${source}.\n`,
    `\`\`\`mermaid\n${diagram(machine)}\n\`\`\`\n`,
    table(
      ['state', 'meaning'],
      states.map(({ state, meaning }) => [`\`${state}\``, meaning]),
    ),
    table(
      ['n', 'from', 'event', 'guard', 'action', 'to', 'rests on'],
      machine.transitions.map(row),
    ),
    list('Invariants', invariants),
    list('Notes', notes),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Rows between the same two states share an arrow. */
function diagram({ states, initial, final, transitions }: Machine): string {
  const arrows = new Map<string, string[]>();
  for (const { from, to, n } of transitions) {
    for (const state of from.length === 0 ? ['[*]'] : from) {
      const arrow = `${nodeOf(state)} --> ${nodeOf(to)}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), n]);
    }
  }
  const start = `[*] --> ${nodeOf(initial)}`;
  const lines = [
    'stateDiagram-v2',
    ...states.map(({ state }) => `  state "${state}" as ${nodeOf(state)}`),
    ...(arrows.has(start) ? [] : [`  ${start}`]),
    ...[...arrows].map(([arrow, rows]) => `  ${arrow}: ${rows.join(', ')}`),
    ...final.map((state) => `  ${nodeOf(state)} --> [*]`),
  ];
  return lines.join('\n');
}

/** Mermaid has words of its own, \`end\` among them. */
function nodeOf(state: string): string {
  return state === '[*]' ? state : `s_${state.replaceAll(/\W/g, '_')}`;
}

function row({ n, from, event, guard, action, to, ids }: Transition): string[] {
  const before = from.length === 0 ? '–' : from.join(', ');
  return [n, before, event, guard ?? '–', action ?? '–', to, ids.join(' ')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `**${title}**\n\n${items.map((item) => `- ${item}`).join('\n')}\n`;
}

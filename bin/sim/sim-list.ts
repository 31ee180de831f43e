/** `norc sim list`: what is in the library, and what each scenario shows. */
import { createTerminal } from '../terminal.ts';
import { cut } from '../text.ts';
import { libraryNames, loadScenario } from './library.ts';

export function simList({ json }: { readonly json?: boolean }): void {
  const rows = libraryNames().map((name) => {
    const { title, verifies, failsWithout, world } = loadScenario(name);
    return { name, title, servers: world.servers.length, verifies, failsWithout };
  });
  const terminal = createTerminal();
  if (json) return terminal.print(JSON.stringify(rows, null, 2));
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, title } of rows) {
    terminal.print(cut(`${name.padEnd(width)}  ${title}`, terminal.columns));
  }
}

/** One command that asks a vector again, or all. */
import { quoted } from '../quoted.ts';

/** `command`: the adapter's; absent: the reference. */
export function rerunLine(command: string | undefined, id?: string): string {
  const adapter = command === undefined ? [] : ['--adapter', quoted(command)];
  const vector = id === undefined ? [] : ['--vector', id];
  return ['npx norc vectors check', ...adapter, ...vector].join(' ');
}

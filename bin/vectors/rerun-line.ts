/** One command that asks a vector again. */
import { quoted } from '../quoted.ts';

/** `command`: the adapter's; absent: the reference. */
export function rerunLine(command: string | undefined, id: string): string {
  const words = command === undefined ? [] : ['--adapter', quoted(command)];
  return ['npx norc vectors check', ...words, '--vector', id].join(' ');
}

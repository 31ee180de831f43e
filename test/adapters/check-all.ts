/**
 * `npm run vectors:check`: the vectors against the reference, against every adapter whose language
 * is installed, and confirmed by the second implementation. Exit code 1 when one of them differs or
 * cannot be made ready.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checker, type LanguageAdapter, languageAdapters } from './languages.ts';
import { vectorFolder } from './vector-files.ts';

const norc = fileURLToPath(new URL('../../bin/norc.js', import.meta.url));
const check = [process.execPath, norc, 'vectors', 'check'];

/** Whether it ended well. Its output is ours. */
function runs([program = '', ...words]: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'inherit' }).status === 0;
}

/** For the shell that starts an adapter. */
const line = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' ');

function judged({ name, prepare }: LanguageAdapter): boolean {
  const readiness = prepare();
  switch (readiness.kind) {
    case 'absent':
      console.log(`${name}: skipped, ${readiness.reason}\n`);
      return true;
    case 'broken':
      console.log(`${name}: cannot be made ready, ${readiness.reason}\n`);
      return false;
    case 'ready':
      return runs([...check, '--adapter', line(readiness.command)]);
  }
}

function confirmed(): boolean {
  const readiness = checker.prepare();
  return readiness.kind === 'ready' ? runs([...readiness.command, vectorFolder]) : true;
}

const ends = [runs(check), ...languageAdapters.map(judged), confirmed()];
if (ends.includes(false)) process.exitCode = 1;

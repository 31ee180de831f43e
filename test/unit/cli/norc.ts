/** The command line as a shell runs it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves as soon as one of the streams has said something that matches. */
  said(pattern: RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
}

type Variables = { readonly [name: string]: string };

export function startNorc(words: readonly string[], variables: Variables = {}): Running {
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
  const child = spawn(process.execPath, ['bin/norc.js', ...words], {
    cwd: root,
    env: { ...env, ...variables },
  });
  const said = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return {
    child,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(said.stdout + said.stderr)) resolve();
        };
        waiting.add(look);
        look();
        void ended.then(({ stderr }) => reject(new Error(`it has ended: ${stderr}`)));
      }),
  };
}

export const norc = (words: readonly string[], variables?: Variables): Promise<Ended> =>
  startNorc(words, variables).ended;

/** The reference without these guards, as a command. */
export const lenient = (...off: readonly string[]): string =>
  ['exec', 'node', '--import', 'tsx', 'test/unit/cli/lenient-reference.ts', ...off].join(' ');

/** False for one that was killed and is not yet buried by its parent. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\tZ/m.test(readFileSync(status, 'utf8'));
}

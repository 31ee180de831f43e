/**
 * A process and all that it starts. Nothing of it outlives us: not when we end, are interrupted or
 * crash (an exit hook), nor when we are killed outright (a watchdog that sees our end of a pipe
 * close).
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

export interface ProcessGroup {
  readonly child: {
    readonly stdin: Writable;
    readonly stdout: Readable;
    readonly stderr: Readable;
  };
  /** Resolves when the process has ended, to how. */
  readonly ended: Promise<Ending>;
  /** SIGTERM; after the limit, SIGKILL. Resolves when the process is gone. */
  stop(withinMs: number): Promise<void>;
  /** SIGKILL at once, to all of the group. */
  kill(): Promise<void>;
}

export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  /** It was never there: no such program, not executable. */
  | { readonly kind: 'unstarted'; readonly reason: string };

export interface Spawned {
  /** A list is a program and its arguments; a text is a line for the shell. */
  readonly command: string | readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** POSIX kills a group by its negative id; elsewhere only the process itself can be ended. */
const HAS_GROUPS = process.platform !== 'win32';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** 128 and the number of the signal, as shells report it. */
const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const living = new Set<() => void>();

export function startGroup(spawned: Spawned): ProcessGroup {
  const child = spawnChild(spawned);
  const ended = endingOf(child);
  const watchdog = watch(child);
  const killNow = (): void => signalGroup(child, 'SIGKILL');
  hookOnce();
  living.add(killNow);
  void ended.then(() => {
    // What it has started and left behind goes too.
    killNow();
    living.delete(killNow);
    watchdog();
  });
  return {
    child,
    ended,
    async stop(withinMs) {
      signalGroup(child, 'SIGTERM');
      const impatience = setTimeout(killNow, withinMs);
      await ended;
      clearTimeout(impatience);
    },
    async kill() {
      killNow();
      await ended;
    },
  };
}

function spawnChild({ command, directory, environment }: Spawned): ChildProcessWithoutNullStreams {
  const options = { cwd: directory, env: environment, detached: HAS_GROUPS };
  if (typeof command === 'string') return spawn(command, { ...options, shell: true });
  const [program = '', ...rest] = command;
  return spawn(program, rest, options);
}

async function endingOf(child: ChildProcessWithoutNullStreams): Promise<Ending> {
  // Writing to a process that has gone is no news: its end is reported here.
  child.stdin.on('error', () => {});
  try {
    // `close` comes after the last output, which may say why it ended. A descendant can hold the
    // output open for ever, so the end of the process itself bounds the wait.
    const [code, signal] = await once(child, 'exit');
    await drained(child);
    return code === null ? { kind: 'signal', signal } : { kind: 'exit', code };
  } catch (error) {
    return { kind: 'unstarted', reason: error instanceof Error ? error.message : String(error) };
  }
}

const DRAIN_MS = 200;

async function drained(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.stdout.readableEnded && child.stderr.readableEnded) return;
  let limit: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([new Promise((resolve) => child.once('close', resolve)), patience]);
  clearTimeout(limit);
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (HAS_GROUPS) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Kills the group when our end of its standard input closes. Returns what dismisses it. */
function watch({ pid }: ChildProcessWithoutNullStreams): () => void {
  if (pid === undefined || !HAS_GROUPS) return () => {};
  const script = 'read -r line; [ "$line" = dismissed ] || kill -9 "-$1"';
  const watchdog = spawn('/bin/sh', ['-c', script, 'watchdog', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {}); // without a shell there is no watchdog; the exit hook remains
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return () => void watchdog.stdin.end('dismissed\n');
}

let isHooked = false;

function hookOnce(): void {
  if (isHooked) return;
  isHooked = true;
  process.on('exit', killAll);
  for (const signal of SIGNALS) {
    // First of all listeners: one that listens once no longer counts when it has been called.
    process.prependListener(signal, () => {
      // Whoever else listens for the signal ends the run in its own way, and then `exit` comes.
      if (process.listenerCount(signal) > 1) return;
      killAll();
      process.exit(SIGNAL_EXIT[signal]);
    });
  }
}

function killAll(): void {
  for (const killNow of living) killNow();
}

/** What a process did, behind its name. */
export function endingText(ending: Ending): string {
  switch (ending.kind) {
    case 'exit':
      return `ended by itself with code ${ending.code}`;
    case 'signal':
      return `was ended by ${ending.signal}`;
    case 'unstarted':
      return `could not be started: ${ending.reason}`;
  }
}

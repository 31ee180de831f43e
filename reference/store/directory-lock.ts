/**
 * One process at a time in a data directory. The lock is a file that names its holder; it outlives
 * a holder that was killed, so the name must tell a dead process from another one that got its
 * number: pid, and where the system tells it (Linux) the boot and the tick at which the process
 * started.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DirectoryHeld extends Error {
  override readonly name = 'DirectoryHeld';
}

interface Holder {
  readonly pid: number;
  /** Null where the system does not tell. */
  readonly started: string | null;
}

const ATTEMPTS = 3;
/** Directories that this process itself holds. */
const held = new Set<string>();

/** Returns what releases it. Throws DirectoryHeld. */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, 'lock');
  if (held.has(directory)) throw heldBy(directory, process.pid);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(file)) {
      held.add(directory);
      return () => {
        if (held.delete(directory)) rmSync(file, { force: true });
      };
    }
    const holder = read(file);
    if (holder !== null && isAlive(holder)) throw heldBy(directory, holder.pid);
    putAway(file, holder);
  }
  throw new DirectoryHeld(`${directory}: several processes try to take it at once; start one`);
}

/** A link appears with its content or not at all, and never replaces another. */
function create(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a dead holder. Between reading and removing, another process may have done so
 * and taken the lock: then what was moved is not what was read, and goes back.
 */
function putAway(file: string, expected: Holder | null): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = read(aside);
  if (JSON.stringify(moved) !== JSON.stringify(expected)) {
    try {
      linkSync(aside, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

function read(file: string): Holder | null {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) ? { pid, started: started ?? null } : null;
  } catch {
    return null; // gone, or cut short by a crash of the machine: nobody holds it
  }
}

function isAlive({ pid, started }: Holder): boolean {
  // Our own number and not in `held`: a predecessor, as in a container, where numbers repeat.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return started === null || started === startOf(pid);
}

/** Boot and start tick of a process; null where the system does not tell, or it has ended. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, tick] = [fields[0], fields[19]];
    return state === 'Z' || state === 'X' ? null : `${boot}/${tick}`;
  } catch {
    return null;
  }
}

function heldBy(directory: string, pid: number): DirectoryHeld {
  return new DirectoryHeld(
    `${directory}: held by process ${pid}; stop it, or choose another data directory`,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

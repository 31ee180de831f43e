/**
 * Where a server listens to its operator: a Unix socket in a folder of the data directory that
 * nobody else may enter. The folder keeps others out from the first moment; the mode of a socket can
 * only be set when it is there already, and some systems do not look at it.
 */
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The socket cannot be where it must be. What, and how to mend it. */
export class BadOperatorPlace extends Error {
  override readonly name = 'BadOperatorPlace';
}

/** What every system takes (sun_path); a longer one would be cut short without a word. */
const MOST_PATH_BYTES = 103;

const folderOf = (directory: string): string => join(directory, 'operator');

/** As seen from the working directory where that is shorter. Throws BadOperatorPlace. */
export function operatorSocket(directory: string): string {
  const path = join(folderOf(directory), 'socket');
  const near = relative(process.cwd(), path);
  const short = Buffer.byteLength(near) < Buffer.byteLength(path) ? near : path;
  if (Buffer.byteLength(short) <= MOST_PATH_BYTES) return short;
  throw new BadOperatorPlace(
    `${path}: longer than the ${MOST_PATH_BYTES} bytes that a socket may have; choose a shorter folder`,
  );
}

/**
 * Makes the folder, and takes away the socket of a server that was killed. Whoever calls holds the
 * lock of the data directory, so nobody listens there. Throws BadOperatorPlace.
 */
export function prepareOperatorPlace(directory: string): string {
  const folder = folderOf(directory);
  if (!lstatSync(folder, { throwIfNoEntry: false })) mkdirSync(folder, { mode: 0o700 });
  // A link would lead the socket into a folder of somebody else's choice.
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new BadOperatorPlace(`${folder}: not a folder of ours; move it away`);
  }
  chmodSync(folder, 0o700);
  const path = operatorSocket(directory);
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present && !present.isSocket()) {
    throw new BadOperatorPlace(`${path}: in the way, and no socket; move it away`);
  }
  rmSync(path, { force: true });
  return path;
}

/** Folders that the user names for something to be written into. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Makes it where it is missing. Throws UsageError, naming `flag`, where nothing can be written. */
export function makeFolder(path: string, flag: string): void {
  try {
    makeEach(resolve(path));
    accessSync(path, constants.W_OK);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    const why = code === undefined ? message : `cannot be written to (${code})`;
    throw new UsageError(`${flag} ${path}: ${why}; name a folder of your own`);
  }
}

/** One by one from the top: the recursion of mkdir itself never ends below /proc. */
function makeEach(folder: string): void {
  if (!existsSync(folder)) {
    makeEach(dirname(folder));
    makeOne(folder);
  } else if (!statSync(folder).isDirectory()) {
    throw new Error(`${folder} is no folder`);
  }
}

/** Another run may have made it meanwhile. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}

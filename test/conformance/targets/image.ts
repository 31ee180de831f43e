/** A subject that runs in a container, under the same contract as one that a command starts. */
import { type StartedOptions, startedTarget } from './started.ts';
import type { SubjectFiles } from './subject-files.ts';
import type { Target } from './target.ts';

export interface ImageOptions extends Pick<StartedOptions, 'authority' | 'readyWithinMs'> {
  /** As a container engine knows it: `example/norc-server:1.0`. */
  readonly image: string;
  /** Beside what the start contract sets. */
  readonly environment?: { readonly [name: string]: string };
}

/** Where the files of the contract are, inside. */
const INSIDE = '/norc';

export function imageTarget({ image, environment: own, ...rest }: ImageOptions): Target {
  return startedTarget({
    ...rest,
    name: image,
    async begin(files) {
      // Loaded here only: nobody else needs what talks to container engines.
      const { startContainer } = await import('./container.ts');
      const environment = { ...own, ...environmentInside(files) };
      const mount = { source: files.directory, target: INSIDE };
      return startContainer({ image, environment, mount });
    },
  });
}

function environmentInside({ directory, environment }: SubjectFiles) {
  const moved = Object.entries(environment).map(([name, value]) => [
    name,
    value.startsWith(directory) ? INSIDE + value.slice(directory.length) : value,
  ]);
  return Object.fromEntries(moved) as SubjectFiles['environment'];
}

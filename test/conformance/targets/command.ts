/** A subject that a command starts. */
import { fileURLToPath } from 'node:url';
import { startGroup } from './process-group.ts';
import { referenceCommand } from './reference-command.ts';
import { type StartedOptions, startedTarget } from './started.ts';
import type { Target } from './target.ts';

export interface CommandOptions extends Pick<StartedOptions, 'authority' | 'readyWithinMs'> {
  /** Default: the reference. A text is a line for the shell. */
  readonly command?: string | readonly string[];
  /** Where it is started. Default: here; for the reference, its own package. */
  readonly directory?: string;
  /** Beside what the start contract sets. */
  readonly environment?: { readonly [name: string]: string };
}

const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

export function commandTarget(options: CommandOptions): Target {
  const { command, environment: own, ...rest } = options;
  const directory = options.directory ?? (command ? process.cwd() : packageRoot);
  return startedTarget({
    ...rest,
    name: command ? [command].flat().join(' ') : 'the reference',
    async begin(files) {
      const environment = { ...foreignEnvironment(), ...own, ...files.environment };
      return startGroup({ command: command ?? (await referenceCommand()), directory, environment });
    },
  });
}

/** The suite's own environment, without what is the contract's. */
function foreignEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('NORC_'));
  return Object.fromEntries(own);
}

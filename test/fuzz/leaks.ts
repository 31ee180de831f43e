/** References that keep what they should forget: inputs that end something never reach them. */
import type { Input } from '../../reference/core.ts';
import type { ServerNode } from '../../reference/node/server.ts';
import type { ScriptName } from './script.ts';

export interface LeakMutant {
  readonly name: string;
  readonly script: ScriptName;
  /** What grows. */
  readonly table: string;
  readonly bend: (node: ServerNode) => ServerNode;
}

const deafTo =
  (isLost: (input: Input) => boolean): LeakMutant['bend'] =>
  (node) => ({ handle: (input, now) => (isLost(input) ? [] : node.handle(input, now)) });

export const leaks: readonly LeakMutant[] = [
  {
    // Its pings alone would tell it in the end.
    name: 'never-learns-that-a-device-has-gone',
    script: 'client',
    table: 'client/connections',
    bend: deafTo(
      (input) =>
        input.type === 'connection-closed' ||
        (input.type === 'timer-fired' && input.timer.startsWith('client/')),
    ),
  },
  {
    name: 'never-learns-that-a-link-has-ended',
    script: 'federation',
    table: 'federation/links',
    bend: deafTo(({ type }) => type === 'link-closed'),
  },
];

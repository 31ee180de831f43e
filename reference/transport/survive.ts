/**
 * What no handler has caught must not end a process that serves others: a defect in an edge
 * concerns one connection, and the node behind it is whole (run-node.ts). For processes that do
 * nothing else.
 */
import type { RunningServer } from './serve.ts';

export function surviveFaults(server: RunningServer): void {
  process.on('unhandledRejection', (error) => server.fault({ during: 'rejection', error }));
  process.on('uncaughtException', (error) => server.fault({ during: 'exception', error }));
}

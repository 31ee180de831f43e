// The launcher of a worker: lets it run TypeScript without a build step, as bin/norc.js does.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');

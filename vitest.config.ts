import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,property,vector,scenario}/**/*.test.ts'],
    setupFiles: ['test/property/seed.ts'],
    // One process, shared modules: the schema compiler and the register are loaded once.
    pool: 'threads',
    isolate: false,
    // By default one core is left idle.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileScenario } from '../../sim/scenario/compile.ts';
import { drawScenario } from '../../sim/swarm/draw-scenario.ts';

test('every seed gives a scenario that can be run, and the same one again', () =>
  fc.assert(
    fc.property(fc.nat(2 ** 31), (seed) => {
      const text = JSON.stringify(drawScenario(seed));
      expect(JSON.stringify(drawScenario(seed))).toBe(text);
      const { world, plan, loads } = compileScenario(`seed ${seed}`, text);
      expect(world.seed).toBe(seed);
      expect(world.servers.length).toBeGreaterThanOrEqual(4);
      expect([plan.length, loads.length].every((count) => count > 0)).toBe(true);
    }),
  ));

/**
 * Each guard of an establishment is reached by one fault, refuses, and is missed when it is off.
 */
import { describe, expect, test } from 'vitest';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { brokenAt, establish, logsOf, statuses } from './deeds.ts';
import { type Fault, faults } from './faults.ts';
import { ACME, BRAVO, createWorld, pass, type World } from './pair.ts';

/** Runs the establishment with its fault; `off`: guards that the judge lacks. */
function play(fault: Fault, off: readonly RequirementId[] = []): World {
  const lacking = (server: string) => (fault.judge === server ? { off } : {});
  const world = createWorld({
    [ACME]: { ...fault.acme, ...lacking(ACME) },
    [BRAVO]: { ...fault.bravo, ...lacking(BRAVO) },
  });
  if (fault.lenientLink) world.federationVersion = '1.0';
  fault.arrange(world);
  establish(world, fault.wish);
  return world;
}

describe.each(faults)('$name', (fault) => {
  test(`is refused by ${fault.id} and establishes nothing`, () => {
    const world = play(fault);
    expect(brokenAt(world, fault.judge)[0]).toBe(fault.id);
    const [refusal] = logsOf(world, fault.judge).filter((entry) => entry.event === 'refused');
    expect(refusal).toMatchObject({ code: fault.code });
    // A requester that could not be told learns it when the certificate is taken back.
    pass(world, 400);
    expect(statuses(world)).not.toContain('active');
  });

  test(`is not refused so by a build without ${fault.id}`, () => {
    const world = play(fault, [fault.id]);
    expect(brokenAt(world, fault.judge)[0]).not.toBe(fault.id);
  });
});

test('without any fault there is trust both ways', () => {
  const world = createWorld();
  establish(world);
  expect(statuses(world)).toEqual(['active', 'active', 'active', 'active']);
});

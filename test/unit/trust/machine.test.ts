/** The phases that runs go through are those of the machines of profile 2.3, and no others. */
import { expect, test } from 'vitest';
import { machines } from '../../../spec/emitted/machines.ts';
import { approve, ask, establish } from './deeds.ts';
import { ACME, BRAVO, createWorld, pass, restart, serverOf, settle, type World } from './pair.ts';

type Machine = 'trust-requester' | 'trust-responder';

/** Phases of the run as its row was written, in order; its end as `ended`. */
function phasesOf(world: World, server: string, key: string): string[] {
  const phases = serverOf(world, server).effects.flatMap((effect) => {
    if (effect.type !== 'persist' || effect.table !== 'trust-run' || effect.key !== key) return [];
    const value = effect.value as { phase?: string } | null;
    return [value?.phase ?? 'ended'];
  });
  return phases.filter((phase, at) => phase !== phases[at - 1]);
}

function expectRows(machine: Machine, phases: readonly string[]): void {
  const rows: readonly { from: readonly string[]; to: string }[] = machines[machine].transitions;
  for (const [at, to] of phases.entries()) {
    const from = phases[at - 1];
    if (from === undefined || from === 'ended') continue;
    // An end that is reached by way of others is written down once.
    const reaches = rows.some((row) => row.from.includes(from) && row.to === to);
    const ends = to === 'ended' && rows.some((row) => row.from.includes(from));
    expect(reaches || ends, `${machine}: ${from} to ${to}`).toBe(true);
  }
}

const worlds: [string, () => World][] = [
  ['an establishment', () => played(() => {})],
  ['a lost decision', () => played((world) => lose(world, 'trust_decision'))],
  ['a lost acknowledgment', () => played((world) => lose(world, 'trust_acknowledgment'))],
  ['a hidden domain', () => played((world) => deafen(world))],
  ['an operator', () => withOperator()],
  ['a crossing', () => crossed()],
];

test.each(worlds)('%s goes by the tables', (_, play) => {
  const world = play();
  for (const [server, peer] of [
    [ACME, BRAVO],
    [BRAVO, ACME],
  ] as const) {
    expectRows('trust-requester', phasesOf(world, server, `requester/${peer}`));
    expectRows('trust-responder', phasesOf(world, server, `responder/${peer}`));
  }
});

function played(arrange: (world: World) => void): World {
  const world = createWorld();
  arrange(world);
  establish(world);
  pass(world, 1000);
  return world;
}

function lose(world: World, type: string): void {
  world.tap = (envelope) => (envelope.message?.type === type ? [] : [envelope]);
}

function deafen(world: World): void {
  world.dns = 'failure';
}

function withOperator(): World {
  const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { requireManualApproval: true } } });
  establish(world);
  restart(world, BRAVO);
  approve(world, BRAVO, ACME, 'approve');
  pass(world, 1000);
  return world;
}

function crossed(): World {
  const world = createWorld();
  ask(world, { from: ACME, to: BRAVO });
  ask(world, { from: BRAVO, to: ACME });
  settle(world);
  pass(world, 1000);
  return world;
}

/** Watching oneself and others: warnings, outages, reports that cost, roots that must not change. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../reference/time.ts';
import { healthCost } from '../../../reference/trust/monitoring/health-cost.ts';
import { createState } from '../../../reference/trust/state.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import { auditsOf, bend, brokenAt, establish, lastOf } from './deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  pass,
  present,
  restart,
  serverOf,
  settle,
  type World,
} from './pair.ts';

const DAY = 86_400;

function related(options: Parameters<typeof createWorld>[0] = { [ACME]: {}, [BRAVO]: {} }): World {
  const world = createWorld(options);
  establish(world);
  return world;
}

function checkHealth(world: World, days = 1): TrustHealthReport {
  const acme = present(world, ACME);
  acme.layer.inquire({ command: 'check-health', server: BRAVO, days }, acme.context);
  settle(world);
  return lastOf(world, 'trust_health_report');
}

function askRoot(world: World): void {
  const acme = present(world, ACME);
  acme.layer.inquire({ command: 'ask-audit-root', server: BRAVO }, acme.context);
  settle(world);
}

const actionsAt = (world: World, id: string) => auditsOf(world, id).map(({ action }) => action);

describe('the end of a certificate', () => {
  test('T-HLTH-03: is warned of once, thirty days ahead or more', () => {
    const world = related();
    const isWarned = () =>
      auditsOf(world, ACME).filter(({ action }) => action === 'warned of the end of a certificate');
    pass(world, 59 * DAY);
    expect(isWarned()).toEqual([]);
    pass(world, DAY);
    const warnings = isWarned();
    expect(warnings.length).toBeGreaterThan(0);
    const left = Number(warnings[0]?.parameters.not_after) - world.now / 1_000_000;
    expect(left).toBeGreaterThanOrEqual(30 * DAY - 120);
    const ids = warnings.map(({ parameters }) => parameters.certificate_id);
    pass(world, 5 * DAY);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a report of a server about itself', () => {
  test('tells of the time for which it was away', () => {
    const world = related();
    pass(world, 12 * 3600);
    world.now += seconds(12 * 3600); // nobody is there
    restart(world, BRAVO);
    const { health_metrics: metrics, risk_factors: risks } = checkHealth(world);
    expect(metrics.uptime_percentage).toBeGreaterThan(40);
    expect(metrics.uptime_percentage).toBeLessThan(60);
    expect(risks.map(({ risk_type: type }) => type)).toContain('downtime');
  });

  test('is believed only when it was asked for and signed', () => {
    const world = related();
    bend(world, 'trust_health_report', (message) => ({ ...message, overall_trust_score: 1 }), null);
    checkHealth(world);
    expect(brokenAt(world, ACME)).toContain('X-SIG-02');
    expect(actionsAt(world, ACME)).not.toContain('took in a health report');
  });

  test('T-HLTH-02: costs nothing or something, and never less than nothing', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.nat(60 * DAY), (tenths, ageSeconds) => {
        const { config, context, audit } = present(createWorld({ [ACME]: {} }), ACME);
        const state = createState();
        const atSeconds = Math.floor(context.now / 1_000_000) - ageSeconds;
        const told = { certificateStatus: 'active', incidents: 0, roundTripMs: 1 };
        state.monitoring.reports.set(BRAVO, { ...told, atSeconds, score: tenths / 10 });
        const link = { post() {}, answer() {}, standingChanged() {}, fetchList() {} };
        const cost = healthCost({ config, link, audit, state, context }, BRAVO);
        expect(cost).toBeGreaterThanOrEqual(0);
        if (ageSeconds > 30 * DAY || tenths >= 800) expect(cost).toBe(0);
        else if (ageSeconds < 30 * DAY) expect(cost).toBeGreaterThan(0);
      }),
      { numRuns: 50, examples: [799, 800, 801].map((tenths): [number, number] => [tenths, 0]) },
    ));
});

describe('the root of a peer (S-29)', () => {
  test('is kept over a restart, and may grow while the day goes on', () => {
    const world = related();
    askRoot(world);
    restart(world, ACME);
    askRoot(world);
    expect(actionsAt(world, ACME)).toContain('took in an audit root');
    expect(actionsAt(world, ACME)).not.toContain('audit root of a day has changed');
  });

  test('T-AUD-02: that changes without growing is an incident', () => {
    const world = related();
    askRoot(world);
    const { root_hash: root = '', entry_count: count = 0 } = lastOf(world, 'audit_root');
    const other = root.startsWith('A') ? `B${root.slice(1)}` : `A${root.slice(1)}`;
    const change = { root_hash: other, entry_count: count, inclusions: [] };
    bend(world, 'audit_root', (message) => ({ ...message, ...change }), 'signature');
    askRoot(world);
    expect(actionsAt(world, ACME)).toContain('audit root of a day has changed');
  });

  test('T-AUD-02: whose entries do not lie under it is refused', () => {
    const world = related();
    const change = { tree_root: 'A'.repeat(43) };
    bend(world, 'audit_root', (message) => ({ ...message, ...change }), 'signature');
    askRoot(world);
    expect(brokenAt(world, ACME)).toContain('T-AUD-02');
  });
});

test('a server that is never asked keeps what it holds within bounds', () => {
  const world = related();
  pass(world, 2 * DAY);
  const rows = serverOf(world, ACME)
    .store.load()
    .filter(({ table }) => table === 'monitoring');
  expect(rows.map(({ key }) => key)).toEqual(['running']);
});

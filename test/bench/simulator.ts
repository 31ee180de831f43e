/**
 * `npm run bench:sim`: what the simulator carries in a second of one core of this machine, by the time
 * that the process was given, so that others on it do not count. Full servers with devices: every
 * message is sealed, relayed, acknowledged and opened. Not a test.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { createKernel } from '../../sim/kernel/kernel.ts';
import { createStream } from '../../sim/philox.ts';
import { startRun } from '../../sim/run.ts';
import { compileScenario } from '../../sim/scenario/compile.ts';
import type { CryptoTier } from '../../sim/world/world-spec.ts';
import { type Measure, median, printTable } from './measure.ts';

const primitives = await createNodePrimitives();
/** Longest that one figure takes. */
const WINDOW_SECONDS = 8;
const SLICE_EVENTS = 500;
const ROUNDS = 5;
const ROUND_SECONDS = 0.2;

const kernelRate = bareKernel();
const ed25519Rate = bareEd25519();

printTable('Kernel alone, 100,000 events pending', [
  { what: 'take one, push one', rate: kernelRate, beside: 'near, far and tied' },
]);
printTable('Ed25519 alone', [{ what: 'sign and verify 1 KiB', rate: ed25519Rate, beside: '' }]);
console.log(`
An event is a message that has arrived at a server from another, or a timer of a server that has
fired. Frames of devices, look-ups and dials are not counted, though they cost as much. Scale-free
links of degree 2, all trust established from second 1 on, each server relaying once in two seconds.
`);
printTable('Simulated events', [
  ...[10, 200, 2000].map((servers) => simulate(servers, 'symbolic')),
  ...[10, 200].map((servers) => simulate(servers, 'memo')),
  ...[10, 200].map((servers) => simulate(servers, 'real')),
]);

function simulate(servers: number, crypto: CryptoTier): Measure {
  const scenario = compileScenario('bench', scenarioOf(servers, crypto));
  const heapBefore = process.memoryUsage().heapUsed;
  const run = withoutAmbient(() => startRun(scenario, { primitives }));
  const begun = cpuSeconds();
  let isRunning = true;
  while (isRunning && cpuSeconds() - begun < WINDOW_SECONDS) {
    isRunning = withoutAmbient(() => run.advance(SLICE_EVENTS));
  }
  const seconds = cpuSeconds() - begun;
  const heapMegabytes = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
  const { counts, status } = run.result();
  if (status === 'erred' || status === 'failed') throw new Error(`${servers} servers: ${status}`);
  const rate = (counts.delivered + counts.timers) / seconds;
  const kernel = ((counts.events / seconds / kernelRate) * 100).toFixed(1);
  const all = Math.round(counts.events / seconds);
  return {
    what: `${servers} servers, ${crypto}`,
    rate,
    beside: `${all} kernel events/s (${kernel} % of it alone), ${(rate / ed25519Rate).toFixed(2)} of Ed25519, ${heapMegabytes.toFixed(0)} MB, ${(counts.endedAt / 10_000).toFixed(1)} s simulated`,
  };
}

function scenarioOf(servers: number, crypto: CryptoTier): string {
  return `
scenario: ${servers} servers
seed: 1
for: 2min
crypto: ${crypto}
servers: { node: { count: ${servers}, users: 1 } }
links: { shape: barabasi-albert, degree: 2, latency: 20ms, jitter: 5ms }
trust: { establish: along-links, at: 1s, every: 1ms }
workload: [{ relay: { from: any, to: any, rate: ${servers / 2}/s, at: 8s, for: 100s } }]
expect: [{ never: message-displayed-twice }]
`;
}

/** Events at random distances, as many as there are pending. */
function bareKernel(): number {
  const kernel = createKernel({ seed: 1 });
  const stream = createStream({ seed: 1, entity: 0, purpose: 0 });
  const delays = Int32Array.from({ length: 4096 }, () => 1 + stream.below(200_000));
  let at = 0;
  const push = (): void => {
    at = (at + 1) & 4095;
    kernel.push(kernel.now + (delays[at] as number), 1, 0, null);
  };
  for (let event = 0; event < 100_000; event += 1) push();
  const perRound = 1000;
  return (
    perRound *
    perCpuSecond(() => {
      for (let event = 0; event < perRound; event += 1) {
        kernel.take(Number.POSITIVE_INFINITY);
        push();
      }
    })
  );
}

function bareEd25519(): number {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const message = new Uint8Array(1024);
  return perCpuSecond(() => verify(null, message, publicKey, sign(null, message, privateKey)));
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function perCpuSecond(work: () => unknown): number {
  const rates = Array.from({ length: ROUNDS }, () => {
    const begun = cpuSeconds();
    let times = 0;
    while (cpuSeconds() - begun < ROUND_SECONDS) {
      work();
      times += 1;
    }
    return times / (cpuSeconds() - begun);
  });
  return median(rates);
}

/**
 * `npm run bench:sim`: what the simulator carries in a second of one core of this machine, by the time
 * that the process was given, so that others on it do not count. Full servers with devices: every
 * message is sealed, relayed, acknowledged and opened. `--big` sets up 10,000 servers as well, which
 * takes minutes. Not a test.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { createKernel } from '../../sim/kernel/kernel.ts';
import { createStream } from '../../sim/philox.ts';
import { type Run, startRun } from '../../sim/run.ts';
import { compileScenario } from '../../sim/scenario/compile.ts';
import { TICKS_PER_SECOND, ticksOf } from '../../sim/ticks.ts';
import type { CryptoTier } from '../../sim/world/world-spec.ts';
import { type Measure, median, printTable } from './measure.ts';

const primitives = await createNodePrimitives();
/** Up to 4,000 links have trust before this second of the simulation, and relays flow from it on. */
const RELAYS_FROM_SECONDS = 8;
/** After the set-up: until the engine has compiled most of what runs, and then what is measured. */
const WARM_SECONDS = 6;
const MEASURED_SECONDS = 6;
const SLICE_EVENTS = 500;
const ROUNDS = 5;
const ROUND_SECONDS = 0.2;

interface SetUp {
  readonly what: string;
  readonly trusts: number;
  readonly setUpSeconds: number;
  /** Heap and buffers after the set-up, without what can be freed where `--expose-gc` is given. */
  readonly setUpMegabytes: number;
}

/** Of one size in one tier. */
interface Figures extends SetUp {
  readonly eventRate: number;
  /** Those of the events that passed between two servers. */
  readonly betweenRate: number;
  readonly kernelRate: number;
  readonly simulatedSeconds: number;
}

const kernelRate = bareKernel();
const ed25519Rate = bareEd25519();
const figures = [
  ...[10, 200, 2000].map((servers) => simulate(servers, 'symbolic')),
  ...[10, 200].map((servers) => simulate(servers, 'memo')),
  ...[10, 200].map((servers) => simulate(servers, 'real')),
];

printTable('Kernel alone, 100,000 events pending', [
  { what: 'take one, push one', rate: kernelRate, beside: 'near, far and tied' },
]);
printTable('Ed25519 alone', [{ what: 'sign and verify 1 KiB', rate: ed25519Rate, beside: '' }]);
console.log(`
Full servers with one device each, scale-free links of degree 2. Set-up is everything before the
first relay: keys, certificates, enrolment, trust in both directions along every link.`);
printTable('Set-up: links with trust', figures.map(setUpOf));
if (process.argv.includes('--big')) {
  const size = { servers: 10_000, degree: 1, crypto: 'symbolic' } as const;
  printTable('Set-up of many, each linked to one before it', [
    { ...setUpOf(settle({ ...size, users: 0 }).setUp), what: '10,000 servers without devices' },
    { ...setUpOf(settle({ ...size, users: 1 }).setUp), what: '10,000 servers, one device each' },
  ]);
}
console.log(`
An event is a message that has arrived at a server or at a device, or a timer of a server that has
fired. A relay is sealed, sent, accepted, relayed, acknowledged, delivered, opened and confirmed: two
of its messages pass between servers. Two relays a second from each server, to servers it has a link
with.`);
printTable('Relays: events', figures.map(relaysOf));

interface Size {
  readonly servers: number;
  readonly users: number;
  readonly degree: number;
  readonly crypto: CryptoTier;
}

/** Everything before the first relay. */
function settle(size: Size): { readonly run: Run; readonly setUp: SetUp } {
  const scenario = compileScenario('bench', scenarioOf(size));
  const before = megabytes();
  const begun = cpuSeconds();
  const run = withoutAmbient(() => startRun(scenario, { primitives }));
  advance(run, { ticks: ticksOf(relaysFrom(size) * 1e6), seconds: Number.POSITIVE_INFINITY });
  const setUpSeconds = cpuSeconds() - begun;
  const setUpMegabytes = megabytes() - before;
  const what = `${size.servers} servers, ${size.crypto}`;
  return { run, setUp: { what, trusts: scenario.edges.length, setUpSeconds, setUpMegabytes } };
}

function simulate(servers: number, crypto: CryptoTier): Figures {
  const { run, setUp } = settle({ servers, users: 1, degree: 2, crypto });
  const whole = { ticks: Number.POSITIVE_INFINITY };
  advance(run, { ...whole, seconds: WARM_SECONDS });
  const from = run.counts();
  const seconds = advance(run, { ...whole, seconds: MEASURED_SECONDS });
  const to = run.counts();
  const { status } = run.result();
  if (status === 'erred' || status === 'failed') throw new Error(`${servers} servers: ${status}`);
  const between = to.delivered - from.delivered;
  const counted = between + to.frames - from.frames + to.timers - from.timers;
  return {
    ...setUp,
    eventRate: counted / seconds,
    betweenRate: between / seconds,
    kernelRate: (to.events - from.events) / seconds,
    simulatedSeconds: to.endedAt / TICKS_PER_SECOND,
  };
}

/** Until that tick, or for so long of this process; gives how long it was. */
function advance(run: Run, { ticks, seconds }: { ticks: number; seconds: number }): number {
  const begun = cpuSeconds();
  let isRunning = true;
  while (isRunning && run.now < ticks && cpuSeconds() - begun < seconds) {
    isRunning = withoutAmbient(() => run.advance(SLICE_EVENTS));
  }
  return cpuSeconds() - begun;
}

function setUpOf({ what, trusts, setUpSeconds, setUpMegabytes }: SetUp): Measure {
  const beside = `${setUpSeconds.toFixed(1)} s for ${trusts} links, ${setUpMegabytes.toFixed(0)} MB`;
  return { what, rate: trusts / setUpSeconds, beside };
}

function relaysOf({ what, eventRate, simulatedSeconds, ...rest }: Figures): Measure {
  const ofKernel = ((rest.kernelRate / kernelRate) * 100).toFixed(2);
  const beside = [
    `${Math.round(rest.betweenRate)} between servers`,
    `${Math.round(rest.kernelRate)} kernel events/s, ${ofKernel} % of the kernel alone`,
    `${(eventRate / ed25519Rate).toFixed(2)} of Ed25519`,
    `${simulatedSeconds.toFixed(1)} s simulated`,
  ];
  return { what, rate: eventRate, beside: beside.join(', ') };
}

function megabytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Links are asked for one a millisecond. */
function relaysFrom({ servers, degree }: Size): number {
  return RELAYS_FROM_SECONDS + Math.ceil(Math.max(0, servers * degree - 4000) / 1000);
}

function scenarioOf(size: Size): string {
  const { servers, users, degree, crypto } = size;
  return `
scenario: ${servers} servers
seed: 1
for: 1h
crypto: ${crypto}
servers: { node: { count: ${servers}, users: ${users} } }
links: { shape: barabasi-albert, degree: ${degree}, latency: 20ms, jitter: 5ms }
trust: { establish: along-links, at: 1s, every: 1ms }
${users === 0 ? '' : workloadOf(size)}
expect: [{ never: message-displayed-twice }]
`;
}

function workloadOf(size: Size): string {
  const rate = Math.min(10_000, size.servers * 2);
  return `
workload:
  - relay: { from: any, to: neighbours, rate: ${rate}/s, at: ${relaysFrom(size)}s, for: 3500s }`;
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

/** A server in a real container, where a container engine runs (DOCKER_HOST is heeded). */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../../reference/core.ts';
import { type Authority, createAuthority } from '../../conformance/authority.ts';
import { SubjectUnreachable } from '../../conformance/ground.ts';
import { imageTarget } from '../../conformance/targets/image.ts';
import { createWeb } from '../../conformance/web.ts';
import { createZone } from '../../conformance/zone.ts';

const hasEngine = await getContainerRuntimeClient().then(
  () => true,
  () => false,
);
const image = 'localhost/norc-image-target-test:1';

/** Writes what it is told into DNS, counts its starts in its data, and dies when it is asked to. */
const script = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const { NORC_DATA_DIR, NORC_POLICY, NORC_VERSIONS } = process.env;
const say = (line) => console.log(JSON.stringify(line));
const count = NORC_DATA_DIR + '/starts';
const starts = existsSync(count) ? Number(readFileSync(count)) + 1 : 1;
writeFileSync(count, String(starts));
const { sessionSeconds } = JSON.parse(readFileSync(NORC_POLICY));
createInterface({ input: process.stdin }).on('line', (text) => {
  if (!text.startsWith('{"norc":"command"')) return;
  const { command } = JSON.parse(text);
  if (command === 'die') { console.error('as you wish'); process.exit(7); }
  say({ norc: 'publish-txt', name: 'told', value: command });
});
say({
  norc: 'ready', client_url: 'wss://127.0.0.1:1/norc-c', federation_port: 1,
  capabilities: ['starts-' + starts, 'session-' + sessionSeconds], versions: [NORC_VERSIONS],
});
`;

const folder = mkdtempSync(join(tmpdir(), 'norc-image-'));
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority();
  if (!hasEngine) return;
  for (const file of [process.execPath, ...librariesOf(process.execPath)]) {
    const inside = file === process.execPath ? '/bin/node' : file;
    mkdirSync(join(folder, dirname(inside)), { recursive: true });
    copyFileSync(file, join(folder, inside));
  }
  writeFileSync(join(folder, 'subject.mjs'), script);
  const dockerfile = 'FROM scratch\nCOPY . /\nENTRYPOINT ["/bin/node", "/subject.mjs"]\n';
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  await GenericContainer.fromDockerfile(folder).build(image, { deleteOnExit: false });
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true });
  if (!hasEngine) return;
  const { container } = await getContainerRuntimeClient();
  await container.dockerode.getImage(image).remove({ force: true });
});

/** Files that a program needs to start. */
function librariesOf(program: string): readonly string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  return text.match(/\/\S+/g) ?? [];
}

async function start(name = image) {
  const zone = createZone();
  let toldOfDeath = (_: SubjectUnreachable): void => {};
  const death = new Promise<SubjectUnreachable>((resolve) => {
    toldOfDeath = resolve;
  });
  const running = await imageTarget({ authority, image: name }).start({
    ...{ policy: { sessionSeconds: 61 }, versions: ['1.1'], dns: '127.0.0.1:53', zone },
    ...{ web: createWeb('http://web.test'), onDeath: toldOfDeath },
  });
  return { running, zone, death };
}

/** Of no meaning to any other server. */
const order = (command: string) => ({ command }) as unknown as Command;

async function left(): Promise<number> {
  const { container } = await getContainerRuntimeClient();
  const all = await container.list();
  return all.filter(({ Image }) => Image === image).length;
}

test.skipIf(!hasEngine)(
  'is told by files and commands, and keeps its data over a restart',
  async () => {
    const { running, zone } = await start();
    expect(running.facts).toMatchObject({ versions: ['1.1'] });
    expect(running.facts.capabilities).toEqual(['starts-1', 'session-61']);
    await running.restart();
    await running.command(order('hello'));
    await expect.poll(() => zone.txtOf('told')).toContain('hello');
    await running.close();
    expect(await left()).toBe(0);
  },
);

test.skipIf(!hasEngine)('that ends is told of with its last words', async () => {
  const { running, death } = await start();
  await running.command(order('die'));
  const { message, output } = await death;
  expect(message).toContain('7');
  expect(output).toContain('as you wish');
  await running.close();
  expect(await left()).toBe(0);
});

test.skipIf(!hasEngine)('that nobody has cannot be run', async () => {
  const starting = start('localhost/nobody/has-this:1');
  await expect(starting).rejects.toThrow(SubjectUnreachable);
  await expect(starting).rejects.toThrow(/nobody\/has-this:1 cannot be run: /);
});

test.skipIf(hasEngine)('without a container engine it is said what to do', async () => {
  await expect(start()).rejects.toThrow(/no container engine answers.*start Docker or Podman/);
});

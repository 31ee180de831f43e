/**
 * A container that looks like a process: it is told on standard input, answers on standard output, and
 * ends. It shares the network of the host, so that ports, names and the suite's DNS server are the same
 * inside and outside. Whatever of it outlives us, the reaper of testcontainers takes away.
 */
import { userInfo } from 'node:os';
import { PassThrough } from 'node:stream';
import { GenericContainer, getContainerRuntimeClient } from 'testcontainers';
import { SubjectUnreachable } from '../ground.ts';
import type { Ending, ProcessGroup } from './process-group.ts';

export interface ContainerOptions {
  readonly image: string;
  readonly environment: { readonly [name: string]: string };
  /** Of the host, and where it is inside. */
  readonly mount: { readonly source: string; readonly target: string };
}

type Client = Awaited<ReturnType<typeof getContainerRuntimeClient>>;
type Container = ReturnType<Client['container']['getById']>;
type Streams = ProcessGroup['child'];

/** One is there before the first byte is written: nothing that it says is lost. */
class Subject extends GenericContainer {
  readonly #client: Client;
  readonly streams = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  created: Container | null = null;

  constructor(image: string, client: Client) {
    super(image);
    this.#client = client;
  }

  protected override async beforeContainerCreated(): Promise<void> {
    this.createOpts.OpenStdin = true;
  }

  protected override async containerCreated(id: string): Promise<void> {
    const container = this.#client.container.getById(id);
    this.created = container;
    const all = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const line = await container.attach(all);
    const { stdin, stdout, stderr } = this.streams;
    container.modem.demuxStream(line, stdout, stderr);
    // Podman gives the container what asked for this line as well; that is no line of the contract.
    line.write('\n');
    stdin.pipe(line);
    for (const stream of [line, stdin]) stream.on('error', () => {}); // its end says enough
    line.once('close', () => {
      stdout.end();
      stderr.end();
    });
  }
}

/** Throws SubjectUnreachable: no container engine, no such image, or it cannot be run. */
export async function startContainer(options: ContainerOptions): Promise<ProcessGroup> {
  const { image, environment, mount } = options;
  const client = await getContainerRuntimeClient().catch(() => {
    throw new SubjectUnreachable(
      `no container engine answers, so ${image} cannot be run; start Docker or Podman, or set DOCKER_HOST`,
      '',
    );
  });
  const subject = new Subject(image, client)
    .withNetworkMode('host')
    .withEnvironment({ ...environment })
    .withBindMounts([{ ...mount, mode: 'rw' }]);
  if (await isRootful(client)) subject.withUser(ourselves());
  try {
    await subject.start();
  } catch (error) {
    await subject.created?.remove({ force: true }).catch(() => undefined);
    throw new SubjectUnreachable(`${image} cannot be run: ${(error as Error).message}`, '');
  }
  return processOf(subject.created as Container, subject.streams);
}

/** Root inside is us outside already, where the engine runs as we do. */
async function isRootful({ container }: Client): Promise<boolean> {
  const { SecurityOptions = [] } = await container.dockerode.info();
  return !SecurityOptions.some((option: string) => option.includes('rootless'));
}

/** Its files are for the owner alone. */
function ourselves(): string {
  const { uid, gid } = userInfo();
  return `${uid}:${gid}`;
}

function processOf(container: Container, child: Streams): ProcessGroup {
  const ended = endingOf(container);
  // It may have ended by itself, or be gone.
  const quietly = (doing: Promise<unknown>) => doing.catch(() => undefined);
  return {
    child,
    ended,
    async stop(withinMs) {
      await quietly(container.stop({ t: Math.ceil(withinMs / 1000) }));
      await ended;
    },
    async kill() {
      await quietly(container.kill());
      await ended;
    },
  };
}

async function endingOf(container: Container): Promise<Ending> {
  try {
    const { StatusCode } = await container.wait();
    return { kind: 'exit', code: StatusCode };
  } catch (error) {
    return { kind: 'unstarted', reason: (error as Error).message };
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
  }
}

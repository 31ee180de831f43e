// @ts-check
// An adapter that does what its first argument says: wrongly, but for `echo`. It answers a question
// with the members of the question's input, and knows every category but invented ones.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [mode = 'echo'] = process.argv.slice(2);
const identity = { name: 'fake', version: '1', language: 'JavaScript' };
/** @type {object[]} */
const held = [];
const HELD = 3;

/** @param {unknown} value */
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/**
 * @typedef {{ id: number, verb: string, category: string, input: object }} Request
 * @type {{ [mode: string]: (request: Request) => void }}
 */
const runs = {
  echo: ({ id, input }) => say({ id, ...input }),
  reversed({ id, input }) {
    held.unshift({ id, ...input });
    if (held.length === HELD) held.splice(0).forEach(say);
  },
  nonsense: () => process.stdout.write('no \u001b[2J JSON\n'),
  'long-line': () => process.stdout.write(`${'x'.repeat(5000)}\n`),
  'two-answers': ({ id }) => say({ id, output: {}, rejected: 'both' }),
  'no-answer': ({ id }) => say({ id }),
  'wrong-id': ({ id }) => say({ id: id + 1000, output: {} }),
  twice({ id, input }) {
    say({ id, ...input });
    say({ id, ...input });
  },
  'hello-again': ({ id }) => say({ id, ...identity }),
  hang: () => {},
  crash() {
    process.stderr.write('panic: \u001b[31mout of luck\n');
    process.exitCode = 7;
    process.stdin.destroy();
  },
  half() {
    process.stdout.write('{"id":');
    process.stdin.destroy();
  },
  endless() {
    const more = () => process.stdout.write('x'.repeat(1 << 20), more);
    more();
  },
  chatter({ id, input }) {
    process.stderr.write('gossip\n'.repeat(50_000), () => say({ id, ...input }));
  },
  leaves({ id, input }) {
    // A child of its own that would outlive it.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
      stdio: 'ignore',
    });
    say({ id, ...input, output: { pid: child.pid } });
  },
};

/** @param {Request} request */
function answer(request) {
  const { id, verb, category } = request;
  if (verb === 'hello') return void (mode === 'mute' ? null : say({ id, ...identity }));
  if (category === 'no-such-category' && mode !== 'dishonest') {
    return void say({ id, unsupported: true });
  }
  if (category === 'no-such-category') return void say({ id, output: {} });
  (runs[mode] ?? runs.echo)?.(request);
}

if (mode === 'no-start') {
  process.stderr.write('cannot find my library\n');
  process.exitCode = 3;
} else createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line)));

/** `norc trust audit`: the hash-chained log of a data folder (T-AUD-01, X-AUD-01). */
import { type Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly data: string;
  readonly json?: true;
  readonly verify?: true;
  readonly proof?: string;
  readonly head?: string;
  readonly since?: number;
  readonly certificate?: string;
}

export function registerAudit(group: Command): void {
  group
    .command('audit')
    .description('list the audit log of a data folder, verify it, prove an event; writes nothing')
    .requiredOption('--data <folder>', 'data folder of a server, running or not (its --data-dir)')
    .option('--verify', 'verify every entry and the root of every day')
    .option(
      '--proof <event>',
      'show that an event (its id or number) lies under the root of its day',
    )
    .option('--head <hash>', 'verify, and that the log has grown from this head, noted earlier')
    .option(
      '--since <time>',
      'list only from a date, or from so long ago: 7d, 12h, 30min',
      readSince,
    )
    .option('--certificate <file>', 'PEM of the server (default: tls/federation.pem of the folder)')
    .option('--json', 'print one JSON document')
    .addHelpText('after', helpAfter)
    .action(async ({ data, json, ...asked }: Flags) => {
      const { audit } = await import('./audit-command.ts');
      process.exitCode = await audit(data, asked, json ? 'json' : 'text');
    });
}

const helpAfter = `
A tail that was cut off the day that is not over leaves a shorter log that holds. Only a head that was
noted elsewhere tells: keep what --verify prints, and give it to --head the next time. Whoever can
write the folder can also replace the certificate in it: keep a copy, and name it with --certificate.

Exit codes: 0 it holds, 1 it is broken, 2 usage or it cannot be read`;

const unitSeconds: { readonly [unit: string]: number } = { d: 86_400, h: 3600, min: 60, s: 1 };

/** Seconds since 1970. */
function readSince(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})(d|h|min|s)$/.exec(text) ?? [];
  if (count !== '') return Math.floor(Date.now() / 1000) - Number(count) * (unitSeconds[unit] ?? 0);
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text);
  const at = isDate ? Date.parse(text) / 1000 : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new InvalidArgumentError('7d, 12h, 30min, 2026-01-31 or 2026-01-31T12:00:00Z.');
}

/** How a subject is named on the command line, alike for all that judge one. */
import type { Command } from 'commander';

export function withSubjectOptions(command: Command): Command {
  return command
    .option(
      '--command <line>',
      'start the subject with this command (start contract: spec/choices.md)',
    )
    .option('--image <name>', 'start it in a container of this image, under the same contract')
    .option('--ready-within <seconds>', 'time that it has to say it is ready (default: 20)')
    .option('--url <wss-url>', 'a server that runs already; goes with the next five')
    .option('--server-id <domain>', 'its domain name')
    .option('--token <text>', 'its enrolment token (default: $NORC_ENROLMENT_TOKEN)')
    .option('--certificate <file>', 'PEM with its Ed25519 key')
    .option('--public-key <base64url>', 'that key itself, instead')
    .option('--ca <file>', 'PEM of the root that it is certified by (default: the system’s)');
}

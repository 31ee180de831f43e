/**
 * The domain proof (T-RESP-04, L-T03): the responder asks DNS itself, from as many vantage points
 * as it has; what the requester says that DNS answers is never evidence.
 */
import { limits } from '../../../spec/limits.ts';
import type { LookupOutcome } from '../../core.ts';
import type { Micros } from '../../time.ts';
import { recordNameOf, taskOf } from '../establishment/challenge.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';

/** As many look-ups for each accepted request, and never more (S-31). */
export function askDomain(scope: Scope, run: ResponderRun): void {
  const stem = `trust/domain/${run.peer}/${run.challenge.challenge_id}`;
  const points = Array.from({ length: limits.dnsVantagePoints }, (_, at) => `${stem}/${at + 1}`);
  run.lookups = { outstanding: points, proven: true, seenAt: null };
  const name = recordNameOf(run.request.requesting_server);
  points.forEach((lookup, vantage) => {
    scope.context.emit({ type: 'look-up', lookup, name, record: 'TXT', vantage });
  });
}

/** True when this was the last answer that the run was waiting for. All must agree. */
export function takeAnswer(
  run: ResponderRun,
  lookup: string,
  outcome: LookupOutcome,
  now: Micros,
): boolean {
  const { outstanding, proven } = run.lookups;
  if (!outstanding.includes(lookup)) return false;
  const expected = taskOf(run.challenge, 'domain_ownership')?.expected_value;
  const isSeen = outcome.found === 'txt' && outcome.values.some((value) => value === expected);
  const left = outstanding.filter((one) => one !== lookup);
  run.lookups = { outstanding: left, proven: proven && isSeen, seenAt: now };
  return left.length === 0;
}

/** The peer that a look-up was made for, or undefined when it is none of ours. */
export function peerOf(lookup: string): string | undefined {
  const [layer, kind, peer] = lookup.split('/');
  return layer === 'trust' && kind === 'domain' ? peer : undefined;
}

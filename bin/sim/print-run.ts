/** What `norc sim run` says of a run, for people and for programs. */
import type { Verdict } from '../../sim/monitors/monitor.ts';
import { secondsText } from '../../sim/ticks.ts';
import { type Divergence, rowText } from '../../sim/trace/divergence.ts';
import type { Terminal } from '../terminal.ts';
import { durationText } from '../text.ts';
import type { Told } from './sim-run.ts';

const marks = { held: '✓', broken: '✗', unreached: '○' } as const;
const colours = { held: 'green', broken: 'red', unreached: 'yellow' } as const;

export function resultLines(told: Told, { paint }: Terminal): readonly string[] {
  const { scenario, result, isWhole, durationMs } = told;
  const { counts, trace } = result;
  const { delivered, frames, timers } = counts;
  const rate = Math.round((delivered + frames + timers) / Math.max(durationMs / 1000, 0.001));
  return [
    paint('bold', scenario.title),
    `${scenario.world.servers.length} servers, ${scenario.edges.length} links, seed ${scenario.world.seed}`,
    ...result.verdicts.map((verdict) => verdictLine(verdict, paint)),
    ...result.thrown.map((what) => paint('red', `! a node has thrown: ${what}`)),
    `${secondsText(counts.endedAt)} in ${durationText(durationMs)}: ${delivered} messages, ${frames} frames of devices, ${timers} timers, ${rate} a second`,
    ...(isWhole ? [] : [paint('yellow', `interrupted at ${secondsText(counts.endedAt)}`)]),
    ...(isWhole && result.status === 'unfinished'
      ? [`stopped after ${scenario.mostEvents} events: give most-events more, or the run less time`]
      : []),
    `trace ${trace.hash} (${trace.rows} records)`,
  ];
}

function verdictLine({ name, ids, status, at, why }: Verdict, paint: Terminal['paint']): string {
  const mark = paint(colours[status], marks[status]);
  const about = ids.length > 0 ? paint('dim', ` ${ids.join(', ')}`) : '';
  const when = at === null ? '' : ` at ${secondsText(at)}: ${why}`;
  const never = status === 'unreached' ? ': it never came to that' : '';
  return `${mark} ${name}${about}${when}${never}`;
}

export function checkLines({ checked }: Told, { paint }: Terminal): readonly string[] {
  if (!checked) return [];
  const { divergence, hash } = checked;
  if (!divergence) return [paint('green', `again in a fresh process: ${hash}, the same`)];
  return [
    paint('red', `again in a fresh process: ${hash}, not the same`),
    ...divergenceLines(divergence, ['here', 'there']),
  ];
}

export function divergenceLines(
  { first, second, fields, causes }: Divergence,
  [here, there]: readonly [string, string],
): readonly string[] {
  const width = Math.max(here.length, there.length);
  return [
    `first difference, in ${fields.join(', ')}:`,
    `  ${here.padEnd(width)}  ${first ? rowText(first) : 'the trace has ended'}`,
    `  ${there.padEnd(width)}  ${second ? rowText(second) : 'the trace has ended'}`,
    ...causes.map((cause) => `  caused by ${rowText(cause)}`),
  ];
}

export function resultDocument({ scenario, result, checked, isWhole, durationMs }: Told) {
  const { trace, counts, ...rest } = result;
  const { labels: _, names: __, ...index } = trace;
  return {
    scenario: scenario.title,
    isWhole,
    durationMs,
    ...rest,
    counts,
    trace: index,
    ...(checked && { check: { isSame: checked.divergence === null, ...checked } }),
  };
}

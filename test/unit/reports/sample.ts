/**
 * Made-up results of the size and kind of a real run: every requirement of the register, every
 * verdict, exchanges of valid messages. Nothing here was measured. The same every time.
 */
import type {
  CaseResult,
  CheckResult,
  ExchangeEntry,
  Results,
  Verdict,
} from '../../../reports/results.ts';
import { exampleOf } from '../../../spec/example.ts';
import { declarations } from '../../../spec/messages.ts';
import type { Requirement } from '../../../spec/register-schema.ts';
import { requirementRows } from '../../../spec/rows.ts';
import { assembleResults } from '../../conformance/results.ts';

export const register = requirementRows();

const layerFolders: { readonly [first: string]: string } = {
  X: 'wire',
  C: 'client',
  F: 'federation',
  T: 'trust',
};

/** One or two cases for each requirement that a peer can see. */
export function sampleResults(): Results {
  const visible = register.filter((row) => row.observe === 'wire' && row.subject === undefined);
  const cases = visible.flatMap((row, at) =>
    Array.from({ length: at % 3 === 0 ? 2 : 1 }, (_, nth) => sampleCase(row, at, nth)),
  );
  const broken = cases.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  const results = assembleResults(sampleRun, cases, register);
  const reason = 'the guard that stays holds the same message back';
  const [survivor] = cases;
  return {
    ...results,
    baseline: { known: broken.slice(0, 2), stale: [] },
    mutants: {
      killed: 301,
      survived: 1,
      survivors: survivor
        ? [{ requirement: survivor.verifies[0] ?? 'X-AMC-01', case: survivor.id, reason }]
        : [],
    },
  };
}

const sampleRun: Results['run'] = {
  id: '20260101T000000-5eed00',
  seed: '5eed00c0ffee',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 8412,
  ground: 'in-process',
  at: '1.1',
  subject: {
    name: 'sample server (made-up data)',
    serverId: 'acme.example',
    versions: ['1.0', '1.1', '2.0'],
    capabilities: ['offline_delivery', 'post_quantum', 'trust_graph'],
  },
  readings: [],
  interrupted: false,
  suiteVersion: '0.1.0',
};

function sampleCase(row: Requirement, at: number, nth: number): CaseResult {
  const verdict = sampleVerdict(row, at);
  const topic = row.id.split('-')[1]?.toLowerCase() ?? 'topic';
  const name = `${row.id.toLowerCase()}-${nth === 0 ? 'is-kept' : 'is-kept-after-a-restart'}`;
  const id = `${layerFolders[row.id[0] ?? 'X']}/${topic}/${name}`;
  const ran = verdict !== 'untestable' && verdict !== 'not-applicable';
  return {
    id,
    title: nth === 0 ? row.statement : `${row.statement}, after a restart too`,
    verdict,
    verifies: [row.id],
    readings: row.readings,
    reason: reasons[verdict],
    durationMs: 2 + ((at * 37) % 190) / 10,
    checks: ran ? sampleChecks(row, verdict) : [],
    exchange: ran ? sampleExchange(at) : [],
    rerun: `npx norc test --ground in-process --at 1.1 --seed 5eed00c0ffee --only ${id}`,
  };
}

function sampleVerdict(row: Requirement, at: number): Verdict {
  if (at % 83 === 40) return 'fail';
  if (at === 7) return 'error';
  if (at % 29 === 11) return 'untestable';
  if (at % 47 === 21) return 'not-applicable';
  const optional = row.level === 'SHOULD' || row.level === 'MAY';
  return optional && at % 2 === 0 ? 'warn' : 'pass';
}

const reasons: { readonly [verdict in Verdict]: string | null } = {
  pass: null,
  fail: 'the subject accepts what it must refuse',
  warn: 'the subject does not follow the recommendation',
  error: 'the suite erred: our trust_response is refused by our schema: missing challenge_id',
  untestable: 'the suite cannot restart this subject',
  'not-applicable': 'the subject does not offer group_calls',
};

function sampleChecks(row: Requirement, verdict: Verdict): readonly CheckResult[] {
  const honest: CheckResult = {
    requirement: row.id,
    holds: true,
    what: 'the honest form is accepted',
    expected: '"connection_accepted"',
    got: '"connection_accepted"',
  };
  if (verdict === 'pass') return [honest];
  const broken: CheckResult = {
    requirement: row.id,
    holds: false,
    what: row.check.wire ?? 'the bent form is refused',
    expected: '{"type":"federation_error","error_code":5804}',
    got: '{"type":"trust_decision","decision":"approved","granted_trust_level":"verified"}',
  };
  return verdict === 'error' ? [honest] : [honest, broken];
}

const messages = declarations.filter(({ direction }) => direction !== 'record');

function sampleExchange(at: number): readonly ExchangeEntry[] {
  const peer = at % 2 === 0 ? 'device 1' : 'bravo.example';
  const own = at % 2 === 0 ? 'device 1' : 'link 1';
  const count = at % 9 === 0 ? 5 : 26 + (at % 17);
  const talk = Array.from({ length: count }, (_, nth): ExchangeEntry => {
    const declared = messages[(at * 5 + nth) % messages.length];
    const text = JSON.stringify(declared ? exampleOf(declared.json, at + nth) : {});
    const third = at % 5 === 0 && nth > count - 9;
    const ours = third ? 'charlie.example' : peer;
    const [from, to] = nth % 2 === 0 ? [ours, 'subject'] : ['subject', ours];
    return {
      atMicros: nth * 1730 + (nth > count - 4 ? 301_000_000 : 0),
      from,
      to,
      channel: third ? 'link 2' : own,
      type: declared?.type ?? '(no type)',
      text,
      sizeBytes: Buffer.byteLength(text),
      invalidBecause:
        at % 6 === 4 && nth === count - 2 ? 'must have required property nonce' : null,
    };
  });
  return [event(peer, own, '(upgrade norc-c-json-v1.1)', 0), ...talk, closing(peer, own, talk)];
}

function closing(peer: string, channel: string, talk: readonly ExchangeEntry[]): ExchangeEntry {
  const last = talk.at(-1)?.atMicros ?? 0;
  return { ...event(peer, channel, '(closed 1002)', last + 900), from: 'subject', to: peer };
}

function event(from: string, channel: string, type: string, atMicros: number): ExchangeEntry {
  const silent = { text: null, sizeBytes: 0, invalidBecause: null };
  return { atMicros, from, to: 'subject', channel, type, ...silent };
}

/** What a hostile subject would send to a reader of the report. */
export const hostileTexts: readonly string[] = [
  '</script><script>alert(1)</script>',
  '</style><style>*{display:none}</style>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '--><!--',
  ']]><evil/>',
  '&lt;b&gt; &amp;amp; &#0;',
  '\u0000\u0001\u0008\u001b[31m\u007f\u0085\u009b',
  'pass \u202e\u2066liaf\u2069 \u200b\u200f\u00ad\ufeff\u{e0041}',
  'lone \ud800 surrogate \udc00, noncharacter \uffff \ufffe',
  'a\nb\r\nc\td\u2028e\u2029f',
  `${'é'.repeat(9000)}`,
];

export const sample = sampleResults();

/** The sample with hostile text in every member that a subject or a stranger's file can fill. */
export function hostileResults(): Results {
  const all = hostileTexts.join(' ');
  const cases = sample.cases.slice(0, hostileTexts.length).map((result, at): CaseResult => {
    const text = hostileTexts[at] ?? '';
    return {
      ...result,
      id: `${result.id}${text}`,
      title: text,
      reason: text,
      verdict: 'fail',
      rerun: `norc test ${text}`,
      checks: result.checks.map((check) => ({ ...check, what: text, expected: text, got: text })),
      exchange: [
        { ...event(text, text, text, 1), text, sizeBytes: Buffer.byteLength(text) },
        { ...event(text, text, `(${text})`, 2), invalidBecause: text },
      ],
    };
  });
  const subject = { name: all, serverId: all, versions: [all], capabilities: [all] };
  const run = { ...sample.run, id: all, seed: all, startedAt: all, subject, readings: [all] };
  return {
    ...assembleResults(run, cases, register),
    baseline: { known: [all], stale: [all] },
  };
}

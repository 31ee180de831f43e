/** Wrong ways of the server in what it tells of others and of itself (NORC-T). */
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { Change, Mutant } from '../mutant.ts';
import { noSignature, sends, signs, zeros } from './bending.ts';
import { textOf, typeIn } from './hearing.ts';

const opinion = 'trust_recommendation_response';
const report = 'compliance_report_response';
const farFuture = 4_000_000_000;

type Inclusion = JsonObject & { readonly entry?: JsonObject };

/** Entries of the log that a root is told with. */
function inclusions(change: (entries: readonly Inclusion[]) => readonly Inclusion[]) {
  return signs('audit_root', ({ inclusions: shown }) => ({
    inclusions: change((shown ?? []) as unknown as readonly Inclusion[]),
  }));
}

export const webTampers: readonly Mutant[] = [
  {
    name: 'recommends-for-ever',
    title: 'recommendations end in sixty years',
    breaks: ['T-REC-01'],
    change: signs(opinion, { recommendation_expires: farFuture }),
  },
  {
    name: 'recommends-everybody',
    title: 'every recommendation is positive',
    breaks: ['T-REC-01'],
    change: signs(opinion, { recommendation: 'positive' }),
  },
  {
    name: 'answers-strangers-relays',
    title: 'a relay that is refused for want of trust is acknowledged as delivered',
    breaks: ['T-CAP-08', 'T-OVL-01'],
    change: sends('federation_error', (message) => {
      const isUntrusted = 'error_code' in message && message.error_code === 5001;
      return isUntrusted ? null : { ...message };
    }),
  },
  {
    name: 'walks-over-edges-that-are-gone',
    title: 'the word of a server counts, and a path leads over it, when its trust is over',
    breaks: ['T-PATH-05'],
    off: ['T-PATH-05', 'T-REC-02'],
  },
  {
    name: 'reports-health-unsigned',
    title: 'trust_health_report carries a signature of zeros',
    breaks: ['T-HLTH-01'],
    change: sends('trust_health_report', () => ({ signature: noSignature })),
  },
  {
    name: 'checks-the-health-of-the-future',
    title: 'trust_health_check covers a period that has not ended',
    breaks: ['T-HLTH-01'],
    change: signs('trust_health_check', {
      assessment_period: { start_time: 0, end_time: farFuture },
    }),
  },
  {
    name: 'tells-the-root-of-another-day',
    title: 'audit_root is of the first day of 1970',
    breaks: ['X-AUD-04'],
    change: signs('audit_root', { day: 0 }),
  },
  {
    name: 'proves-nothing',
    title: 'audit_root leaves the entries about the asker out',
    breaks: ['T-AUD-01'],
    change: signs('audit_root', { inclusions: [] }),
  },
  {
    name: 'grows-another-tree',
    title: 'the entries do not lie under the tree_root that is told',
    breaks: ['T-AUD-02'],
    change: signs('audit_root', { tree_root: zeros }),
  },
  {
    name: 'shows-everything-twice',
    title: 'every entry of the log that is shown is shown again',
    breaks: ['T-AUD-03'],
    change: inclusions((entries) => [...entries, ...entries]),
  },
  {
    name: 'shows-no-denial',
    title: 'what was denied is in no entry of the log that is shown',
    breaks: ['T-AUD-03', 'T-CERT-10'],
    change: inclusions((entries) => {
      return entries.filter(({ entry }) => entry?.event_type !== 'access_denied');
    }),
  },
  {
    name: 'forgets-what-came-before',
    title: 'the entries of the log that are shown say that nothing came before them',
    breaks: ['X-AUD-01'],
    change: inclusions((entries) =>
      entries.map(({ entry, ...place }) => ({ ...place, entry: { ...entry, previous: zeros } })),
    ),
  },
  {
    name: 'shows-what-went-well',
    title: 'no failure and no revocation is in the entries of the log that are shown',
    breaks: ['X-AUD-05'],
    change: inclusions((entries) =>
      entries.filter(({ entry }) => {
        return entry?.result !== 'failure' && entry?.event_type !== 'trust_revoked';
      }),
    ),
  },
  {
    name: 'remembers-relays-in-its-log',
    title: 'entries of the log that are shown hold the last relay, users and payloads as they came',
    breaks: ['X-AUD-02', 'X-AUD-03'],
    change: () => {
      let last: JsonObject = {};
      const shown = inclusions((entries) =>
        entries.map(({ entry, ...rest }) => ({ ...rest, entry: { ...entry, parameters: last } })),
      )();
      const node: NonNullable<Change['node']> = (inner) => ({
        handle(input, now) {
          const isRelay =
            input.type === 'request-received' && typeIn(input.body) === 'message_relay';
          if (isRelay) last = { relay: textOf(input.body) };
          return inner.handle(input, now);
        },
      });
      return { ...shown, node };
    },
  },
  {
    name: 'shows-no-incident',
    title: 'no security_incident is in the entries of the log that are shown',
    breaks: ['T-REV-15'],
    change: inclusions((entries) => {
      return entries.filter(({ entry }) => entry?.event_type !== 'security_incident');
    }),
  },
  {
    name: 'asks-for-no-day',
    title: 'audit_root_query names a second of 1970',
    breaks: ['X-AUD-06'],
    change: sends('audit_root_query', () => ({ day: 1 })),
  },
  {
    name: 'reports-by-another-standard',
    title: 'compliance_report_response is by a standard that nobody has named',
    breaks: ['T-COMP-01'],
    change: signs(report, { compliance_standard: 'none' }),
  },
  {
    name: 'calls-itself-compliant',
    title: 'the status of a compliance report is compliant whatever its controls say',
    breaks: ['T-COMP-03'],
    change: signs(report, { compliance_status: 'compliant' }),
  },
  {
    name: 'scores-itself-at-nothing',
    title: 'the score of a compliance report is 0 whatever its controls say',
    breaks: ['T-COMP-03'],
    change: signs(report, { compliance_score: 0 }),
  },
  {
    name: 'tells-a-peer-a-wrong-time',
    title: 'time_sync is an hour ahead',
    breaks: ['X-TIME-06'],
    change: signs('time_sync', ({ server_time: time }: JsonObject) => ({
      server_time: Number(time) + 3600,
    })),
  },
];

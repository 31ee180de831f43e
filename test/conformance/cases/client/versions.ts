/**
 * Version negotiation in band: the adjacent-major rule as a table of lists (X-AMC, L-V01 to L-V07).
 */

import type { ReadingId } from '../../../../spec/emitted/reading-ids.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { openingRequest, upgraded } from './steps/opening.ts';
import { openingReaction, type Reaction, told } from './steps/reaction.ts';

interface Row {
  readonly name: string;
  readonly title: string;
  readonly verifies: readonly RequirementId[];
  readonly readings: readonly ReadingId[];
  /** What the subject speaks. */
  readonly own: readonly string[];
  /** Each list is offered on a connection of its own. */
  readonly offers: readonly (readonly string[])[];
  readonly preferred?: string;
  readonly outcome: Outcome;
  /** Judged by this option of the ledger: the version for each offer, null where there is none. */
  readonly instead?: {
    readonly reading: ReadingId;
    readonly key: string;
    readonly versions: readonly (string | null)[];
  };
}

/** Null: no session, for this reason. */
type Outcome =
  | { readonly version: string; readonly compatibilityMode: boolean }
  | { readonly version: null; readonly reason: 'no_compatible_version' | 'malformed' };

const usual = ['1.0', '1.1', '2.0'] as const;
const none = { version: null, reason: 'no_compatible_version' } as const;

const rows: readonly Row[] = [
  {
    name: 'highest-common-wins',
    title: 'The highest version that both list is chosen, in whatever order they list it (V-VER-4)',
    verifies: ['X-AMC-02'],
    readings: ['L-V01'],
    own: usual,
    offers: [
      ['1.0', '1.1', '2.0'],
      ['2.0', '1.1', '1.0'],
      ['1.1', '2.0', '1.0'],
      ['1.0', '2.0', '1.1', '2.0', '1.0'],
    ],
    outcome: { version: '2.0', compatibilityMode: false },
    instead: { reading: 'L-V01', key: 'a', versions: ['1.0', '2.0', '1.1', '1.0'] },
  },
  {
    name: 'lower-major-of-both-lists',
    title: 'Where only the lower major is common its highest minor is chosen (V-VER-1)',
    verifies: ['X-AMC-02', 'X-AMC-10'],
    readings: ['L-V01', 'L-V07'],
    own: ['1.2', '1.1'],
    offers: [
      ['2.0', '1.2', '1.1', '1.0'],
      ['1.0', '1.1', '1.2', '2.0'],
    ],
    outcome: { version: '1.2', compatibilityMode: true },
    instead: { reading: 'L-V01', key: 'a', versions: ['1.2', '1.1'] },
  },
  {
    name: 'minors-compare-as-numbers',
    title: '1.10 is above 1.9 (V-VER-5)',
    verifies: ['X-AMC-04'],
    readings: ['L-V05'],
    own: ['1.9', '1.10'],
    offers: [
      ['1.10', '1.9'],
      ['1.9', '1.10'],
    ],
    outcome: { version: '1.10', compatibilityMode: false },
  },
  {
    name: 'adjacent-majors-are-not-enough',
    title: 'Adjacent majors without a version in common do not meet (V-VER-2)',
    verifies: ['X-AMC-03'],
    readings: ['L-V02'],
    own: ['1.0'],
    offers: [['2.0', '1.2']],
    outcome: none,
    instead: { reading: 'L-V02', key: 'a', versions: ['2.0'] },
  },
  {
    name: 'a-version-not-spoken-is-not-chosen',
    title: 'Versions of a spoken major that are not spoken themselves do not meet',
    verifies: ['X-AMC-03'],
    readings: ['L-V02'],
    own: usual,
    offers: [['2.1', '1.2'], ['2.1']],
    outcome: none,
    instead: { reading: 'L-V02', key: 'a', versions: ['2.1', '2.1'] },
  },
  {
    name: 'distant-majors-do-not-meet',
    title:
      'Lists whose highest majors differ by two do not meet, whatever else they hold (V-VER-7)',
    verifies: ['X-AMC-01'],
    readings: ['L-V03'],
    own: usual,
    offers: [['4.0'], ['4.0', '2.0'], ['0.9']],
    outcome: none,
    instead: { reading: 'L-V03', key: 'a', versions: [null, '2.0', null] },
  },
  {
    name: 'a-common-old-version-is-no-bridge',
    title: 'A list of 3.0 and 1.0 does not meet a build of 1.0 (V-VER-6)',
    verifies: ['X-AMC-01'],
    readings: ['L-V03'],
    own: ['1.0'],
    offers: [['3.0', '1.0']],
    outcome: none,
    instead: { reading: 'L-V03', key: 'a', versions: ['1.0'] },
  },
  {
    name: 'a-list-of-three-majors-is-trimmed',
    title: 'Versions more than one major below the top of their list count for nothing',
    verifies: ['X-AMC-05'],
    readings: ['L-V03'],
    own: usual,
    offers: [
      ['3.0', '1.0'],
      ['3.0', '1.1'],
    ],
    outcome: none,
    instead: { reading: 'L-V03', key: 'a', versions: ['1.0', '1.1'] },
  },
  {
    name: 'newer-peers-fall-back',
    title: 'A peer one major ahead meets at ours, in compatibility mode (V-VER-3)',
    verifies: ['X-AMC-10'],
    readings: ['L-V07'],
    own: ['1.2', '2.0'],
    offers: [['3.0', '2.1', '2.0']],
    outcome: { version: '2.0', compatibilityMode: true },
  },
  {
    name: 'older-peers-are-met-in-compatibility-mode',
    title: 'A peer one major behind meets at its own version, in compatibility mode',
    verifies: ['X-AMC-10'],
    readings: ['L-V07'],
    own: usual,
    offers: [['1.1'], ['1.0', '1.1']],
    outcome: { version: '1.1', compatibilityMode: true },
  },
  {
    name: 'malformed-versions-are-skipped',
    title: 'Entries that are not versions are skipped',
    verifies: ['X-AMC-09'],
    readings: ['L-V05'],
    own: usual,
    offers: [
      ['v2.0', '1.1'],
      ['', '2', '2.0.1', '02.0', '2.00', '-2.0', '2.x', '1.1', ' 2.0'],
    ],
    outcome: { version: '1.1', compatibilityMode: true },
  },
  {
    name: 'a-list-of-malformed-versions-is-malformed',
    title: 'A list in which nothing is a version is a malformed message (V-VER-9)',
    verifies: ['X-AMC-09'],
    readings: ['L-V05'],
    own: usual,
    offers: [['v2.0', '2', '2.0.1']],
    outcome: { version: null, reason: 'malformed' },
  },
  {
    name: 'a-preference-lowers-nothing',
    title: 'A preferred version never lowers the outcome (V-VER-10)',
    verifies: ['X-AMC-13'],
    readings: ['L-V06'],
    own: usual,
    offers: [
      ['1.0', '2.0'],
      ['2.0', '1.0'],
    ],
    preferred: '1.0',
    outcome: { version: '2.0', compatibilityMode: false },
    instead: { reading: 'L-V06', key: 'a', versions: ['1.0', '1.0'] },
  },
];

/**
 * Names majors only, so that the choice is made in band; those of the subject let it be refused
 * there.
 */
function subprotocolsFor({ own, outcome }: Row, offer: readonly string[]): readonly string[] {
  const versions = outcome.version === null ? [...offer, ...own] : offer;
  const majors = versions.flatMap((text) => /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)?.[1] ?? []);
  return [...new Set(majors)].map((major) => `norc-c-json-v${major}`);
}

async function offered(stage: Stage, row: Row, offer: readonly string[]): Promise<Reaction> {
  const connection = await upgraded(stage, { subprotocols: subprotocolsFor(row, offer) });
  const preferred = row.preferred ?? offer[0] ?? '';
  const lists = { client_versions: [...offer], preferred_version: preferred };
  await connection.send(openingRequest(stage, lists));
  return openingReaction(connection);
}

/** What the row says, or what the option of the ledger says that the run judges by. */
function outcomeOf(stage: Stage, { instead, outcome, offers, own }: Row, at: number): Outcome {
  if (!instead || !stage.takes(instead.reading, instead.key)) return outcome;
  const version = instead.versions[at] ?? null;
  if (version === null) return none;
  // L-V07: the mode is told by the lists whatever decides the version.
  const top = Math.max(...[...own, ...(offers[at] ?? [])].map(majorOf));
  return { version, compatibilityMode: majorOf(version) < top };
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

interface Played {
  readonly offer: readonly string[];
  readonly outcome: Outcome;
  readonly reaction: Reaction;
}

function judge(stage: Stage, row: Row, { offer, outcome, reaction }: Played): void {
  const { verifies, own } = row;
  const what = `${offer.join(', ')} offered to a build of ${own.join(', ')}`;
  for (const id of verifies) {
    if (outcome.version === null) {
      stage.check(id, isRefusedFor(reaction, outcome.reason), {
        what,
        expected: { error: errorCode.common.protocolError, reason: outcome.reason, closed: true },
        got: told(reaction),
      });
    } else {
      const got = agreed(reaction);
      const isSame =
        got !== null &&
        got.version === outcome.version &&
        got.compatibilityMode === outcome.compatibilityMode &&
        got.hasFeatures === outcome.compatibilityMode;
      stage.check(id, isSame, { what, expected: outcome, got: got ?? told(reaction) });
    }
  }
}

/** The token is checked where there is one: codes alone do not tell the cases of 3000 apart. */
function isRefusedFor({ error, closed, others }: Reaction, reason: string): boolean {
  const given = error?.details?.reason ?? reason;
  const isCode = error?.error_code === errorCode.common.protocolError;
  return isCode && given === reason && closed !== null && others.length === 0;
}

/**
 * What the answers agree on; null when there is no agreement. L-V07: features are listed iff in the
 * mode.
 */
function agreed({ others }: Reaction) {
  const [accepted, confirmation] = others.map(({ message }) => message);
  if (accepted?.type !== 'connection_accepted') return null;
  if (confirmation?.type !== 'version_confirmation') return null;
  if (confirmation.negotiated_version !== accepted.negotiated_version) return null;
  return {
    version: accepted.negotiated_version,
    compatibilityMode: accepted.compatibility_mode,
    hasFeatures: confirmation.compatibility_features.length > 0,
  };
}

export const cases: readonly Case[] = rows.map((row) =>
  defineCase({
    id: `client/versions/${row.name}`,
    title: row.title,
    verifies: row.verifies,
    readings: row.readings,
    needs: { versions: row.own },
    async run(stage) {
      for (const [at, offer] of row.offers.entries()) {
        const reaction = await offered(stage, row, offer);
        judge(stage, row, { offer, outcome: outcomeOf(stage, row, at), reaction });
      }
    },
  }),
);

/** The root of the subject's audit log, and what it proves (T App A.4; profile T21, L-T29, L-X15). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { AuditRoot } from '../../../../spec/messages/trust/audit-root.ts';
import type { Link, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { neighbours } from '../federation/steps/neighbours.ts';
import { renewalOf, renewed } from './renewals.ts';
import { certificateIn } from './steps/certificates.ts';
import { set } from './steps/changes.ts';
import { rootOf } from './steps/inclusion.ts';
import { freshLink, upTo } from './steps/outcomes.ts';
import { answerTo, checkSealed, DAY, midnight, rootQuery } from './steps/questions.ts';
import { revoke } from './steps/revoking.ts';

const { federation } = errorCode;
/** The message does not exist before 1.1. */
const at = ['1.1', '2.0'] as const;
const readings = ['L-T29', 'L-X15'] as const;

export async function rootFor(
  stage: Stage,
  id: RequirementId,
  link: Link,
  day: number,
): Promise<AuditRoot> {
  const question = rootQuery(stage, day);
  const { message, answer } = await answerTo(stage, id, link, { question, type: 'audit_root' });
  checkSealed(stage, id, { answer, question, member: 'signature' });
  stage.check(id, message.day === day, { what: 'day', expected: day, got: message.day });
  return message;
}

/** All entries about `peer`, each signed by the subject, chained, and under the root. */
function checkProven(stage: Stage, root: AuditRoot, peer: Peer): readonly JsonObject[] {
  const inclusions = root.inclusions ?? [];
  for (const { entry, index, siblings } of inclusions) {
    const { hash = '', previous = '', signature } = entry as { [member: string]: string };
    const chained = without(entry, 'hash');
    const isSigned =
      signature !== undefined &&
      stage.crypto.verify(stage.subject.publicKey, without(chained, 'signature'), signature);
    const isChained = stage.crypto.chainHash(previous, chained) === hash;
    stage.check('T-AUD-01', isSigned && isChained && entry.target_server === peer.serverId, {
      what: 'an entry that the subject shows: its signature, its hash and whom it is about',
      expected: { isSigned: true, isChained: true, target_server: peer.serverId },
      got: { isSigned, isChained, target_server: entry.target_server },
    });
    const found = rootOf(stage, hash, { index, count: root.entry_count ?? 0, siblings });
    stage.check('T-AUD-02', found !== null && found === root.tree_root, {
      what: `the root that the proof of entry ${index} leads to`,
      expected: root.tree_root,
      got: found,
    });
  }
  return inclusions.map(({ entry }) => entry);
}

const proven = defineCase({
  id: 'trust/audit-root/proves-the-entries-about-the-asker',
  title: 'The root of the day is signed, and the grant of trust to the asker lies under it',
  verifies: ['X-AUD-04', 'T-AUD-01', 'T-AUD-02'],
  behaviour: ['X-AUD-04', 'T-AUD-01', 'T-AUD-02'],
  at,
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const { link, certificate } = await bravo.establish();
    const root = await rootFor(stage, 'X-AUD-04', link, midnight(stage));
    const entries = checkProven(stage, root, bravo);
    const granted = entries.filter(({ event_type: type, parameters }) => {
      const { certificate_id: id } = (parameters ?? {}) as JsonObject;
      return type === 'trust_granted' && id === certificate.certificate_id;
    });
    stage.check('T-AUD-01', granted.length === 1, {
      what: 'entries that record the grant of the certificate which the asker holds',
      expected: 1,
      got: entries,
    });
  },
});

const stranger = defineCase({
  id: 'trust/audit-root/a-stranger-gets-none',
  title: 'A server without a relationship is not told the root',
  verifies: ['X-AUD-06'],
  at,
  readings,
  async run(stage) {
    const link = await freshLink(await stage.peer());
    const answer = await link.requestRaw(rootQuery(stage, midnight(stage)));
    const codes = [federation.notTrusted];
    checkRefused(stage, 'X-AUD-06', answer, { codes, what: 'a root query of a stranger' });
  },
});

const noSuchDay = (
  [
    ['the-future', 'A day that has not begun has no root', -2 * DAY],
    ['no-midnight', 'A time that is no midnight names no day', 1],
  ] as const
).map(([id, title, before]) =>
  defineCase({
    id: `trust/audit-root/of-${id}-is-refused`,
    title,
    verifies: ['T-AUD-02'],
    at,
    readings,
    async run(stage) {
      const bravo = await stage.peer();
      const { link } = await bravo.establish();
      const answer = await link.requestRaw(rootQuery(stage, midnight(stage) - before));
      checkRefused(stage, 'T-AUD-02', answer, { what: title });
    },
  }),
);

const onlyGrows = defineCase({
  id: 'trust/attacks/S-29-the-log-of-a-day-only-grows',
  title: 'S-29: what was shown of a day keeps its place while the day goes on',
  verifies: ['T-AUD-02'],
  behaviour: ['T-AUD-02'],
  at,
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const { link } = await bravo.establish();
    const before = await rootFor(stage, 'T-AUD-02', link, midnight(stage));
    const [first] = before.inclusions ?? [];
    await (await stage.peer()).establish(); // others are written down meanwhile
    const after = await rootFor(stage, 'T-AUD-02', link, midnight(stage));
    checkProven(stage, after, bravo);
    const again = after.inclusions?.find(({ index }) => index === first?.index);
    stage.check('T-AUD-02', first !== undefined && again?.entry.hash === first.entry.hash, {
      what: 'the entry at the place that was shown before',
      expected: first?.entry.hash,
      got: again?.entry.hash,
    });
    stage.check('T-AUD-02', (after.entry_count ?? 0) > (before.entry_count ?? 0), {
      what: 'entries of the day after more has happened',
      expected: `more than ${before.entry_count}`,
      got: after.entry_count,
    });
  },
});

/** How many entries there are of each kind about each certificate, or about none. */
function tally(entries: readonly JsonObject[]): { readonly [what: string]: number } {
  const counts: { [what: string]: number } = {};
  for (const { event_type: type, parameters } of entries) {
    const { certificate_id: id = 'none' } = (parameters ?? {}) as JsonObject;
    const what = `${String(type)} ${String(id)}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/** What the log of today says of `bravo`, each entry proven. */
export async function entriesAbout(
  stage: Stage,
  id: RequirementId,
  bravo: Peer,
): Promise<readonly JsonObject[]> {
  const root = await rootFor(stage, id, await freshLink(bravo), midnight(stage));
  return checkProven(stage, root, bravo);
}

async function entriesNow(stage: Stage, id: RequirementId, bravo: Peer) {
  return tally(await entriesAbout(stage, id, bravo));
}

const once = defineCase({
  id: 'trust/audit-root/each-grant-renewal-revocation-and-denial-has-one-entry',
  title: 'A grant, a renewal, a revocation and a denial are written down, each of them once',
  verifies: ['T-AUD-03'],
  behaviour: ['T-AUD-03'],
  at,
  readings,
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const { decision } = await renewed(people);
    await (await renewalOf(people, { level: 'verified' })).renew(); // is denied
    const part = {
      revocation_scope: 'partial',
      partial_revocation_permissions: ['user_discovery'],
    };
    const certificate = certificateIn(decision);
    await revoke(bravo, { certificate, decision, reverse: null }, set(part)); // its own, in part
    const got = await entriesNow(stage, 'T-AUD-03', bravo);
    const expected = {
      [`trust_granted ${established.certificate.certificate_id}`]: 1,
      [`trust_granted ${established.reverse?.certificate_id}`]: 1,
      [`trust_renewed ${certificate.certificate_id}`]: 1,
      [`trust_revoked ${certificate.certificate_id}`]: 1,
      'access_denied none': 1,
    };
    const isEach = Object.entries(expected).every(([what, count]) => got[what] === count);
    stage.check('T-AUD-03', isEach, { what: 'entries of the log about bravo', expected, got });
  },
});

const bothOutcomes = defineCase({
  id: 'trust/audit-root/a-certificate-that-is-refused-is-written-down-too',
  title: 'A certificate that does not hold is not stored; that it was refused is written down',
  verifies: ['T-CERT-10'],
  behaviour: ['T-CERT-10'],
  at,
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const bad = bravo.trustRun(await freshLink(bravo), {
      certificate: set({ subject_server: bravo.serverId }),
    });
    const what = 'a run whose reverse certificate is for another';
    checkRefused(stage, 'T-CERT-10', await upTo(bad, 'acknowledge'), { what });
    const { certificate, reverse } = await bravo.establish();
    const got = await entriesNow(stage, 'T-CERT-10', bravo);
    const granted = Object.keys(got).filter((name) => name.startsWith('trust_granted '));
    const held = [certificate, reverse].map((one) => `trust_granted ${one?.certificate_id}`);
    const isBoth = (got['access_denied none'] ?? 0) > 0 && granted.length === 2;
    stage.check('T-CERT-10', isBoth && held.every((name) => granted.includes(name)), {
      what: 'entries about a certificate that was refused, and two that were stored',
      expected: ['access_denied none', ...held],
      got,
    });
  },
});

const settled = defineCase({
  id: 'trust/audit-root/of-a-day-that-is-over-never-changes',
  title: 'The root of a day that is over stays what it was, over a restart too',
  verifies: ['X-AUD-04'],
  behaviour: ['X-AUD-04'],
  at,
  readings,
  needs: { restart: true, waitsSeconds: DAY + 60, alone: true },
  async run(stage) {
    const bravo = await stage.peer();
    const { link } = await bravo.establish();
    const today = midnight(stage);
    await stage.pass(DAY * 1000);
    await (await stage.peer()).establish();
    const first = await rootFor(stage, 'X-AUD-04', link, today);
    await stage.pass(60 * 1000);
    await stage.restartSubject();
    const second = await rootFor(stage, 'X-AUD-04', await freshLink(bravo), today);
    checkSame(stage, first, second);
    const entries = second.inclusions ?? [];
    stage.check('X-AUD-04', entries.length > 0, {
      what: 'entries of that day about the asker, which are still shown',
      expected: 'one or more',
      got: entries.length,
    });
  },
});

function checkSame(stage: Stage, first: AuditRoot, second: AuditRoot): void {
  const [before, after] = [first, second].map(({ root_hash, entry_count, tree_root }) => {
    return { root_hash, entry_count, tree_root };
  });
  stage.check('X-AUD-04', JSON.stringify(before) === JSON.stringify(after), {
    what: 'the root of the day a minute later, after a restart',
    expected: before,
    got: after,
  });
}

const asks = defineCase({
  id: 'trust/audit-root/the-subject-asks-for-a-day',
  title: 'The subject asks for the root of a day by the midnight at which it began',
  verifies: ['X-AUD-06'],
  behaviour: ['X-AUD-06'],
  at,
  readings,
  needs: { commands: true },
  async run(stage) {
    const bravo = await stage.peer();
    await bravo.establish();
    await stage.command({ command: 'ask-audit-root', server: bravo.serverId, daysAgo: 1 });
    const [query] = await bravo.heard('audit_root_query');
    stage.check('X-AUD-06', query?.message.day === midnight(stage, 1), {
      what: 'the day that the subject asks for',
      expected: midnight(stage, 1),
      got: query?.message.day,
    });
  },
});

export const cases: readonly Case[] = [
  proven,
  stranger,
  ...noSuchDay,
  onlyGrows,
  once,
  bothOutcomes,
  settled,
  asks,
];

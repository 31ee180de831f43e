/**
 * What the subject's audit log holds, as far as its root proves entries to the server that they are
 * about (X-AUD-01, X-AUD-05; M 6.18, L-T29, L-X15).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkDelivered, neighbours, relayFor, sendRelay } from '../federation/steps/neighbours.ts';
import { dialled, offered } from '../federation/steps/opening.ts';
import { entriesAbout, rootFor } from './audit-root.ts';
import { set } from './steps/changes.ts';
import { freshLink } from './steps/outcomes.ts';
import { midnight } from './steps/questions.ts';
import { revoke } from './steps/revoking.ts';

/** The message does not exist before 1.1. */
const at = ['1.1', '2.0'] as const;
const readings = ['L-T29', 'L-X15'] as const;

/** base64url of 32 zero bytes. */
const GENESIS = 'A'.repeat(43);

const inPart = {
  revocation_scope: 'partial',
  partial_revocation_permissions: ['user_discovery'],
};

/** Neighbours in the log that are both about the asker: of what happens at once there are some. */
const chained = defineCase({
  id: 'trust/audit-events/each-entry-has-the-hash-of-the-one-before',
  title: 'Of entries that follow each other the later one names and covers the hash of the earlier',
  verifies: ['X-AUD-01'],
  behaviour: ['X-AUD-01'],
  at,
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const { link } = await bravo.establish();
    const root = await rootFor(stage, 'X-AUD-01', link, midnight(stage));
    const shown = new Map((root.inclusions ?? []).map(({ index, entry }) => [index, entry]));
    const pairs = [...shown].flatMap(([index, later]) => {
      const earlier = index === 0 ? { hash: GENESIS } : shown.get(index - 1);
      return earlier ? [{ index, earlier, later: later as { [member: string]: string } }] : [];
    });
    if (pairs.length === 0) throw new Untestable('no two entries about one server stand together');
    for (const { index, earlier, later } of pairs) {
      const { hash, previous = '' } = later;
      const covers = stage.crypto.chainHash(previous, without(later, 'hash')) === hash;
      stage.check('X-AUD-01', previous === earlier.hash && covers, {
        what: `what entry ${index} says comes before it, and whether its hash covers that`,
        expected: { previous: earlier.hash, covers: true },
        got: { previous, covers },
      });
    }
  },
});

/** What a peer can do that an honest log does not keep to itself, and what shows of it. */
const events: readonly {
  readonly id: string;
  readonly what: string;
  readonly act: (stage: Stage, peer: Peer) => Promise<unknown>;
  readonly isShown: (entry: JsonObject) => boolean;
}[] = [
  {
    id: 'a-refused-handshake',
    what: 'a handshake without a suite that both have, refused',
    act: async (stage, peer) => {
      const link = await dialled(peer);
      await offered(stage, peer, { link, suites: ['ffff'] });
    },
    isShown: ({ result }) => result === 'failure',
  },
  {
    id: 'a-flood-of-requests',
    what: 'more requests for trust than an hour allows',
    act: async (_, peer) => {
      for (let nth = 0; nth <= limits.trustRequestsPerHour; nth += 1) {
        await peer.trustRun(await freshLink(peer)).request();
      }
    },
    isShown: ({ result }) => result === 'failure',
  },
  {
    id: 'a-revocation',
    what: 'a certificate given up by its subject',
    act: async (_, peer) => {
      const { certificate, decision } = await peer.establish();
      await revoke(peer, { certificate, decision, reverse: null }, set(inPart));
    },
    isShown: ({ event_type: type }) => type === 'trust_revoked',
  },
];

const security = events.map(({ id, what, act, isShown }) =>
  defineCase({
    id: `trust/audit-events/${id}`,
    title: `In the log there is ${what}`,
    verifies: ['X-AUD-05'],
    behaviour: ['X-AUD-05'],
    at,
    readings,
    async run(stage) {
      const bravo = await stage.peer();
      await bravo.establish();
      const before = (await entriesAbout(stage, 'X-AUD-05', bravo)).filter(isShown).length;
      await act(stage, bravo);
      const after = (await entriesAbout(stage, 'X-AUD-05', bravo)).filter(isShown).length;
      stage.check('X-AUD-05', after > before, {
        what: `entries after ${what}`,
        expected: `more than ${before}`,
        got: after,
      });
    },
  }),
);

const TEXT = 'what nobody but the two of them shall read';

const discreet = defineCase({
  id: 'trust/audit-events/name-no-user-and-repeat-no-message',
  title:
    'Entries that are shown after relays, taken and refused, hold neither user ids nor content',
  verifies: ['X-AUD-02', 'X-AUD-03'],
  behaviour: ['X-AUD-02', 'X-AUD-03'],
  at,
  readings,
  async run(stage) {
    const people = await neighbours(stage);
    const { alice, bravo, link } = people;
    await checkDelivered(stage, 'X-AUD-02', people, { text: TEXT });
    const stranger = `nobody@${stage.subject.serverId}`;
    const unknown = relayFor(people, { to: [stranger] });
    await sendRelay(link, unknown);
    const secret = set({ classification: 'nato_secret' });
    await sendRelay(link, relayFor(people, { beforeOrigin: secret }));
    const root = await rootFor(stage, 'X-AUD-03', await freshLink(bravo), midnight(stage));
    const said = JSON.stringify(root.inclusions ?? []);
    const users = [alice.identity.userId, bravo.user.userId, stranger];
    const named = users.filter((user) => said.includes(user));
    stage.check('X-AUD-03', named.length === 0, {
      what: 'user ids in the entries that are shown',
      expected: [],
      got: named,
    });
    const { ciphertext = '' } = Object.values(unknown.encrypted_payloads)[0] ?? {};
    stage.check('X-AUD-02', !said.includes(TEXT) && !said.includes(ciphertext), {
      what: 'content in the entries that are shown',
      expected: 'none, sealed or not',
      got: said.length,
    });
  },
});

export const cases: readonly Case[] = [chained, ...security, discreet];

/**
 * Messages of one run put into another one of the same two servers, signatures and all (T-TRN-01,
 * S-2). Whichever check notices first, none may be taken.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Peer, TrustRun, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { asking } from './steps/asking.ts';
import { set, setAnswer } from './steps/changes.ts';
import {
  checkRefused,
  checkTaken,
  checkUntrusted,
  freshLink,
  mustTake,
  type Step,
  upTo,
} from './steps/outcomes.ts';

const { trust: code } = errorCode;
const codes = [code.transcript, code.unknownExchange, code.unexpected];
/** Makes the capabilities of a run different from those of the next one. */
const distinct = set({ compliance_certifications: ['fips_140_2'] });

/** Keeps the honest message and sends `instead`. */
function kept(of: JsonObject[], instead: Bend<object>): Bend<object> {
  return (message) => {
    of.push({ ...message } as JsonObject);
    return instead(message);
  };
}

const unknown: Bend<object> = () => ({ type: 'nobody_knows_this' });

/** A first run that ends without trust, and what it would have said. */
interface Donor {
  readonly type: string;
  readonly step: Step;
  readonly options: (stage: Stage, kept: JsonObject[]) => TrustRunOptions;
}

const donors: readonly Donor[] = [
  {
    type: 'trust_request',
    step: 'request',
    options: (_, message) => ({ capabilities: distinct, request: kept(message, unknown) }),
  },
  {
    type: 'trust_response',
    step: 'respond',
    options: (stage, message) => ({ response: kept(message, wrongly(stage)) }),
  },
  {
    type: 'trust_acknowledgment',
    step: 'acknowledge',
    options: (_, message) => ({ acknowledgment: kept(message, declining) }),
  },
];

/** Ends the run that it belongs to. */
function wrongly(stage: Stage): Bend<object> {
  const signature = stage.crypto.sign(stage.crypto.signingKey(stage.entropy(32)), {});
  return setAnswer('cryptographic_proof', () => ({ signature })) as Bend<object>;
}

const declining: Bend<object> = (message) => {
  const { trust_certificate: _, ...rest } = { ...message } as JsonObject;
  return { ...rest, decision_accepted: false, mutual_trust_established: false };
};

const ours = donors.map(({ type, step, options }) =>
  defineCase({
    id: `trust/attacks/S-2-a-${type.replaceAll('_', '-')}-of-another-run-is-refused`,
    title: `S-2: a ${type} of another run is refused, and the run it was put into goes on`,
    verifies: ['T-TRN-01'],
    readings: ['L-H03'],
    async run(stage) {
      const peer = await stage.peer();
      const stock: JsonObject[] = [];
      await upTo(peer.trustRun(await freshLink(peer), options(stage, stock)), step);
      const link = await freshLink(peer);
      const run = peer.trustRun(link);
      await before(run, step);
      const what = `a ${type} of another run`;
      checkRefused(stage, 'T-TRN-01', await link.requestRaw(stock[0] ?? {}), { codes, what });
      await checkUntrusted(stage, 'T-TRN-01', peer, what);
      checkTaken(stage, 'T-TRN-01', await run[step](), { step, what: 'the right one after it' });
    },
  }),
);

async function before(run: TrustRun, step: Step): Promise<void> {
  const all: readonly Step[] = ['capabilities', 'request', 'respond', 'acknowledge'];
  for (const one of all.slice(0, all.indexOf(step))) mustTake(one, await run[one]());
}

const capabilities = defineCase({
  id: 'trust/attacks/S-2-capabilities-of-another-run-are-found-out',
  title:
    'S-2: a request over other capabilities than the subject has seen last is refused with 5810',
  verifies: ['T-TRN-01'],
  readings: ['L-H03'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer));
    mustTake('capabilities', await run.capabilities());
    const other = peer.trustRun(await freshLink(peer), { capabilities: distinct });
    mustTake('capabilities', await other.capabilities());
    const what = 'a request over the capabilities before the last ones';
    checkRefused(stage, 'T-TRN-01', await run.request(), { codes: [code.transcript], what });
  },
});

/** Runs of the subject: the first one fails, the second one is answered from the first. */
interface Theirs {
  readonly type: 'challenge' | 'decision';
  readonly spoil: Bend<object>;
  readonly never: 'trust_response' | 'trust_acknowledgment';
}

const theirs: readonly Theirs[] = [
  {
    type: 'challenge',
    spoil: set({ validation_method: 'manual_verification' }),
    never: 'trust_response',
  },
  {
    type: 'decision',
    spoil: set({ trust_conditions: [], granted_trust_level: 'verified' }),
    never: 'trust_acknowledgment',
  },
];

const answers = theirs.map(({ type, spoil, never }) =>
  defineCase({
    id: `trust/attacks/S-2-a-trust-${type}-of-another-run-is-not-gone-on-with`,
    title: `S-2: a trust_${type} of another run of the subject is not gone on with`,
    verifies: ['T-TRN-01'],
    readings: ['L-H03'],
    needs: { waitsSeconds: 60 },
    async run(stage) {
      const stock: JsonObject[] = [];
      const again: Bend<object> = (message) => {
        stock.push({ ...message } as JsonObject);
        return stock.length === 1 ? spoil(message) : { ...stock[0] };
      };
      const { alice, bravo } = await asking(stage, { bends: { [type]: again } });
      await bravo.heard(type === 'challenge' ? 'trust_request' : 'trust_response');
      await stage.pass(30_000);
      await writeAgain(alice, bravo);
      await stage.pass(20_000);
      const heard = await bravo.heard(never, { withinMs: 0, count: 0 });
      const taken = heard.filter(({ message }) => !isRefusal(message));
      stage.check('T-TRN-01', stock.length > 1 && taken.length === 0, {
        what: `${never} after a ${type} of another run`,
        expected: { runs: 'two or more', [never]: 0 },
        got: { runs: stock.length, [never]: taken.length },
      });
      await checkUntrusted(stage, 'T-TRN-01', bravo, `a ${type} of another run`);
    },
  }),
);

const isRefusal = (message: object): boolean =>
  'decision_accepted' in message && message.decision_accepted === false;

/** Makes the subject want trust again, if it does not by itself. */
async function writeAgain(
  alice: Awaited<ReturnType<Stage['device']>>,
  { user: { userId } }: Peer,
): Promise<void> {
  const conversationId = await alice.createConversation([userId]);
  await alice.sendMessage({ conversationId, to: [userId], text: 'once more' });
}

export const cases: readonly Case[] = [capabilities, ...ours, ...answers];

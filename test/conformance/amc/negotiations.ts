/**
 * One negotiation of each layer between two parties that are configured differently, and what came
 * of it: what each side believes afterwards (beliefs.ts), not what the messages said.
 */
import type { Answer } from '../../../reports/amc/matrix.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { IssuedIdentity } from '../authority.ts';
import type { InProcessParts } from '../grounds/in-process.ts';
import {
  agreedWith,
  type Belief,
  commonBelief,
  establishingWith,
  nothing,
  trustAgreedWith,
} from './beliefs.ts';
import { connectDevice, deviceBelief } from './device.ts';
import { createTwin, type Party, settle, sideOf, type Twin } from './twin.ts';

export interface Bench {
  readonly parts: InProcessParts;
  readonly identities: readonly [IssuedIdentity, IssuedIdentity];
  /** Guards that the answering server has switched off: a mutant. */
  readonly off?: ReadonlySet<RequirementId>;
}

export const SERVERS = ['acme.conformance.test', 'bravo.conformance.test'] as const;
const [ACME, BRAVO] = SERVERS;

export interface Outcome {
  readonly got: Answer;
  /** Of the side that refused, as it logged it. */
  readonly refusal: string | null;
}

type Versions = Party['versions'];
type Pair<T> = readonly [asking: T, answering: T];
export type Lists = Pair<readonly string[]>;

/** What a layer speaks that is not looked at. */
const ANY = ['1.1'];

const speaking = (some: Partial<Versions>): Versions => ({
  ...{ client: ANY, federation: ANY, trust: ANY },
  ...some,
});

/** NORC-C, as far as the end of the handshake. */
export function negotiateClient(bench: Bench, [device, server]: Lists): Outcome {
  const parties = partiesOf(bench, [speaking({}), speaking({ client: server })]);
  const side = sideOf(bench.parts, parties, 1);
  const talk = connectDevice(bench.parts, side, device);
  const beliefs = [deviceBelief(talk.effects), agreedWith(side.rows, null)];
  return { got: commonBelief(beliefs), refusal: talk.refusal };
}

/** NORC-F, until the side that dialled goes on to speak of trust: whoever refuses hangs up. */
export function negotiateFederation(bench: Bench, [own, other]: Lists): Outcome {
  const twin = linked(bench, [
    speaking({ federation: own, trust: own }),
    speaking({ federation: other, trust: other }),
  ]);
  settle(twin, 'trust_capabilities');
  const goesOn = twin.crossed.has('trust_capabilities');
  return outcomeOf(twin, [
    goesOn ? agreedWith(twin.dialling.rows, BRAVO) : nothing(),
    agreedWith(twin.dialled.rows, ACME),
  ]);
}

/** NORC-T on a link of this version of NORC-F (L-V11), until the requester makes its request. */
export function negotiateTrust(bench: Bench, [own, other]: Lists, carrier: string): Outcome {
  const federation = [carrier];
  const twin = linked(bench, [
    speaking({ federation, trust: own }),
    speaking({ federation, trust: other }),
  ]);
  settle(twin, 'trust_request');
  const goesOn = twin.crossed.has('trust_request');
  return outcomeOf(twin, [
    goesOn ? trustAgreedWith(twin.dialling.rows, BRAVO) : nothing(),
    goesOn ? establishingWith(twin.dialling.rows, BRAVO) : nothing(),
    trustAgreedWith(twin.dialled.rows, ACME),
  ]);
}

function linked({ parts, ...bench }: Bench, versions: Pair<Versions>): Twin {
  const twin = createTwin(parts, partiesOf({ parts, ...bench }, versions));
  for (const side of [twin.dialling, twin.dialled]) {
    twin.waiting.push({ side, input: { type: 'started' } });
  }
  const wish = { server: BRAVO, level: 'basic', method: 'ca_validation' };
  const command = { command: 'establish-trust', ...wish } as const;
  twin.waiting.push({ side: twin.dialling, input: { type: 'command-given', command } });
  return twin;
}

function partiesOf({ identities, off }: Bench, versions: Pair<Versions>): Pair<Party> {
  return [
    { serverId: ACME, identity: identities[0], versions: versions[0] },
    { serverId: BRAVO, identity: identities[1], versions: versions[1], ...(off && { off }) },
  ];
}

function outcomeOf({ dialling, dialled }: Twin, beliefs: readonly Belief[]): Outcome {
  return { got: commonBelief(beliefs), refusal: dialled.refusal ?? dialling.refusal };
}

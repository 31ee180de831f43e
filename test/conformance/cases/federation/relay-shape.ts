/**
 * Relays of which one member is not what the schema says (F-RELAY-01, X-CAN, X-AMC-17; L-F01,
 * L-V12).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { type Fault, faultsOf } from '../../../../spec/faults.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { messageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import type { Link } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';

const { federation: code, common } = errorCode;

/** Fewer than end a link (X-ERR-08). */
const faultsPerLink = 6;

const faultsByMember = grouped(faultsOf(messageRelay));

function grouped(faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    const [first = '', second] = fault.path;
    // Each member of metadata is one of its own.
    const member = first === 'metadata' && second !== undefined ? `${first}-${second}` : first;
    const key = `${member}${fault.since === '1.1' ? '-from-1-1' : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), fault]);
  }
  return groups;
}

/** Signed over what is wrong, unless the fault is in a signature or has no canonical form. */
function spoilt(people: Neighbours, fault: Fault): MessageRelay {
  try {
    if (isSignature(fault)) throw new RangeError('a signature');
    return relayFor(people, { beforeOrigin: (relay) => fault.apply({ ...relay }) });
  } catch {
    return relayFor(people, { afterHop: (relay) => fault.apply({ ...relay }) });
  }
}

const isSignature = ({ path: [member = ''] }: Fault): boolean => member.endsWith('_signature');

const describe = ({ path, fault }: Fault): string => `${path.join('.')}: ${fault}`;

async function checkFault(
  stage: Stage,
  link: Link,
  { people, fault }: { people: Neighbours; fault: Fault },
): Promise<void> {
  const answer = await sendRelay(link, spoilt(people, fault));
  // What is wrong with a signature may be found when it is read or when it is verified.
  const isEither = fault.requirement === 'X-SIG-01';
  const codes = isEither ? [code.malformed, common.cryptoError] : [code.malformed];
  checkRefused(stage, fault.requirement, answer, { what: describe(fault), codes });
}

const malformed = [...faultsByMember].map(([member, faults]) => {
  const ids = [...new Set(faults.map(({ requirement }) => requirement))] as RequirementId[];
  const since = faults[0]?.since;
  return defineCase({
    id: `federation/relay-shape/${member.replaceAll('_', '-')}`,
    title: `A relay whose ${member.replaceAll('-', ' ')} is missing or wrong is malformed`,
    verifies: ids,
    ...(since === '1.1' && { at: ['1.1', '2.0'] as const }),
    readings: since === '1.1' ? ['L-V12', 'L-F01'] : ['L-F01'],
    async run(stage) {
      const people = await neighbours(stage);
      let { link } = people;
      for (const [nth, fault] of faults.entries()) {
        if (nth % faultsPerLink === faultsPerLink - 1) {
          await link.close();
          link = await people.bravo.link();
        }
        await checkFault(stage, link, { people, fault });
      }
      const [first = 'F-RELAY-01'] = ids;
      await checkNothingCame(stage, first, people.alice, 'all of these');
      await checkDelivered(stage, first, { ...people, link });
    },
  });
});

export const cases: readonly Case[] = malformed;

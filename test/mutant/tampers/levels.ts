/** Servers that get levels, methods and the evidence for them wrong by themselves. */
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { Mutant } from '../mutant.ts';
import { otherUuid, signs } from './bending.ts';
import { textOf, told, typeIn } from './hearing.ts';

const KEM = 'pq_kem.mlkem768.fips';

export const levelTampers: readonly Mutant[] = [
  {
    name: 'grants-another-level',
    title: 'trust_decision grants basic for more and verified for basic',
    breaks: ['T-LVL-01', 'T-LVL-03'],
    change: signs('trust_decision', ({ granted_trust_level: level }) => ({
      granted_trust_level: level === 'basic' ? 'verified' : 'basic',
    })),
  },
  {
    name: 'asks-for-no-document',
    title: 'trust_challenge asks for no document, whatever policy says',
    breaks: ['T-RESP-07'],
    change: signs('trust_challenge', ({ organization_verification: asked }) => ({
      organization_verification: { ...(asked as JsonObject), required_documents: [] },
    })),
  },
  {
    name: 'challenges-for-another-request',
    title: 'trust_challenge after an extension names another request',
    breaks: ['T-GOV-01'],
    change: signs('trust_challenge', { request_id: otherUuid }),
  },
  {
    name: 'knows-no-guard',
    title: 'a relay for a third server is passed on by no guard, listed or not',
    breaks: ['T-GOV-04'],
    stuck: ['T-GOV-04'],
  },
  {
    name: 'keeps-post-quantum-to-itself',
    title: 'trust_capabilities advertise no post-quantum key exchange',
    breaks: ['T-CAP-10', 'T-PQ-01'],
    change: signs('trust_capabilities', { pq_kem_support: undefined }),
  },
  {
    name: 'is-deaf-to-who-lacks-post-quantum',
    title: 'trust_capabilities that advertise no post-quantum key exchange are refused',
    breaks: ['T-CAP-10'],
    change: told((input) => {
      if (input.type !== 'request-received') return true;
      return typeIn(input.body) !== 'trust_capabilities' || textOf(input.body).includes(KEM);
    }),
  },
];

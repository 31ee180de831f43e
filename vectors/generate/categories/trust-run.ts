/** V-TRU: whole establishments of trust (L-H03, L-T04, L-T05, L-T10, L-T11, T App A.1). */
import type { CategorySource } from '../category.ts';
import { flag, listOf, message, octetsOf, text } from '../shape.ts';
import { acknowledgments, decisions, responses, unsettled } from './trust-run/answering.ts';
import { challenges, requests } from './trust-run/asking.ts';
import { grid, honest } from './trust-run/honest.ts';
import { altered, spliced } from './trust-run/tampered.ts';

export const trustRunSource: CategorySource = {
  category: 'trust-run',
  title: 'Establishment of trust',
  description:
    'Seven messages: capabilities of requester and responder, trust_request, trust_challenge, ' +
    'trust_response, trust_decision, trust_acknowledgment. Reject unless: they come in this order; each ' +
    'transcript_hash is BLAKE3("norc-t-handshake-v1" ‖ canonical messages before); each signature member ' +
    '(decision_signature of the decision, acknowledgment_signature of the acknowledgment, else signature) ' +
    'is by the key of its sender; names and ids agree; server_public_key is the requester’s; level and ' +
    'method are in the responder’s capabilities and the level within the cap of the method (direct_exchange and ' +
    'web_of_trust basic, ca_validation verified, manual_verification and government_pki classified); ' +
    'validation_method is that of the request; the challenge has one domain_ownership for the requester ' +
    '(record _norc-trust-challenge.<domain>, value as in domain-proof) and one cryptographic_proof, ' +
    'and one certificate_validation where the method needs a chain (all but direct_exchange and web_of_trust); the ' +
    'response comes before the deadline and has exactly one answer for each, the proof as in trust-proof ' +
    'with the response’s transcript_hash; a decision grants at most what was asked, ' +
    'its first certificate is valid, from responder for requester, and agrees in ' +
    'level, permissions, renewable, revocable and validity (established_at, expires_at); conditional has ' +
    'a condition and every condition a deadline; a rejection is without permissions ' +
    'and certificates, and is not accepted; mutual trust has a valid reverse certificate; ' +
    'effective_date ≥ not_before and next_renewal_date < not_after. X.509 chains and DNS are not judged here.',
  functions: {
    judge: {
      does: 'whether trust is established (accepted or conditional, and acknowledged), at which level (else untrusted), and the hash over all seven messages.',
      input: {
        messages: listOf(message),
        requester: text,
        responder: text,
        requester_public_key: octetsOf(32),
        responder_public_key: octetsOf(32),
      },
      output: { established: flag, level: text, transcript_hash: octetsOf(32) },
    },
  },
  flags: {
    transcript: {
      bug: 'A member of a message is outside the transcript or its signature.',
      effect:
        'A middleman strikes capabilities or changes terms, and both sides believe they agreed.',
    },
    splice: {
      bug: 'Messages of different runs, or in another order, are taken together.',
      effect: 'The acceptance of one run is used for another.',
    },
    unsigned: {
      bug: 'A signature is not checked, or checked with the wrong key.',
      effect: 'Anybody on the path establishes trust in another’s name.',
    },
    'beyond-method': {
      bug: 'Level or method go beyond what was offered, or what the method can show.',
      effect: 'A web of acquaintances makes a server classified.',
    },
    'other-party': {
      bug: 'Names or ids are not compared.',
      effect: 'A third server steps into the place of one of the two.',
    },
    'passed-on': {
      bug: 'Challenge or proof of another exchange is taken.',
      effect: 'A middleman is trusted with proofs that the victim made.',
    },
    unanswered: {
      bug: 'Answers are missing, doubled or late.',
      effect: 'Trust is granted without the evidence that was asked for.',
    },
    'generous-decision': {
      bug: 'The decision is taken as it comes.',
      effect:
        'A server believes it may do what no certificate says, or that it was rejected with rights.',
    },
    'one-sided': {
      bug: 'Trust is in force before both sides have what was agreed.',
      effect: 'One side relays for a server that has given nothing in return.',
    },
  },
  drafts: () => [
    ...honest(),
    ...grid(),
    ...altered(),
    ...spliced(),
    ...requests(),
    ...challenges(),
    ...responses(),
    ...decisions(),
    ...acknowledgments(),
    ...unsettled(),
  ],
};

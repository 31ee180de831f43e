/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as acknowledgments } from './acknowledgments.ts';
import { cases as beyondTheSchema } from './beyond-the-schema.ts';
import { cases as compatibility } from './compatibility.ts';
import { cases as downgrade } from './downgrade.ts';
import { cases as errors } from './errors.ts';
import { cases as forgedAcknowledgments } from './forged-acknowledgments.ts';
import { cases as format } from './format.ts';
import { cases as forwarding } from './forwarding.ts';
import { cases as handshake } from './handshake.ts';
import { cases as negotiation } from './negotiation.ts';
import { cases as outgoing } from './outgoing.ts';
import { cases as permissions } from './permissions.ts';
import { cases as rates } from './rates.ts';
import { cases as relayContent } from './relay-content.ts';
import { cases as relayRoute } from './relay-route.ts';
import { cases as relayShape } from './relay-shape.ts';
import { cases as relaySignatures } from './relay-signatures.ts';
import { cases as relayTime } from './relay-time.ts';
import { cases as replay } from './replay.ts';
import { cases as requestProof } from './request-proof.ts';
import { cases as standing } from './standing.ts';
import { cases as tls } from './tls.ts';
import { cases as trustStatus } from './trust-status.ts';

export const cases: readonly Case[] = [
  ...tls,
  ...handshake,
  ...negotiation,
  ...downgrade,
  ...compatibility,
  ...requestProof,
  ...standing,
  ...permissions,
  ...trustStatus,
  ...relayRoute,
  ...relayTime,
  ...relaySignatures,
  ...relayContent,
  ...relayShape,
  ...beyondTheSchema,
  ...acknowledgments,
  ...forgedAcknowledgments,
  ...replay,
  ...outgoing,
  ...forwarding,
  ...rates,
  ...errors,
  ...format,
];

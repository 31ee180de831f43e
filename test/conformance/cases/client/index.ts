/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as anonymity } from './anonymity.ts';
import { cases as authentication } from './authentication.ts';
import { cases as clocks } from './clocks.ts';
import { cases as conversations } from './conversations.ts';
import { cases as delivery } from './delivery.ts';
import { cases as enrolment } from './enrolment.ts';
import { cases as errors } from './errors.ts';
import { cases as forgeries } from './forgeries.ts';
import { cases as handshake } from './handshake.ts';
import { cases as keys } from './keys.ts';
import { cases as malformed } from './malformed.ts';
import { cases as rates } from './rates.ts';
import { cases as registration } from './registration.ts';
import { cases as repeats } from './repeats.ts';
import { cases as revocation } from './revocation.ts';
import { cases as sending } from './sending.ts';
import { cases as sessions } from './sessions.ts';
import { cases as suites } from './suites.ts';
import { cases as upgrade } from './upgrade.ts';
import { cases as versions } from './versions.ts';

export const cases: readonly Case[] = [
  ...anonymity,
  ...authentication,
  ...clocks,
  ...conversations,
  ...delivery,
  ...enrolment,
  ...errors,
  ...forgeries,
  ...handshake,
  ...keys,
  ...malformed,
  ...rates,
  ...registration,
  ...repeats,
  ...revocation,
  ...sending,
  ...sessions,
  ...suites,
  ...upgrade,
  ...versions,
];

/** What the vectors of revocation hang on. */
import type { Grounds } from '../../category.ts';

export const grounds = {
  value: {
    requirements: ['X-SIG-01', 'X-KEY-03'],
    readings: ['L-S01', 'L-C07'],
    flags: ['unsigned-revocation'],
  },
  device: { requirements: ['X-KEY-05'], readings: ['L-C07'], flags: ['foreign-signer'] },
  forged: { requirements: ['X-KEY-05'], readings: ['L-C07'], flags: ['unsigned-revocation'] },
  scope: {
    requirements: ['T-REV-04', 'T-REV-05', 'T-REV-06'],
    readings: ['L-R05'],
    flags: ['wrong-effect'],
  },
  when: { requirements: ['T-REV-03'], readings: ['L-R04'], flags: ['wrong-time'] },
  grace: { requirements: ['T-REV-07'], readings: ['L-R04'], flags: ['grace-for-attackers'] },
  order: { requirements: ['T-REV-11'], readings: ['L-R12'], flags: ['order-matters'] },
  reason: { requirements: ['T-REV-17'], readings: ['L-R02'], flags: ['grace-for-attackers'] },
  trust: { requirements: ['T-REV-01'], readings: ['L-R03'], flags: ['unsigned-revocation'] },
  who: { requirements: ['T-REV-02', 'T-CERT-15'], readings: ['L-R03'], flags: ['foreign-signer'] },
  names: { requirements: ['T-REV-05'], readings: ['L-R05'], flags: ['wrong-effect'] },
  chain: { requirements: ['T-REV-13'], readings: ['L-R09'], flags: ['withheld-revocation'] },
} satisfies Record<string, Grounds>;

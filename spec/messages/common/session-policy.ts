/** When an end-to-end session key is replaced (profile 1.0, IG 4.2, L-E20; values in limits.ts). */
import { flag, integer, record, seconds, type TypeOf } from '../../schema.ts';

export const sessionPolicy = record({
  fields: {
    rotation_interval: seconds(),
    max_messages: integer(1),
    max_bytes: integer(1),
    forward_secrecy: flag(),
  },
  requirement: 'X-KEY-07',
});
export type SessionPolicy = TypeOf<typeof sessionPolicy>;

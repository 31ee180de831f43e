/** A connection session after authentication, and its limits (profile 1.0, C 4.2). */
import { integer, list, oneOf, record, seconds, type TypeOf, userId, uuid } from '../../schema.ts';

/** What a session may do (C-AUTH-07). Not to be mixed up with the permissions of trust. */
export const sessionPermission = () =>
  oneOf(['send_messages', 'make_calls', 'create_rooms', 'admin'], 'C-AUTH-07');

export const rateLimits = record({
  fields: {
    messages_per_minute: integer(),
    calls_per_hour: integer(),
    files_per_day: integer(),
  },
  requirement: 'C-SES-02',
});
export type RateLimits = TypeOf<typeof rateLimits>;

export const session = record({
  fields: {
    session_id: uuid(),
    user_id: userId(),
    device_id: uuid(),
    created_at: seconds(),
    expires_at: seconds(),
    permissions: list(sessionPermission(), { max: 4, unique: true, requirement: 'C-AUTH-07' }),
    rate_limits: rateLimits,
  },
  requirement: 'C-SES-01',
});
export type Session = TypeOf<typeof session>;

/** Errors: the registry, what is one, and the one that tells nobody what exists (X-ERR). */
import { attemptFault } from '../../../reference/client/server/authentication.ts';
import { refuseMessage } from '../../../reference/client/server/refusal.ts';
import type { Effect } from '../../../reference/core.ts';
import { seconds } from '../../../reference/time.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import { type ErrorRow, errorByCode } from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../../vectors/vector-file.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Input } from './input.ts';
import { allowed, byFunction, output, rejected, unsupported } from './results.ts';
import { contextAt, must } from './tools.ts';

const validate = createValidator({ must });

const rowOf = (code: number): ErrorRow | undefined =>
  Object.values(errorByCode).find((row) => row.code === code);

function describe(input: Input): Answer {
  const row = rowOf(input.number('code'));
  if (!row) return rejected('X-ERR-02');
  return output({ name: row.name, category: row.category, message: row.message });
}

/** X-ERR-01, X-ERR-02: its shape, and that category and code agree. */
function check(input: Input): Answer {
  const valid = validate(input.object('error'), '2.0');
  if (!valid.ok) return rejected(valid.error.requirement);
  const { value } = valid;
  const isError = value.type === 'error' || value.type === 'federation_error';
  if (!isError) return rejected('X-ERR-01');
  const row = rowOf(value.error_code);
  return allowed(row !== undefined && row.category === value.error_category, 'X-ERR-02');
}

/** An attempt of alice's device that has this one fault. */
type Attempt = Parameters<typeof attemptFault>[0];
const sound = { live: true, verified: true, device: { userId: 'alice' } };
const attempts: { readonly [fault: string]: object } = {
  'unknown-user': { ...sound, device: undefined },
  'unknown-device': { ...sound, device: undefined },
  'device-of-another-user': { ...sound, device: { userId: 'bob' } },
  'wrong-key': { ...sound, verified: false },
  'bad-signature': { ...sound, verified: false },
  'expired-challenge': { ...sound, live: false },
  'used-challenge': { ...sound, live: false },
  'revoked-without-proof': { ...sound, verified: false },
};

/** As the server refuses it. */
function authenticationFailure(input: Input): Answer {
  const timestamp = input.number('timestamp');
  const attempt = attempts[input.text('fault')];
  if (!attempt) return unsupported;
  const asked = { pending: { userId: 'alice' }, response: { timestamp } };
  const sent: Effect[] = [];
  const context = {
    ...contextAt(seconds(timestamp)),
    emit: (effect: Effect) => void sent.push(effect),
  };
  const refusal = attemptFault({ ...asked, ...attempt } as unknown as Attempt, context);
  if (!refusal) return rejected('nothing was wrong');
  const connection = { id: '' } as unknown as Parameters<typeof refuseMessage>[0];
  refuseMessage(connection, refusal, context);
  const messages = sent.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []));
  return output({ error: (messages[0] ?? null) as unknown as VectorValue });
}

export const error = byFunction({
  describe,
  check,
  'authentication-failure': authenticationFailure,
});

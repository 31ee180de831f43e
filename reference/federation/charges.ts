/** What a request costs before it is read (X-RATE-08, F-RATE-01), whatever it asks for. */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { Context } from '../core.ts';
import { bounds } from './bounds.ts';
import type { Link } from './link.ts';
import { charge } from './rates.ts';
import { objection, type Refusal } from './refusal.ts';
import { type Federation, ratesOf } from './state.ts';

const { federation: code } = errorCode;

export function quotaObjection(link: Link, context: Context): Refusal | null {
  return objection(context, 'F-RATE-01', link.held.size <= bounds.heldPerLink, () => ({
    code: code.quota,
    detail: `${link.held.size} requests wait`,
    limit: {
      limit_type: 'pending_requests',
      current_rate: link.held.size,
      limit: bounds.heldPerLink,
      retry_after: 1,
    },
  }));
}

/** X-RATE-08: paid before it is judged. A stranger pays when it has said and shown who it is. */
export function chargeObjection(
  federation: Federation,
  link: Link,
  sizeBytes: number,
  context: Context,
): Refusal | null {
  if (!link.peer) return null;
  const { config, ports } = federation;
  const standing = ports.trust.inbound(link.peer, context.now);
  const rates = ratesOf(federation, link.peer, standing, context.now);
  const wasRefusing = rates.refusing;
  // A body that is never read costs a message; how large it claims to be is refused by itself (5602).
  const readBytes = sizeBytes > limits.federationBodyBytes ? 0 : sizeBytes;
  const cost = { policy: config.policy, standing, sizeBytes: readBytes };
  const refused = charge(rates, cost, context);
  // X-AUD-05: a flood is one event.
  if (refused && !wasRefusing) {
    context.emit({
      type: 'audit',
      event: {
        event: 'rate_limit_exceeded',
        target: link.peer,
        actor: link.peer,
        action: 'request',
        parameters: { error_code: refused.code },
        result: 'failure',
        risk: 'medium',
      },
    });
  }
  return refused;
}

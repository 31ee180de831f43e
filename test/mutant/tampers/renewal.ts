/** Wrong ways of the server in the life of a certificate: conditions, renewal, succession (NORC-T). */
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { Change, Mutant } from '../mutant.ts';
import { otherUuid, signs, withCrypto, withholds } from './bending.ts';
import { told, typeIn } from './hearing.ts';

/** After it has been asked for a renewal it hears no further request. */
function deafAfterRenewal(): Change {
  let isDeaf = false;
  return {
    node: (node) => ({
      handle(input, now) {
        if (input.type !== 'request-received') return node.handle(input, now);
        if (isDeaf) return [];
        isDeaf = typeIn(input.body) === 'trust_renewal';
        return node.handle(input, now);
      },
    }),
  };
}

/** Once it has acknowledged a renewal it relays no more. */
function silentAfterRenewal(): Change {
  let acknowledged = 0;
  return {
    effects: (effect) => {
      if (effect.type !== 'request') return [effect];
      if (effect.message.type === 'trust_acknowledgment') acknowledged += 1;
      return effect.message.type === 'message_relay' && acknowledged > 1 ? [] : [effect];
    },
  };
}

const proofs: readonly unknown[] = ['trust_response', 'trust_proof', 'trust_acknowledgment'];

/** The key that a server was first certified with is certified for ever. */
function certifiesTheFirstKey(): Change {
  const first = new Map<string, JsonObject[string]>();
  return signs('norc_trust_certificate', ({ subject_server, public_key = '' }) => {
    const subject = String(subject_server);
    if (!first.has(subject)) first.set(subject, public_key);
    return { public_key: first.get(subject) };
  })();
}

const HOUR_MICROS = 3_600_000_000;

/** Renewals are asked for an hour before their time. */
function impatient(): Change {
  return {
    effects: (effect) =>
      effect.type === 'set-timer' && effect.timer.startsWith('trust/renew/')
        ? [{ ...effect, at: effect.at - HOUR_MICROS }]
        : [effect],
  };
}

/** Whoever does not answer a renewal is not asked again. */
function timeless(): Change {
  return {
    effects: (effect) =>
      effect.type === 'set-timer' && effect.timer.startsWith('trust/renewing/') ? [] : [effect],
  };
}

/** Another renewal each time: no repeat is one. */
function underFreshIds(): Change {
  let at = 0;
  return {
    effects: (effect) => {
      if (effect.type !== 'request' || effect.message.type !== 'trust_renewal') return [effect];
      at += 1;
      const renewal_id = `${otherUuid.slice(0, -2)}${String(at).padStart(2, '0')}`;
      return [{ ...effect, message: { ...effect.message, renewal_id } }];
    },
  };
}

export const renewalTampers: readonly Mutant[] = [
  {
    name: 'answers-another-renewal',
    title: 'trust_decision names a request that was not made',
    breaks: ['T-REN-05'],
    change: signs('trust_decision', { request_id: otherUuid }),
  },
  {
    name: 'hears-nothing-after-a-renewal',
    title: 'after a renewal is granted no request is answered',
    breaks: ['T-REN-03', 'T-REN-05'],
    change: deafAfterRenewal,
  },
  {
    name: 'never-renews',
    title: 'trust_renewal is kept back',
    breaks: ['T-REN-01', 'T-REN-03', 'T-REN-05'],
    change: withholds('trust_renewal'),
  },
  {
    name: 'renews-without-saying-that-it-is-time',
    title: 'trust_renewal gives the reason early in the last third too',
    breaks: ['T-REN-01'],
    change: signs('trust_renewal', { renewal_reason: 'early' }),
  },
  {
    name: 'renews-too-early',
    title: 'trust_renewal comes an hour before the last third begins',
    breaks: ['T-REN-03'],
    change: impatient,
  },
  {
    name: 'stops-sending-after-a-renewal',
    title: 'after its second acknowledgment no message is relayed',
    breaks: ['T-REN-03'],
    change: silentAfterRenewal,
  },
  {
    name: 'asks-once-for-a-renewal',
    title: 'no timer waits for the answer to a trust_renewal',
    breaks: ['T-REN-05'],
    change: timeless,
  },
  {
    name: 'renews-under-fresh-ids',
    title: 'every repeat of a trust_renewal has an id of its own',
    breaks: ['T-REN-05'],
    change: underFreshIds,
  },
  {
    name: 'asks-nobody-who-has-signed-a-proof',
    title: 'proofs, responses and acknowledgments count whichever key has signed them',
    breaks: ['T-REN-06'],
    change: withCrypto((crypto) => ({
      verify: (key, value, signature) =>
        proofs.includes(value.type) || crypto.verify(key, value, signature),
    })),
  },
  {
    name: 'believes-every-revocation',
    title: 'revocations count whichever key has signed them',
    breaks: ['T-REN-06'],
    change: withCrypto((crypto) => ({
      verify: (key, value, signature) =>
        value.type === 'trust_revoke' || crypto.verify(key, value, signature),
    })),
  },
  {
    name: 'certifies-the-first-key-for-ever',
    title: 'a successor certifies the key of its predecessor, whatever was asked for',
    breaks: ['T-REN-06'],
    change: certifiesTheFirstKey,
  },
  {
    name: 'states-no-condition',
    title: 'trust_decision accepts where the certificate has conditions',
    breaks: ['T-DEC-06'],
    change: signs('trust_decision', { decision: 'accept', trust_conditions: [] }),
  },
  {
    name: 'makes-every-condition-fatal',
    title: 'certificates have conditions that revoke, whatever policy says',
    breaks: ['T-COND-01'],
    change: signs('norc_trust_certificate', ({ conditions }) => ({
      conditions: (conditions as JsonObject[]).map((one) => ({ ...one, auto_action: 'revoke' })),
    })),
  },
  {
    name: 'wants-one-audit-for-ever',
    title: 'certificates have no condition that comes again, whatever policy says',
    breaks: ['T-COND-02'],
    change: signs('norc_trust_certificate', ({ conditions }) => ({
      conditions: (conditions as JsonObject[]).map((one) => ({ ...one, parameters: {} })),
    })),
  },
  {
    name: 'does-not-learn-that-conditions-are-met',
    title: 'the operator is not heard about conditions',
    breaks: ['T-COND-01'],
    change: told((input) => {
      return input.type !== 'command-given' || input.command.command !== 'meet-condition';
    }),
  },
];

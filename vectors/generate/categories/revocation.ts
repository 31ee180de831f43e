/** V-REV: revocation of devices (L-C07) and of trust (L-R02 to L-R13). */
import type { CategorySource } from '../category.ts';
import {
  flag,
  from,
  listOf,
  message,
  objectOf,
  octets,
  octetsOf,
  oneOf,
  optional,
  text,
} from '../shape.ts';
import { authorities, chains } from './revocation/authority.ts';
import { DEVICE, devices, signs } from './revocation/devices.ts';
import { effects, orders, timings } from './revocation/effects.ts';

const device = objectOf({
  device_id: text,
  user_id: text,
  public_key: octetsOf(32),
  revoked: flag,
});

const record = objectOf({
  revocation_id: text,
  scope: oneOf('full', 'partial', 'conditional'),
  reason: text,
  issued_at: from(0),
  effective_date: from(0),
  grace_period: from(0),
  permissions: listOf(text),
});

export const revocationSource: CategorySource = {
  category: 'revocation',
  title: 'Revocation of devices and of trust',
  description:
    'device_revoke is signed by the user’s master key (signer user_master), by a device of the user that ' +
    'is not revoked (signer its id), or, with reason administrative and only then, by the home server ' +
    '(signer its server id). trust_revoke is signed by the issuer of the certificate, or by its subject ' +
    'for voluntary and compromised_key; revocable=false bars the issuer from voluntary, superseded and ' +
    'expired. Grace (at most a day) is given for those three reasons only; every unknown reason is ' +
    'compromised_key. A conditional one suspends and, after grace_period whatever its reason, revokes.',
  functions: {
    'sign-device-revoke': {
      does: 'canonical bytes, their hash and the signature.',
      input: { message, secret_key: octetsOf(32) },
      output: { canonical_hex: octets, blake3: octetsOf(32), signature: octetsOf(64) },
    },
    'verify-device-revoke': {
      does: 'whether the revocation counts; else reject.',
      input: {
        message,
        server_id: text,
        server_public_key: octetsOf(32),
        user_master_public_key: optional(octetsOf(32)),
        devices: listOf(device),
      },
      output: {},
    },
    effect: {
      does: 'what is left of the certificate at the time `at`: suspended during the grace of a full and the wait of a conditional revocation; permissions sorted, none unless active. A partial one takes its permissions away when its date and grace are over. A date before issued_at means issued_at.',
      input: { permissions: listOf(text), revocations: listOf(record), at: from(0) },
      output: { status: oneOf('active', 'suspended', 'revoked'), permissions: listOf(text) },
    },
    authorize: {
      does: 'whether the trust_revoke is signed by one who may revoke this certificate for this reason; a partial one must name permissions; else reject.',
      input: {
        message,
        certificate: message,
        issuer_public_key: octetsOf(32),
        subject_public_key: octetsOf(32),
      },
      output: {},
    },
    'verify-chain': {
      does: 'the hash of the last of all revocations of one issuer; reject where prev_revocation_hash is not the hash of the canonical message before (32 zero bytes for the first) or revocation_sequence does not rise by one from 1.',
      input: { messages: listOf(message) },
      output: { head: octetsOf(32) },
    },
  },
  flags: {
    'unsigned-revocation': {
      bug: 'The signature of a revocation is not checked in full.',
      effect: 'Anybody cuts anybody off.',
    },
    'foreign-signer': {
      bug: 'Whoever signs may revoke.',
      effect: 'A third server, or another user’s device, ends relations that are not its own.',
    },
    'wrong-effect': {
      bug: 'A scope takes away more or less than it says.',
      effect: 'Revoked permissions stay in force.',
    },
    'wrong-time': {
      bug: 'Dates in the past or future are not honoured.',
      effect: 'Revocation comes too late, or a grace is over before it was announced.',
    },
    'grace-for-attackers': {
      bug: 'Grace is given for compromised keys or unknown reasons.',
      effect: 'An attacker keeps the stolen key’s trust for another day.',
    },
    'order-matters': {
      bug: 'The outcome hangs on the order of arrival.',
      effect: 'Two servers disagree about who is trusted, and a later message un-revokes.',
    },
    'withheld-revocation': {
      bug: 'Gaps and forks in an issuer’s revocations are not noticed.',
      effect: 'Somebody on the path withholds the one that matters.',
    },
  },
  drafts: () => [
    signs('signs-section-13', DEVICE),
    signs('signs-with-signer', { ...DEVICE, signer: 'user_master' }),
    ...devices(),
    ...effects(),
    ...timings(),
    ...orders(),
    ...authorities(),
    ...chains(),
  ],
};

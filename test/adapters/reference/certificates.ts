/** Trust certificates, what revokes them, and the lists that say so (T-CERT, T-REV, T-CRL). */

import { isSigned } from '../../../reference/client/server/revocation.ts';
import type { Server } from '../../../reference/client/server/state.ts';
import type { Effect } from '../../../reference/core.ts';
import { seconds } from '../../../reference/time.ts';
import { certificateChecks } from '../../../reference/trust/certificate/validation.ts';
import { firstBroken } from '../../../reference/trust/check.ts';
import { agreementChecks } from '../../../reference/trust/establishment/decision.ts';
import { numberOf, usableChecks } from '../../../reference/trust/revocation/list-reading.ts';
import {
  reasonOf,
  recordOf,
  revocationChecks,
} from '../../../reference/trust/revocation/revocation.ts';
import { emptyChain, follow } from '../../../reference/trust/revocation/revocation-chain.ts';
import { effectAt } from '../../../reference/trust/revocation/revocation-effect.ts';
import type {
  RevocationRecord,
  WatchedList,
} from '../../../reference/trust/revocation/revocation-record.ts';
import { revocationKey } from '../../../reference/trust/rows.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { crlReasonOf } from '../../../spec/messages/trust/enumerations.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, byFunction, output, rejected } from './results.ts';
import { isSignedBy, signedMessage } from './server-proofs.ts';
import { contextAt, crypto, hexOfWire, must, primitives, wireOf } from './tools.ts';

const validate = createValidator({ must });
const hardened = '2.0';

/** The layer as far as the checks of one certificate ask it. */
function scopeAt(
  now: number,
  revocations: ReadonlyMap<string, readonly RevocationRecord[]>,
): Scope {
  const state = { clocks: { offset: 0 }, relations: new Map(), revocations };
  return { context: contextAt(seconds(now)), state } as unknown as Scope;
}

const revokedSince = (certificate: NorcTrustCertificate): RevocationRecord => ({
  ...{ revocationId: '', issuer: certificate.issuer_server, subject: certificate.subject_server },
  ...{ certificateId: certificate.certificate_id, notAfterSeconds: certificate.not_after },
  ...{ revokedBy: certificate.issuer_server, reason: 'policy_violation', scope: 'full' },
  ...{ effectiveSeconds: 0, graceSeconds: 0, permissions: [], quarantinedUntilSeconds: null },
  ...{ hash: null, transcript: null, isCleared: false, answered: 'accepted', objections: [] },
});

/** The first requirement that is broken, or null. */
function broken(input: Input, certificate: NorcTrustCertificate): RequirementId | null {
  const { issuer_server: issuer, certificate_id: certificateId } = certificate;
  const records = input.flag('revoked') ? [revokedSince(certificate)] : [];
  const revocations = new Map([[revocationKey({ issuer, certificateId }), records]]);
  const checks = certificateChecks(scopeAt(input.number('now'), revocations), certificate, {
    issuer: input.text('issuer_server'),
    issuerKey: wireOf(input.text('issuer_public_key')),
    subject: input.text('subject_server'),
    subjectKey: wireOf(input.text('subject_public_key')),
    follows: null,
  });
  const refusal = firstBroken(must, checks);
  if (refusal) return refusal.requirement;
  // T-CERT-08, L-T15: at basic it is borne for a day.
  const isBorne = input.flag('status_known') || certificate.trust_level === 'basic';
  return isBorne ? null : 'T-CERT-08';
}

const names: { readonly [id in RequirementId]?: string } = {
  'T-CERT-02': 'signature',
  'T-CERT-03': 'validity',
  'T-CERT-04': 'issuer',
  'T-CERT-05': 'permissions',
  'T-CERT-14': 'permissions',
  'T-CERT-06': 'conditions',
  'T-CERT-07': 'revocation',
  'T-CERT-08': 'revocation',
};

/** T-CERT-01: null where it is not whole. */
function certificateIn(input: Input): NorcTrustCertificate | null {
  const valid = validate(input.object('certificate'), hardened);
  return valid.ok && valid.value.type === 'norc_trust_certificate' ? valid.value : null;
}

const withCertificate =
  (answer: (input: Input, certificate: NorcTrustCertificate) => Answer) =>
  (input: Input): Answer => {
    const certificate = certificateIn(input);
    return certificate ? answer(input, certificate) : rejected('T-CERT-01');
  };

export const certificate = byFunction({
  validate: withCertificate((input, given) => {
    // Judged with the decision that hands it over.
    if (given.trust_level === 'untrusted') return rejected('T-LVL-02');
    const requirement = broken(input, given);
    return allowed(requirement === null, requirement ?? '');
  }),
  'first-failure': withCertificate((input, given) => {
    const requirement = broken(input, given);
    return output({ check: requirement === null ? 'none' : (names[requirement] ?? requirement) });
  }),
  'match-decision': withCertificate((input, given) => {
    const { granted_trust_level, federation_permissions, trust_metadata } = input.whole;
    const said = { granted_trust_level, federation_permissions, trust_metadata };
    const asked = { peer: '', level: '', follows: null, pqFingerprint: null };
    const terms = { ...asked, maxAgeSeconds: Number.MAX_SAFE_INTEGER };
    const checks = agreementChecks(said as unknown as TrustDecision, terms, given);
    const refusal = firstBroken(must, checks);
    return allowed(refusal === null, refusal?.requirement ?? '');
  }),
});

function recordIn(one: Input, at: number): RevocationRecord {
  const message = {
    ...{ revocation_id: one.text('revocation_id'), revoking_server: '', target_server: '' },
    ...{ trust_certificate_id: '', revocation_reason: one.text('reason') },
    ...{ effective_date: one.number('effective_date'), issued_at: one.number('issued_at') },
    revocation_scope: one.text('scope'),
    partial_revocation_permissions: one.texts('permissions'),
    grace_period: one.number('grace_period'),
  };
  const scope = scopeAt(Math.max(at, one.number('issued_at')), new Map());
  return recordOf(scope, message as unknown as TrustRevoke, undefined);
}

function effect(input: Input): Answer {
  const at = input.number('at');
  const records = input.inputs('revocations').map((one) => recordIn(one, at));
  const { status, removed } = effectAt(records, seconds(at));
  const left = input.texts('permissions').filter((name) => !removed.has(name));
  return output({ status, permissions: status === 'active' ? [...left].sort() : [] });
}

function authorize(input: Input): Answer {
  const certificate = input.object('certificate') as unknown as NorcTrustCertificate;
  const valid = validate(input.object('message'), '1.0');
  if (!valid.ok || valid.value.type !== 'trust_revoke') return rejected('T-REV-01');
  const message = valid.value;
  // It is looked up by its id.
  const isMeant = message.trust_certificate_id === certificate.certificate_id;
  if (!isMeant) return rejected('T-REV-02');
  const isIssuer = message.revoking_server === certificate.issuer_server;
  const key = wireOf(input.text(isIssuer ? 'issuer_public_key' : 'subject_public_key'));
  const about = { certificate, key, known: undefined, version: '1.0' };
  const refusal = firstBroken(must, revocationChecks(scopeAt(0, new Map()), message, about));
  return allowed(refusal === null, refusal?.requirement ?? '');
}

/** X-KEY-05, L-C07, with as much of a server as that asks. */
function verifyDeviceRevoke(input: Input): Answer {
  const valid = validate(input.object('message'), hardened);
  if (!valid.ok || valid.value.type !== 'device_revoke') return rejected('X-KEY-03');
  const { user_id: userId, effective: now } = valid.value;
  const devices = input.inputs('devices').map((device): [string, object] => [
    device.text('device_id'),
    {
      ...{ id: device.text('device_id'), userId: device.text('user_id') },
      ...{ publicKey: wireOf(device.text('public_key')), createdAtSeconds: now },
      revokedAtSeconds: device.flag('revoked') ? 0 : null,
    },
  ]);
  const master = 'user_master_public_key';
  const masterKey = input.has(master) ? wireOf(input.text(master)) : null;
  const publicKey = wireOf(input.text('server_public_key'));
  const server = {
    config: { serverId: input.text('server_id'), identity: { publicKey } },
    users: new Map([[userId, { masterKey }]]),
    devices: new Map(devices),
  } as unknown as Server;
  const named = server.devices.get(valid.value.device_id);
  const isAsked = !input.has('user_id') || input.text('user_id') === userId;
  const isGenuine =
    isAsked && named?.userId === userId && isSigned(server, valid.value, contextAt(seconds(now)));
  return allowed(isGenuine, 'X-KEY-05');
}

/** T-REV-13, L-R09: seen from its first, a chain has neither a gap nor a fork. */
function verifyChain(input: Input): Answer {
  const scope = { ...scopeAt(0, new Map()), config: { serverId: '' } } as unknown as Scope;
  const alarms: string[] = [];
  const context = { ...scope.context, emit: ({ type }: Effect) => void alarms.push(type) };
  const chains: Scope['state']['chains'] = new Map();
  const watching = { ...scope, context, state: { ...scope.state, chains } };
  let issuer = '';
  for (const { whole } of input.inputs('messages')) {
    const message = whole as unknown as TrustRevoke;
    issuer = message.revoking_server;
    if (chains.size === 0) chains.set(issuer, emptyChain);
    const known = chains.get(issuer);
    const isNext = message.revocation_sequence === (known?.sequence ?? 0) + 1;
    const isPlaced = (message.prev_revocation_hash ?? emptyChain.hash) === known?.hash;
    if (!isNext || !isPlaced || follow(watching, message)) return rejected('T-REV-13');
  }
  if (alarms.includes('audit')) return rejected('T-REV-13');
  return output({ head: hexOfWire(chains.get(issuer)?.hash ?? emptyChain.hash) });
}

export const revocation = byFunction({
  'sign-device-revoke': (input) => {
    const { canonical, signature } = signedMessage(input);
    const blake3 = hexOf(primitives.blake3(canonical));
    return output({ canonical_hex: hexOf(canonical), blake3, signature });
  },
  'verify-device-revoke': verifyDeviceRevoke,
  effect,
  authorize,
  'verify-chain': verifyChain,
});

/** As much of what is known of an issuer's list as the list before tells. */
function watchedOf(previous: NorcCrl | null, issuer: string, isListed: boolean): WatchedList {
  return {
    ...{ issuer, certificateId: '', level: 'verified', isListed },
    number: previous === null ? -1 : numberOf(previous),
    hash: previous === null ? null : crypto.hash(previous as never),
    ...{ knownUntilSeconds: 0, goodAtSeconds: 0, isAbsent: false, isUnknown: false },
    ...{ isWarned: false, contradictions: [] },
  };
}

function read(input: Input): Answer {
  const valid = validate(input.object('list'), hardened);
  if (!valid.ok || valid.value.type !== 'norc_crl') return rejected('T-CRL-01');
  const list = valid.value;
  const issuer = input.text('issuer_server');
  const key = wireOf(input.text('issuer_public_key'));
  const isGenuine = list.issuer_server === issuer && isSignedBy(key, input.object('list'));
  if (!isGenuine) return rejected('T-CRL-01');
  const earlier = input.value('previous') as unknown as NorcCrl | null;
  const now = input.number('now');
  const ends = input.object('certificates');
  // Each certificate that we hold and that the list before named must be named until it has ended.
  const watched = (earlier?.revoked_certificates ?? [])
    .map((entry) => entry.certificate_id)
    .filter((id) => Number(ends[id] ?? Number.MAX_SAFE_INTEGER) > now);
  for (const id of watched.length > 0 ? watched : ['']) {
    const entry = list.revoked_certificates.find((one) => one.certificate_id === id);
    const judged = { list, hash: crypto.hash(list as never), entry };
    const known = { ...judged, watched: watchedOf(earlier, issuer, id !== '') };
    const refusal = firstBroken(must, usableChecks(scopeAt(now, new Map()), known));
    if (refusal) return rejected(refusal.requirement);
  }
  const revoked = list.revoked_certificates.map((entry) => entry.certificate_id);
  return output({ revoked: [...new Set(revoked)].sort() });
}

export const crl = byFunction({
  read,
  'map-reason': (input) => {
    const reason = reasonOf(input.text('reason'));
    if (reason === 'expired') return output({ listed: false });
    return output({ listed: true, crl_reason: crlReasonOf(reason) });
  },
});

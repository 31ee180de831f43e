/** Revocation lists of the subject, and what it makes of those of servers of ours (T 5.2, L-R08). */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { NorcCrl } from '../../../../../spec/messages/trust/norc-crl.ts';
import type { RevokedCertificate } from '../../../../../spec/messages/trust/revoked-certificate.ts';
import type { Answer, Peer } from '../../../actors/peer.ts';
import { SubjectMisbehaved } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { told } from '../../federation/steps/answers.ts';
import { checkTrusted, checkUntrusted, freshLink } from './outcomes.ts';

export const HOUR_MS = 3_600_000;

/** For cases that last longer than a day: a look every half an hour is enough for them. */
export const seldomPolls = { trust: { revocationPollSeconds: 1800 } } as const;

/** The subject's list and its text. */
export async function fetchedBy(peer: Peer): Promise<{ list: NorcCrl; text: string }> {
  const answer = await (await freshLink(peer)).fetchList();
  return listIn(answer);
}

export function listIn(answer: Answer): { list: NorcCrl; text: string } {
  const { message, text } = answer;
  if (message?.type === 'norc_crl') return { list: message, text };
  throw new SubjectMisbehaved('there is no revocation list', 'norc_crl', told(answer));
}

export function entryFor(list: NorcCrl, certificateId: string): RevokedCertificate | undefined {
  return list.revoked_certificates.find((entry) => entry.certificate_id === certificateId);
}

export function checkListed(
  stage: Stage,
  id: RequirementId,
  list: NorcCrl,
  { certificateId, when }: { certificateId: string; when: string },
): void {
  stage.check(id, entryFor(list, certificateId) !== undefined, {
    what: `the entry of the certificate ${when}`,
    expected: certificateId,
    got: list.revoked_certificates.map((entry) => entry.certificate_id),
  });
}

export function checkUnlisted(
  stage: Stage,
  id: RequirementId,
  list: NorcCrl,
  { certificateId, when }: { certificateId: string; when: string },
): void {
  stage.check(id, entryFor(list, certificateId) === undefined, {
    what: `the list ${when}`,
    expected: `no entry of ${certificateId}`,
    got: list.revoked_certificates.map((entry) => entry.certificate_id),
  });
}

/**
 * Trust at basic lasts for a day after the last time that a list was good, and no longer (L-T15).
 * `serve` is called at the beginning and after every twelve hours.
 */
export async function checkLapses(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  { serve, what }: { serve: () => void; what: string },
): Promise<void> {
  serve();
  await stage.pass(12 * HOUR_MS);
  serve();
  await stage.pass(11 * HOUR_MS);
  await checkTrusted(stage, id, peer, `23 hours of ${what}`);
  serve();
  await stage.pass(3 * HOUR_MS);
  await checkUntrusted(stage, id, peer, `26 hours of ${what}`);
}

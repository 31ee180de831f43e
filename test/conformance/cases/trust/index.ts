/** All cases of this folder. */
import type { Case } from '../../case.ts';
import { cases as acknowledgments } from './acknowledgments.ts';
import { cases as algorithms } from './algorithms.ts';
import { cases as approval } from './approval.ts';
import { cases as asks } from './asks.ts';
import { cases as attacks } from './attacks.ts';
import { cases as attacksCertificates } from './attacks-certificates.ts';
import { cases as attacksCourse } from './attacks-course.ts';
import { cases as attacksIdentity } from './attacks-identity.ts';
import { cases as attacksRevocation } from './attacks-revocation.ts';
import { cases as attacksStolenKey } from './attacks-stolen-key.ts';
import { cases as attestation } from './attestation.ts';
import { cases as auditEvents } from './audit-events.ts';
import { cases as auditRoot } from './audit-root.ts';
import { cases as badCertificates } from './bad-certificates.ts';
import { cases as badChallenges } from './bad-challenges.ts';
import { cases as badDecisions } from './bad-decisions.ts';
import { cases as badOffers } from './bad-offers.ts';
import { cases as capabilities } from './capabilities.ts';
import { cases as certificateOrder } from './certificate-order.ts';
import { cases as chainMemory } from './chain-memory.ts';
import { cases as chains } from './chains.ts';
import { cases as challenges } from './challenges.ts';
import { cases as channel } from './channel.ts';
import { cases as compliance } from './compliance.ts';
import { cases as conditions } from './conditions.ts';
import { cases as crl } from './crl.ts';
import { cases as decisions } from './decisions.ts';
import { cases as disputes } from './disputes.ts';
import { cases as domain } from './domain.ts';
import { cases as domains } from './domains.ts';
import { cases as fingerprints } from './fingerprints.ts';
import { cases as government } from './government.ts';
import { cases as grace } from './grace.ts';
import { cases as health } from './health.ts';
import { cases as levelMinimum } from './level-minimum.ts';
import { cases as levels } from './levels.ts';
import { cases as listsOfOthers } from './lists-of-others.ts';
import { cases as malformed } from './malformed.ts';
import { cases as masterRevocations } from './master-revocations.ts';
import { cases as ocsp } from './ocsp.ts';
import { cases as once } from './once.ts';
import { cases as order } from './order.ts';
import { cases as organisation } from './organisation.ts';
import { cases as ownRevocations } from './own-revocations.ts';
import { cases as pipeline } from './pipeline.ts';
import { cases as postQuantumHistory } from './post-quantum-history.ts';
import { cases as rates } from './rates.ts';
import { cases as recommendations } from './recommendations.ts';
import { cases as renewals } from './renewals.ts';
import { cases as renewalsToAnotherKey } from './renewals-to-another-key.ts';
import { cases as renewing } from './renewing.ts';
import { cases as requests } from './requests.ts';
import { cases as responses } from './responses.ts';
import { cases as reverseCertificates } from './reverse-certificates.ts';
import { cases as revocationCourse } from './revocation-course.ts';
import { cases as revocations } from './revocations.ts';
import { cases as score } from './score.ts';
import { cases as splices } from './splices.ts';
import { cases as time } from './time.ts';
import { cases as transparency } from './transparency.ts';
import { cases as webOfTrust } from './web-of-trust.ts';
import { cases as weights } from './weights.ts';
import { cases as x509Lists } from './x509-lists.ts';

export const cases: readonly Case[] = [
  ...capabilities,
  ...requests,
  ...challenges,
  ...responses,
  ...once,
  ...decisions,
  ...score,
  ...order,
  ...pipeline,
  ...chains,
  ...chainMemory,
  ...ocsp,
  ...x509Lists,
  ...transparency,
  ...domain,
  ...approval,
  ...acknowledgments,
  ...reverseCertificates,
  ...certificateOrder,
  ...channel,
  ...asks,
  ...badOffers,
  ...badChallenges,
  ...badDecisions,
  ...badCertificates,
  ...conditions,
  ...levelMinimum,
  ...attacksCertificates,
  ...renewals,
  ...renewalsToAnotherKey,
  ...renewing,
  ...revocations,
  ...masterRevocations,
  ...revocationCourse,
  ...ownRevocations,
  ...grace,
  ...disputes,
  ...crl,
  ...listsOfOthers,
  ...attacksRevocation,
  ...rates,
  ...splices,
  ...algorithms,
  ...attestation,
  ...fingerprints,
  ...postQuantumHistory,
  ...organisation,
  ...government,
  ...levels,
  ...domains,
  ...attacks,
  ...attacksIdentity,
  ...attacksStolenKey,
  ...attacksCourse,
  ...malformed,
  ...recommendations,
  ...webOfTrust,
  ...weights,
  ...health,
  ...auditRoot,
  ...auditEvents,
  ...compliance,
  ...time,
];

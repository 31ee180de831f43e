/**
 * The order of the checks of a trust certificate (T-CERT-09; T 4.2, 2.5, L-T15), as codes show it: a
 * certificate that its issuer has revoked, and that has a fault of an earlier check beside, is
 * invalid (5811) and not revoked (5003). Only expiry gives way to revocation.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { Established, Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { secondRun } from './reverse-certificates.ts';
import { set } from './steps/changes.ts';
import { checkRefused } from './steps/outcomes.ts';
import { revoke } from './steps/revoking.ts';

const ID = 'T-CERT-09';
const { trust, federation } = errorCode;

interface Order {
  readonly id: string;
  readonly title: string;
  readonly code: number;
  readonly bend: (stage: Stage) => (revoked: NorcTrustCertificate) => JsonObject;
  readonly resign?: false;
  /** Of the run that hands it over first. */
  readonly first?: TrustRunOptions;
  /** How long it stands before it comes again. */
  readonly waitsSeconds?: number;
}

const asJson = (certificate: NorcTrustCertificate): JsonObject =>
  ({ ...certificate }) as JsonObject;

const LIFE_SECONDS = 3600;

const orders: readonly Order[] = [
  {
    id: 'signature-before-revocation',
    title: 'A revoked certificate whose signature does not hold is invalid: 5811',
    code: trust.certificate,
    bend: () => set({ renewable: false }),
    resign: false,
  },
  {
    id: 'issuer-before-revocation',
    title: 'A revoked certificate that names another subject is invalid: 5811',
    code: trust.certificate,
    bend: (stage) => set({ subject_server: stage.domain('other') }),
  },
  {
    id: 'permissions-before-revocation',
    title: 'A revoked certificate that permits more than its level may is invalid: 5811',
    code: trust.certificate,
    bend: () => (revoked) => ({
      ...asJson(revoked),
      permissions: [...revoked.permissions, 'archive_sync'],
    }),
  },
  {
    id: 'conditions-before-revocation',
    title: 'A revoked certificate with a condition that is overdue is invalid: 5811',
    code: trust.certificate,
    bend: () => (revoked) => ({
      ...asJson(revoked),
      conditions: [
        {
          condition_type: 'security_review',
          parameters: {},
          deadline: revoked.not_before - 3600,
          auto_action: 'notify',
        },
      ],
    }),
  },
  {
    id: 'revocation-before-expiry',
    title: 'A certificate that was revoked and has expired since is revoked: 5003',
    code: federation.trustRevoked,
    bend: () => asJson,
    first: {
      certificate: (honest) => ({ ...asJson(honest), not_after: honest.not_before + LIFE_SECONDS }),
    },
    waitsSeconds: LIFE_SECONDS + 1,
  },
];

export const cases: readonly Case[] = orders.map(
  ({ id, title, code, bend, resign = true, first = {}, waitsSeconds = 0 }) =>
    defineCase({
      id: `trust/certificate-order/${id}`,
      title,
      verifies: [ID],
      behaviour: [ID],
      readings: ['L-T15'],
      needs: waitsSeconds > 0 ? { waitsSeconds } : {},
      async run(stage) {
        const between = async (peer: Peer, established: Established) => {
          await revoke(peer, established, set({ revocation_reason: 'superseded' }));
          await stage.pass(waitsSeconds * 1000);
        };
        const runs = { first, second: { resign } };
        const answer = await secondRun(stage, between, bend(stage), runs);
        checkRefused(stage, ID, answer, { codes: [code], what: title });
      },
    }),
);

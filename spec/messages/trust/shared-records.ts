/**
 * Parts that several messages of profile Parts 1.2 and 1.3 have in common. Sizes of single members
 * are ours: they keep a frame of 16 MiB from being one certificate (L-W05).
 */
import {
  anyOf,
  blake3Hash,
  blob,
  classification,
  flag,
  integer,
  list,
  literal,
  oneOf,
  openObject,
  record,
  seconds,
  text,
} from '../../schema.ts';
import { permissions, trustLevels, trustMethods } from './enumerations.ts';

/** Of one X.509 certificate in DER. [P] */
const certificateBytes = 16 * 1024;
/** Certificates in one chain, leaf to root. [P] */
const chainLength = 10;
/** Of one trust certificate as canonical JSON (L-T14). [P] */
const trustCertificateBytes = 64 * 1024;

export const trustLevel = () => oneOf(trustLevels, 'T-LVL-07');
export const trustMethod = () => oneOf(trustMethods, 'T-LVL-07');
/** `untrusted` is in the enumeration but never requested or granted: T-LVL-02, not shape. */
export const permission = () => oneOf(permissions, 'T-CERT-05');

/** Of a report or a document: the wire's labels and `restricted` besides (L-X01). */
export const confidentiality = () => anyOf(classification(), literal('restricted'));

/** Hash of all that went before (L-H03). Cross-link, so BLAKE3-256 whatever the suite (L-S08). */
export const transcriptHash = () => blake3Hash();

export const certificate = () => blob(certificateBytes);
export const certificateChain = () => list(certificate(), { max: chainLength });

/** Base64url of the canonical JSON of a norc_trust_certificate (L-T14). */
export const trustCertificateBlob = () => blob(trustCertificateBytes);

export const period = () => record({ fields: { start_time: seconds(), end_time: seconds() } });
/** The compliance messages name its ends otherwise (T 9.2). */
export const reportPeriod = () =>
  record({ fields: { start_date: seconds(), end_date: seconds() } });

export const rateLimits = () =>
  record({ fields: { messages_per_second: integer(), bandwidth_mbps: integer() } });

/** The decision's map; the certificate has the same as a list and an extension (L-T12). */
export const federationPermissions = () =>
  record({
    fields: {
      message_relay: flag(),
      user_discovery: flag(),
      presence_federation: flag(),
      media_relay: flag(),
      archive_sync: flag(),
      voice_calls: flag(),
      file_transfer: flag(),
      max_message_size: integer(),
      rate_limits: rateLimits(),
    },
  });

/** Of a certificate, a list or a list entry: unknown and critical means refused (T-CERT-14). */
export const extension = () =>
  record({
    fields: {
      id: text(64),
      critical: flag(),
      value: anyOf(openObject(), text(8192), integer(), flag()),
    },
  });

/** The extension `limits` of a trust certificate (L-T12). */
export const limitsExtension = () =>
  record({
    fields: {
      max_message_size: integer(),
      messages_per_second: integer(),
      bandwidth_mbps: integer(),
    },
  });

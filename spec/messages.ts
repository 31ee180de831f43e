/**
 * The registry: every message and every record with a `type`, by that type (profile Part 1). From one
 * entry come the TypeScript type, the JSON Schema, the validator, the generator and the code.
 */
import type { Declaration, MessageOf } from './message.ts';
import { authChallenge } from './messages/client/auth-challenge.ts';
import { authRequest } from './messages/client/auth-request.ts';
import { authResponse } from './messages/client/auth-response.ts';
import { authSuccess } from './messages/client/auth-success.ts';
import { callEnd } from './messages/client/call-end.ts';
import { callInvite } from './messages/client/call-invite.ts';
import { callResponse } from './messages/client/call-response.ts';
import { callUpdate } from './messages/client/call-update.ts';
import { connectionAccepted } from './messages/client/connection-accepted.ts';
import { connectionRequest } from './messages/client/connection-request.ts';
import { conversationCreate } from './messages/client/conversation-create.ts';
import { conversationJoin } from './messages/client/conversation-join.ts';
import { conversationLeave } from './messages/client/conversation-leave.ts';
import { deviceRegister } from './messages/client/device-register.ts';
import { fileChunk } from './messages/client/file-chunk.ts';
import { fileUploadComplete } from './messages/client/file-upload-complete.ts';
import { fileUploadRequest } from './messages/client/file-upload-request.ts';
import { keyRequest } from './messages/client/key-request.ts';
import { keyResponse } from './messages/client/key-response.ts';
import { messageAck } from './messages/client/message-ack.ts';
import { messageReceived } from './messages/client/message-received.ts';
import { messageSend } from './messages/client/message-send.ts';
import { ping } from './messages/client/ping.ts';
import { pong } from './messages/client/pong.ts';
import { presenceNotification } from './messages/client/presence-notification.ts';
import { presenceSubscribe } from './messages/client/presence-subscribe.ts';
import { presenceUpdate } from './messages/client/presence-update.ts';
import { readReceipt } from './messages/client/read-receipt.ts';
import { registrationChallenge } from './messages/client/registration-challenge.ts';
import { registrationResponse } from './messages/client/registration-response.ts';
import { registrationSuccess } from './messages/client/registration-success.ts';
import { sessionKeyAccept } from './messages/client/session-key-accept.ts';
import { sessionKeyInit } from './messages/client/session-key-init.ts';
import { sessionKeyRotate } from './messages/client/session-key-rotate.ts';
import { versionConfirmation } from './messages/client/version-confirmation.ts';
import { deviceCertificate } from './messages/common/device-certificate.ts';
import { deviceRevoke } from './messages/common/device-revoke.ts';
import { error } from './messages/common/error.ts';
import { extension } from './messages/common/extension.ts';
import { fileManifest } from './messages/common/file-manifest.ts';
import { timeSync } from './messages/common/time-sync.ts';
import { archiveSync } from './messages/federation/archive-sync.ts';
import { archiveSyncResponse } from './messages/federation/archive-sync-response.ts';
import { callInviteFederation } from './messages/federation/call-invite-federation.ts';
import { clusterMemberInfo } from './messages/federation/cluster-member-info.ts';
import { federationError } from './messages/federation/federation-error.ts';
import { federationHandshake } from './messages/federation/federation-handshake.ts';
import { federationHandshakeResponse } from './messages/federation/federation-handshake-response.ts';
import { healthCheck } from './messages/federation/health-check.ts';
import { healthStatus } from './messages/federation/health-status.ts';
import { mediaRelayInfo } from './messages/federation/media-relay-info.ts';
import { messageRelay } from './messages/federation/message-relay.ts';
import { presenceFederation } from './messages/federation/presence-federation.ts';
import { rateLimitExceeded } from './messages/federation/rate-limit-exceeded.ts';
import { relayAck } from './messages/federation/relay-ack.ts';
import { serverDiscovery } from './messages/federation/server-discovery.ts';
import { serverInfo } from './messages/federation/server-info.ts';
import { trustStatus } from './messages/federation/trust-status.ts';
import { trustStatusResponse } from './messages/federation/trust-status-response.ts';
import { userLookup } from './messages/federation/user-lookup.ts';
import { userLookupResponse } from './messages/federation/user-lookup-response.ts';
import { auditRoot } from './messages/trust/audit-root.ts';
import { auditRootQuery } from './messages/trust/audit-root-query.ts';
import { complianceReport } from './messages/trust/compliance-report.ts';
import { complianceReportResponse } from './messages/trust/compliance-report-response.ts';
import { govPkiTrustRequest } from './messages/trust/gov-pki-trust-request.ts';
import { type MasterTrustRevoke, masterTrustRevoke } from './messages/trust/master-forms.ts';
import { natoTrustRequirements } from './messages/trust/nato-trust-requirements.ts';
import { norcCrl } from './messages/trust/norc-crl.ts';
import { norcTrustCertificate } from './messages/trust/norc-trust-certificate.ts';
import { personnelClearance } from './messages/trust/personnel-clearance.ts';
import { revocationAcknowledgment } from './messages/trust/revocation-acknowledgment.ts';
import { revokedCertificate } from './messages/trust/revoked-certificate.ts';
import { trustAcknowledgment } from './messages/trust/trust-acknowledgment.ts';
import { trustAuditEvent } from './messages/trust/trust-audit-event.ts';
import { trustCapabilities } from './messages/trust/trust-capabilities.ts';
import { trustChallenge } from './messages/trust/trust-challenge.ts';
import { trustCondition } from './messages/trust/trust-condition.ts';
import { trustDecision } from './messages/trust/trust-decision.ts';
import { trustHealthCheck } from './messages/trust/trust-health-check.ts';
import { trustHealthReport } from './messages/trust/trust-health-report.ts';
import { trustRecommendation } from './messages/trust/trust-recommendation.ts';
import { trustRecommendationResponse } from './messages/trust/trust-recommendation-response.ts';
import { trustRenewal } from './messages/trust/trust-renewal.ts';
import { trustRequest } from './messages/trust/trust-request.ts';
import { trustResponse } from './messages/trust/trust-response.ts';
import { trustRevoke } from './messages/trust/trust-revoke.ts';

export const messages = {
  // --- common ---
  device_certificate: deviceCertificate,
  device_revoke: deviceRevoke,
  error: error,
  extension: extension,
  file_manifest: fileManifest,
  time_sync: timeSync,
  // --- client ---
  auth_challenge: authChallenge,
  auth_request: authRequest,
  auth_response: authResponse,
  auth_success: authSuccess,
  call_end: callEnd,
  call_invite: callInvite,
  call_response: callResponse,
  call_update: callUpdate,
  connection_accepted: connectionAccepted,
  connection_request: connectionRequest,
  conversation_create: conversationCreate,
  conversation_join: conversationJoin,
  conversation_leave: conversationLeave,
  device_register: deviceRegister,
  file_chunk: fileChunk,
  file_upload_complete: fileUploadComplete,
  file_upload_request: fileUploadRequest,
  key_request: keyRequest,
  key_response: keyResponse,
  message_ack: messageAck,
  message_received: messageReceived,
  message_send: messageSend,
  ping: ping,
  pong: pong,
  presence_notification: presenceNotification,
  presence_subscribe: presenceSubscribe,
  presence_update: presenceUpdate,
  read_receipt: readReceipt,
  registration_challenge: registrationChallenge,
  registration_response: registrationResponse,
  registration_success: registrationSuccess,
  session_key_accept: sessionKeyAccept,
  session_key_init: sessionKeyInit,
  session_key_rotate: sessionKeyRotate,
  version_confirmation: versionConfirmation,
  // --- federation ---
  archive_sync_response: archiveSyncResponse,
  archive_sync: archiveSync,
  call_invite_federation: callInviteFederation,
  cluster_member_info: clusterMemberInfo,
  federation_error: federationError,
  federation_handshake_response: federationHandshakeResponse,
  federation_handshake: federationHandshake,
  health_check: healthCheck,
  health_status: healthStatus,
  media_relay_info: mediaRelayInfo,
  message_relay: messageRelay,
  presence_federation: presenceFederation,
  rate_limit_exceeded: rateLimitExceeded,
  relay_ack: relayAck,
  server_discovery: serverDiscovery,
  server_info: serverInfo,
  trust_status_response: trustStatusResponse,
  trust_status: trustStatus,
  user_lookup_response: userLookupResponse,
  user_lookup: userLookup,
  // --- trust ---
  audit_root_query: auditRootQuery,
  audit_root: auditRoot,
  compliance_report_response: complianceReportResponse,
  compliance_report: complianceReport,
  gov_pki_trust_request: govPkiTrustRequest,
  norc_crl: norcCrl,
  norc_trust_certificate: norcTrustCertificate,
  revocation_acknowledgment: revocationAcknowledgment,
  trust_acknowledgment: trustAcknowledgment,
  trust_audit_event: trustAuditEvent,
  trust_capabilities: trustCapabilities,
  trust_challenge: trustChallenge,
  trust_decision: trustDecision,
  trust_health_check: trustHealthCheck,
  trust_health_report: trustHealthReport,
  trust_recommendation_response: trustRecommendationResponse,
  trust_recommendation: trustRecommendation,
  trust_renewal: trustRenewal,
  trust_request: trustRequest,
  trust_response: trustResponse,
  trust_revoke: trustRevoke,
} as const satisfies Record<string, Declaration>;

export type MessageType = keyof typeof messages;

/** Each type and its value. */
interface MessageValues extends Values<typeof messages> {}
type Values<M> = { [Type in keyof M]: MessageOf<M[Type]> };

/** The value of one type: `MessageFor<'ping'>`. Members of the `added` group are optional (L-V12). */
export type MessageFor<Type extends MessageType> = MessageValues[Type];

/** Any declared message, told apart by `type`. */
export type NorcMessage = MessageValues[MessageType];

/** What may come in: besides the master's form of trust_revoke, at 1.0 (L-R01). */
export type IncomingMessage = NorcMessage | MasterTrustRevoke;

/** All declarations that have a `type`, layer by layer. */
export const declarations: readonly Declaration[] = Object.values(messages);

/** Records of the catalogue without a `type` of their own: they stand inside messages only. */
export const records: readonly Declaration[] = [
  trustCondition,
  masterTrustRevoke,
  revokedCertificate,
  natoTrustRequirements,
  personnelClearance,
];

/** True for the types that this build knows; others are ignored (X-ERR-06). */
export const isMessageType = (type: string): type is MessageType => Object.hasOwn(messages, type);

/** The declaration of one type, with the type of its value. */
export const messageFor = <Type extends MessageType>(type: Type): (typeof messages)[Type] =>
  messages[type];

/**
 * The objects that NORC-C parties sign and never send, each built by both sides from what both know
 * (spec/messages/common/signed-objects.ts, X-SIG-05).
 */
import type {
  authenticationProofMembers,
  deviceAuthorizationMembers,
  kexSignatureMembers,
  registrationProofMembers,
  SignedObject,
} from '../../spec/messages/common/signed-objects.ts';
import { signedObjectTypes } from '../../spec/messages/common/signed-objects.ts';

type WithoutType<Names extends readonly string[]> = Omit<SignedObject<Names>, 'type'>;

/** C-REG-03, L-C03. */
export function registrationProof(
  members: WithoutType<typeof registrationProofMembers>,
): SignedObject<typeof registrationProofMembers> {
  return { type: signedObjectTypes.registrationProof, ...members };
}

/** C-AUTH-03, L-C03: names the server and the transcript, so that nobody can pass it on. */
export function authenticationProof(
  members: WithoutType<typeof authenticationProofMembers>,
): SignedObject<typeof authenticationProofMembers> {
  return { type: signedObjectTypes.authenticationProof, ...members };
}

/** The keys of one device of one user: what both objects below say. */
export interface DeviceBinding {
  readonly userId: string;
  readonly deviceId: string;
  readonly publicKey: string;
  readonly kexPublicKey: string;
}

/** C-REG-09, L-E03. */
export function kexBinding(binding: DeviceBinding): SignedObject<typeof kexSignatureMembers> {
  return { type: signedObjectTypes.kexSignature, ...bindingMembers(binding) };
}

/** C-REG-07, L-C01, L-C19. */
export function deviceAuthorization(
  binding: DeviceBinding,
): SignedObject<typeof deviceAuthorizationMembers> {
  return { type: signedObjectTypes.deviceAuthorization, ...bindingMembers(binding) };
}

function bindingMembers({ userId, deviceId, publicKey, kexPublicKey }: DeviceBinding) {
  return {
    user_id: userId,
    device_id: deviceId,
    public_key: publicKey,
    kex_public_key: kexPublicKey,
  };
}

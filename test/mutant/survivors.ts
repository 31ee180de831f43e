/**
 * Guard mutants that survive a case for a reason: `<case id> <requirement>` and why. An entry that is no
 * longer needed is found by `npm run mutants`, which lists survivors only.
 */
export const explainedSurvivors: { readonly [trial: string]: string } = {
  'client/authentication/permissions-are-of-the-four C-AUTH-07':
    'every user of the reference has both permissions that its guard asks for',
  'federation/handshake/connection-ids-nonces-and-keys-are-new F-HS-08':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/negotiation/the-trust-version-is-near-that-of-the-link X-AMC-14':
    'the reference speaks the same versions of both protocols, so none is far from the link',
  'federation/downgrade/a-version-that-was-not-offered-is-not-accepted X-AMC-08':
    'it is not that of the ALPN either',
  'federation/request-proof/neighbouring-fields-do-not-run-together F-AUTH-02':
    'the guard is about names of 64 KiB and more, which no schema lets through',
  'federation/trust-status/asking-creates-nothing F-TRUST-06':
    'the guard is about answers that the reference gets',
  'federation/trust-status/it-tells-what-was-granted F-TRUST-06':
    'the guard is about answers that the reference gets',
  'federation/relay-content/a-relay-above-the-size-of-its-level-is-refused F-RELAY-13':
    'the reference grants what the level admits, so that each guard stands for the other',
  'federation/relay-content/a-relay-above-the-size-of-its-level-is-refused F-TRUST-04':
    'the reference grants what the level admits, so that each guard stands for the other',
  'federation/relay-shape/origin-server F-RELAY-01':
    'another guard refuses the same message with the same code',
  'federation/relay-shape/route-signature X-SIG-01':
    'what is wrong with a signature may be found when it is verified',
  'federation/relay-shape/metadata-federation-timestamp F-RELAY-01':
    'another guard refuses the same message with the same code',
  'federation/relay-shape/metadata-federation-timestamp X-CAN-06':
    'another guard refuses the same message with the same code',
  'federation/relay-shape/metadata-hop-count F-RELAY-01':
    'another guard refuses the same message with the same code',
  'federation/relay-shape/metadata-hop-count X-CAN-06':
    'another guard refuses the same message with the same code',
  'federation/acknowledgments/every-device-is-named-once F-ACK-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/every-device-is-named-once F-ACK-02':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/a-device-that-cannot-be-reached-is-named-as-failed F-ACK-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/a-device-that-cannot-be-reached-is-named-as-failed F-ACK-02':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/an-unknown-user-fails-beside-a-known-one F-ACK-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/an-unknown-user-fails-beside-a-known-one F-ACK-02':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/acknowledgments/the-target-signs-it F-ACK-04':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/a-message-is-relayed-whole F-RELAY-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-relay-begins-here F-RELAY-02':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-relay-begins-here F-RELAY-03':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-relay-begins-here F-RELAY-07':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-relay-begins-here F-RELAY-08':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-relay-begins-here F-RELAY-09':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/relays-are-numbered X-SEQ-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/outgoing/the-sender-learns-of-the-delivery C-MSG-06':
    'the guard is about steps back, which no federation brings about',
  'federation/outgoing/the-sender-learns-of-the-failure C-MSG-06':
    'the guard is about steps back, which no federation brings about',
  'federation/outgoing/it-is-tried-again-under-the-same-ids F-RELAY-09':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/forwarding/a-relay-is-passed-on-bit-exact F-RELAY-02':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/forwarding/a-relay-is-passed-on-bit-exact F-RELAY-03':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/forwarding/a-relay-is-passed-on-bit-exact F-RELAY-08':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/forwarding/the-acknowledgment-comes-back F-ACK-04':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/forwarding/a-server-that-is-down-is-no-route F-RELAY-19':
    'the guard is about missing trust; here it stands',
  'federation/errors/codes-categories-and-times X-ERR-01':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/handshake/compatibility-mode-comes-with-warnings F-HS-06':
    'this is about what the reference sends; its guard judges what it gets',
  'federation/handshake/shared-capabilities-are-the-intersection F-HS-05':
    'this is about what the reference sends; its guard judges what it gets',
};

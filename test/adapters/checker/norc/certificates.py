"""The trust certificate: its six checks in order, and what a decision must say alike (T 4.2, L-T12 to L-T15)."""

from .hashing import octets
from .registry import function, need
from .signing import is_signed
from .strict_json import from_base64url, is_uuid, to_base64url

NATIONAL = ("message_relay", "user_discovery")
VERIFIED = (*NATIONAL, "presence_federation", "voice_calls", "file_transfer", "archive_sync")
GRANTABLE = {
    "untrusted": (),
    "basic": NATIONAL,
    "verified": VERIFIED,
    "classified": (*VERIFIED, "media_relay"),
    "nato": (*VERIFIED, "media_relay"),
}
PERMISSIONS = GRANTABLE["nato"]
KNOWN_EXTENSIONS = ("limits", "pq_fingerprint")


def failures(given):
    """Of the six checks, in their order."""
    certificate, now = given["certificate"], given["now"]
    revoked = given["revoked"] or not given["status_known"] and certificate["trust_level"] != "basic"
    level = certificate["trust_level"]
    subject = (given["issuer_server"], given["subject_server"], to_base64url(octets(given, "subject_public_key")))
    named = (certificate["issuer_server"], certificate["subject_server"], certificate["public_key"])
    permissions = certificate["permissions"]
    lawful = len(set(permissions)) == len(permissions) and set(permissions) <= set(GRANTABLE.get(level, ()))
    unknown = [each for each in certificate["extensions"] if each["critical"] and each["id"] not in KNOWN_EXTENSIONS]
    is_valid = certificate["not_before"] <= now < certificate["not_after"]
    checks = {
        "signature": is_signed(octets(given, "issuer_public_key"), certificate),
        # Revoked outranks expired where both hold.
        "validity": is_valid or given["revoked"],
        "issuer": named == subject,
        "permissions": lawful and not unknown,
        "conditions": all(now < each["deadline"] for each in certificate["conditions"]),
        "revocation": not revoked,
    }
    return [name for name, holds in checks.items() if not holds]


def is_whole(certificate):
    names = ("certificate_id", "issuer_server", "subject_server", "trust_level", "permissions", "not_before")
    names += ("not_after", "renewable", "revocable", "conditions", "public_key", "extensions", "signature")
    return (
        all(name in certificate for name in names)
        and certificate.get("type") == "norc_trust_certificate"
        and certificate.get("version") == 1
        and certificate.get("key_algorithm") == certificate.get("signature_algorithm") == "ed25519"
        and is_uuid(certificate["certificate_id"])
        and len(from_base64url(certificate["public_key"])) == 32
    )


@function("certificate", "validate")
def validate(given):
    need(is_whole(given["certificate"]), "no certificate")
    broken = failures(given)
    need(not broken, f"{broken[:1]}")
    return {}


@function("certificate", "first-failure")
def first_failure(given):
    return {"check": (failures(given) or ["none"])[0]}


def matches(certificate, level, permissions, metadata):
    """Whether a decision and the certificate that it hands over say the same (L-T12)."""
    granted = {name for name in PERMISSIONS if permissions.get(name) is True}
    limits = next((each["value"] for each in certificate["extensions"] if each["id"] == "limits"), {})
    said = {"max_message_size": permissions["max_message_size"], **permissions["rate_limits"]}
    return (
        certificate["trust_level"] == level
        and granted == set(certificate["permissions"])
        and limits == said
        and metadata["established_at"] == certificate["not_before"]
        and metadata["expires_at"] == certificate["not_after"]
        and all(metadata[name] == certificate[name] for name in ("renewable", "revocable"))
    )


@function("certificate", "match-decision")
def match_decision(given):
    said = (given[name] for name in ("certificate", "granted_trust_level", "federation_permissions", "trust_metadata"))
    need(matches(*said), "they do not say the same")
    return {}

"""The trust certificate: its six checks in order, and what a decision must say alike (T 4.2, L-T12 to L-T15)."""

import re

from .hashing import octets
from .registry import function, need
from .signing import is_signed
from .strict_json import MOST, from_base64url, is_uuid, to_base64url

LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
SERVER = re.compile(rf"{LABEL}(?:\.{LABEL})+")

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


FLAGS = ("renewable", "revocable")
TIMES = ("not_before", "not_after")
CONDITIONS = ("certificate_renewal", "compliance_audit", "security_review", "trust_revalidation")
ACTIONS = ("revoke", "downgrade", "notify")


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def is_condition(one):
    return (
        isinstance(one, dict)
        and one["condition_type"] in CONDITIONS
        and isinstance(one["parameters"], dict)
        and is_count(one["deadline"])
        and one["auto_action"] in ACTIONS
    )


def is_extension(one):
    """Its value may be anything, but null is absent."""
    return isinstance(one, dict) and isinstance(one["id"], str) and isinstance(one["critical"], bool) and one["value"] is not None


def is_server(name):
    """L-T33."""
    return isinstance(name, str) and len(name) <= 253 and SERVER.fullmatch(name) is not None


def is_whole(certificate):
    """What T 4.1 shows, all of it."""
    permissions = certificate["permissions"]
    return (
        certificate["type"] == "norc_trust_certificate"
        and certificate["version"] == 1
        and certificate["key_algorithm"] == certificate["signature_algorithm"] == "ed25519"
        and isinstance(certificate["certificate_id"], str)
        and is_uuid(certificate["certificate_id"])
        and is_server(certificate["issuer_server"])
        and is_server(certificate["subject_server"])
        and certificate["trust_level"] in GRANTABLE
        and isinstance(permissions, list)
        and all(name in PERMISSIONS for name in permissions)
        and all(isinstance(certificate[name], bool) for name in FLAGS)
        and all(is_count(certificate[name]) for name in TIMES)
        and isinstance(certificate["conditions"], list)
        and all(map(is_condition, certificate["conditions"]))
        and isinstance(certificate["extensions"], list)
        and all(map(is_extension, certificate["extensions"]))
        and isinstance(certificate["public_key"], str)
        and len(from_base64url(certificate["public_key"])) == 32
        and isinstance(certificate["signature"], str)
    )


@function("certificate", "validate")
def validate(given):
    need(is_whole(given["certificate"]), "no certificate")
    need(given["certificate"]["trust_level"] != "untrusted", "a level that nobody grants")
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

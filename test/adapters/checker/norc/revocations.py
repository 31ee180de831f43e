"""Who may end what, and what is left of a certificate (L-C07, L-R02 to L-R05, L-R09, L-R12)."""

from .hashing import blake3, octets
from .primitives import sign
from .registry import function, need
from .signing import is_signed
from .strict_json import canonical, from_base64url, to_base64url

DEVICE_REASONS = ("compromised", "lost", "retired", "administrative")
GRACEFUL = ("voluntary", "superseded", "expired")
GRACE_MOST = 86_400
SCOPES = ("full", "partial", "conditional")
# L-R02: what stands for each reason on a list; None is not listed.
LISTED = {
    "compromised_key": "key_compromise",
    "policy_violation": "privilege_withdrawn",
    "voluntary": "cessation_of_operation",
    "superseded": "superseded",
    "expired": None,
}
# The master document's words.
MASTER = {"compromised": "compromised_key", "policy": "policy_violation", "request": "voluntary"}
ZERO = to_base64url(bytes(32))


def signed_form(given):
    message = canonical(given["message"])
    return message, sign(octets(given, "secret_key"), message)


@function("revocation", "sign-device-revoke")
def sign_device_revoke(given):
    message, signature = signed_form(given)
    return {"canonical_hex": message.hex(), "blake3": blake3(message).hex(), "signature": signature.hex()}


def device_revoker(given, message):
    """The key under which it must verify (L-C07)."""
    signer, devices = message.get("signer", "user_master"), given["devices"]
    if message["reason"] == "administrative":
        need(signer == given["server_id"], "only the home server is administrative")
        return octets(given, "server_public_key")
    if signer == "user_master":
        need("user_master_public_key" in given, "no master key")
        return octets(given, "user_master_public_key")
    live = [each for each in devices if each["device_id"] == signer and not each["revoked"]]
    need(live and live[0]["user_id"] == message["user_id"], "no live device of the user")
    return octets(live[0], "public_key")


@function("revocation", "verify-device-revoke")
def verify_device_revoke(given):
    message = given["message"]
    need(message.get("type") == "device_revoke" and message["reason"] in DEVICE_REASONS, "no device_revoke")
    named = [each for each in given["devices"] if each["device_id"] == message["device_id"]]
    need(message["user_id"] == given.get("user_id", message["user_id"]), "another user")
    need(named and named[0]["user_id"] == message["user_id"], "no device of the user")
    need(is_signed(device_revoker(given, message), message), "not signed by one entitled to")
    return {}


def grace(revocation):
    if revocation["scope"] != "conditional" and revocation["reason"] not in GRACEFUL:
        return 0
    return min(revocation["grace_period"], GRACE_MOST)


def start(revocation):
    """A date that has passed when it was issued means that moment, so that no grace is over before it is known."""
    return max(revocation["effective_date"], revocation["issued_at"])


def status_at(revocation, at):
    if revocation["scope"] == "partial" or at < start(revocation):
        return "active"
    return "suspended" if at < start(revocation) + grace(revocation) else "revoked"


@function("revocation", "effect")
def effect(given):
    at, permissions = given["at"], set(given["permissions"])
    statuses = {status_at(each, at) for each in given["revocations"]}
    for each in given["revocations"]:
        if each["scope"] == "partial" and at >= start(each) + grace(each):
            permissions -= set(each["permissions"])
    status = next((each for each in ("revoked", "suspended") if each in statuses), "active")
    return {"status": status, "permissions": sorted(permissions) if status == "active" else []}


@function("revocation", "authorize")
def authorize(given):
    message, certificate = given["message"], given["certificate"]
    issuer, subject, reason = certificate["issuer_server"], certificate["subject_server"], message["revocation_reason"]
    need(message["trust_certificate_id"] == certificate["certificate_id"], "another certificate")
    revoker = message["revoking_server"]
    need(revoker in (issuer, subject), "a third party")
    if revoker == issuer:
        need(certificate["revocable"] or reason not in GRACEFUL, "not revocable without cause")
    else:
        need(reason in ("voluntary", "compromised_key"), "not for the subject to say")
    key = octets(given, "issuer_public_key" if revoker == issuer else "subject_public_key")
    need(is_signed(key, message, "revocation_signature"), "not signed by the revoker")
    need(message["revocation_scope"] in SCOPES, "no scope")
    need(message["revocation_scope"] != "partial" or message["partial_revocation_permissions"], "partial of nothing")
    return {}


@function("revocation", "verify-chain")
def verify_chain(given):
    head, number = ZERO, None
    for message in given["messages"]:
        sequence = message["revocation_sequence"]
        need(number is None or sequence == number + 1, "not the next number")
        need(message.get("prev_revocation_hash", ZERO) == head, "on another predecessor")
        head, number = to_base64url(blake3(canonical(message))), sequence
    return {"head": from_base64url(head).hex()}


@function("crl", "map-reason")
def map_reason(given):
    reason = MASTER.get(given["reason"], given["reason"])
    listed = LISTED.get(reason, "key_compromise")
    return {"listed": listed is not None, **({"crl_reason": listed} if listed else {})}


CRL_LIFE = 86_400


def crl_number(message):
    return message.get("crl_number", message["this_update"])


@function("crl", "read")
def read_list(given):
    message, previous, now = given["list"], given.get("previous"), given["now"]
    need(message.get("type") == "norc_crl" and message["issuer_server"] == given["issuer_server"], "another issuer")
    need(is_signed(octets(given, "issuer_public_key"), message), "not signed by the issuer")
    start, end = message["this_update"], message["next_update"]
    need(start <= now < end and end - start <= CRL_LIFE, "not for this time")
    extensions = [*message["crl_extensions"], *(each for one in message["revoked_certificates"] for each in one["extensions"])]
    need(not any(each["critical"] for each in extensions), "an unknown critical extension")
    revoked = {each["certificate_id"] for each in message["revoked_certificates"]}
    if previous is not None:
        need(crl_number(message) > crl_number(previous) or message == previous, "no higher number")
        ends = given["certificates"]
        earlier = {each["certificate_id"] for each in previous["revoked_certificates"]}
        gone = {each for each in earlier - revoked if ends.get(each, now + 1) > now}
        need(not gone, "an entry has gone")
    return {"revoked": sorted(revoked)}

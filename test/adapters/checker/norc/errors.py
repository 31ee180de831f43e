"""Errors: names and texts of the registry; the category follows from the range of the code (L-X03, L-X17)."""

from .registry import function, need
from .strict_json import is_uuid

# First code of each range and its category, ascending.
RANGES = (
    (1000, "authentication"),
    (2000, "authorization"),
    (2001, "message"),
    (3000, "protocol"),
    (3001, "key"),
    (4000, "crypto"),
    (5000, "federation"),
    (5001, "trust"),
    (5200, "routing"),
    (5400, "rate_limit"),
    (5600, "protocol"),
    (5800, "trust"),
    (6000, "rate_limit"),
    (9000, "server"),
)
GENERIC = 1002
CODES = {
    1000: ("authentication_failed", "authentication failed"),
    1001: ("invalid_device", "device not accepted"),
    1002: ("invalid_signature", "authentication failed"),
    1003: ("device_revoked", "device revoked"),
    1004: ("session_expired", "session expired"),
    2000: ("not_authorized", "not authorized"),
    2001: ("invalid_recipient", "recipient not accepted"),
    2002: ("encryption_failed", "message not accepted"),
    2003: ("message_too_large", "message too large"),
    2004: ("conversation_not_found", "conversation not found"),
    3000: ("protocol_error", "protocol error"),
    3001: ("key_not_found", "key not found"),
    3002: ("key_expired", "key expired"),
    3003: ("key_revoked", "key revoked"),
    3004: ("algorithm_unsupported", "algorithm not supported"),
    4000: ("crypto_error", "cryptographic error"),
    5000: ("federation_error", "federation error"),
    5001: ("not_trusted", "server not trusted"),
    5002: ("trust_expired", "trust expired"),
    5003: ("trust_revoked", "trust revoked"),
    5004: ("insufficient_trust", "insufficient trust"),
    5201: ("no_route", "no route"),
    5202: ("ttl_expired", "time to live exceeded"),
    5203: ("routing_loop", "routing loop"),
    5204: ("user_not_found", "user not found"),
    5401: ("message_rate", "rate limit exceeded"),
    5402: ("bandwidth", "bandwidth exceeded"),
    5403: ("quota", "quota exceeded"),
    5600: ("malformed", "malformed message"),
    5601: ("version_mismatch", "no compatible version"),
    5602: ("message_too_large", "message too large"),
    5603: ("capability_missing", "capability or permission missing"),
    5800: ("trust_error", "trust exchange failed"),
    5801: ("malformed", "malformed trust message"),
    5802: ("bad_signature", "signature not accepted"),
    5803: ("unknown_exchange", "unknown request or challenge"),
    5804: ("expired", "deadline passed"),
    5805: ("domain_proof", "domain proof not accepted"),
    5806: ("chain", "certificate chain not accepted"),
    5807: ("key_proof", "key proof not accepted"),
    5808: ("level", "trust level not accepted"),
    5809: ("method", "trust method not accepted"),
    5810: ("transcript", "transcript mismatch"),
    5811: ("certificate", "trust certificate not accepted"),
    5812: ("unexpected", "unexpected trust message"),
    5813: ("organization_proof", "organization proof not accepted"),
    5814: ("renewal_denied", "renewal refused"),
    5815: ("no_trust_path", "no trust path"),
    5816: ("revocation_not_authorized", "revocation not accepted"),
    5817: ("conflicting_duplicate", "conflicting duplicate"),
    6000: ("rate_limited", "rate limit exceeded"),
    6001: ("message_rate", "rate limit exceeded"),
    6002: ("call_rate", "rate limit exceeded"),
    6003: ("file_quota", "rate limit exceeded"),
    9000: ("server_error", "server error"),
}


def category(code):
    return next(name for first, name in reversed(RANGES) if code >= first)


@function("error", "describe")
def describe(given):
    code = given["code"]
    need(code in CODES, "no code of the registry")
    name, message = CODES[code]
    return {"name": name, "category": category(code), "message": message}


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@function("error", "check")
def check(given):
    # A member that is null is absent (L-S04).
    error = {name: value for name, value in given["error"].items() if value is not None}
    need({"type", "error_code", "error_category", "message", "timestamp"} <= set(error), "a member is missing")
    need(error["type"] in ("error", "federation_error"), "another message")
    code, said = error["error_code"], error["error_category"]
    need(is_count(code) and code in CODES, "no code of the registry")
    need(said == category(code), "a category of another range")
    need(isinstance(error["message"], str), "no text")
    need(is_count(error["timestamp"]), "no time")
    need("retry_after" not in error or is_count(error["retry_after"]), "no time to wait")
    need("details" not in error or isinstance(error["details"], dict), "no details")
    need("request_id" not in error or is_uuid(error["request_id"]), "no request")
    return {}


@function("error", "authentication-failure")
def authentication_failure(given):
    """Whatever was wrong: nobody learns what exists."""
    return {
        "error": {
            "type": "error",
            "error_code": GENERIC,
            "error_category": category(GENERIC),
            "message": CODES[GENERIC][1],
            "timestamp": given["timestamp"],
        }
    }

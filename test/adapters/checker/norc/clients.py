"""What devices sign to register and to authenticate, and the work they do for it (L-C02, L-C03)."""

from .hashing import blake3, octets
from .primitives import is_key, verify
from .registry import function, need
from .strict_json import canonical, to_base64url

SKEW = 5
HARDEST = 6


def wire(given, *names):
    """Members that are hex here and base64url in what is signed."""
    return {name: to_base64url(octets(given, name)) for name in names}


def registration(given):
    texts = {name: given[name] for name in ("device_id", "user_id", "server_id")}
    binary = wire(given, "challenge", "public_key", "transcript_hash", "proof_solution")
    return canonical({"type": "registration_response", **texts, **binary})


def authentication(given):
    names = ("user_id", "device_id", "server_id", "timestamp")
    texts = {name: given[name] for name in names}
    return canonical({"type": "auth_response", **texts, **wire(given, "challenge", "transcript_hash")})


def exchange_binding(given):
    texts = {name: given[name] for name in ("user_id", "device_id")}
    return canonical({"type": "device_kex_key", **texts, **wire(given, "public_key", "kex_public_key")})


@function("client-auth", "registration-bytes")
def registration_bytes(given):
    return {"signed_hex": registration(given).hex()}


@function("client-auth", "authentication-bytes")
def authentication_bytes(given):
    return {"signed_hex": authentication(given).hex()}


@function("client-auth", "kex-bytes")
def kex_bytes(given):
    return {"signed_hex": exchange_binding(given).hex()}


@function("client-auth", "verify-registration")
def verify_registration(given):
    need(is_key(octets(given, "public_key")), "no key")
    need(verify(octets(given, "public_key"), registration(given), octets(given, "signature")), "no good signature")
    return {}


@function("client-auth", "verify-kex")
def verify_kex(given):
    need(verify(octets(given, "public_key"), exchange_binding(given), octets(given, "signature")), "no good signature")
    return {}


@function("client-auth", "verify-authentication")
def verify_authentication(given):
    session, response, now = given["session"], given["response"], given["now"]
    need(not session["used"] and response["challenge"] == session["challenge"], "another challenge, or a used one")
    need(now < session["expires_at"], "expired")
    need(abs(now - response["timestamp"]) <= SKEW, "too far from our clock")
    signed = authentication({**session, "timestamp": response["timestamp"]})
    need(verify(octets(given, "public_key"), signed, octets(response, "signature")), "no good signature")
    return {}


def work(given, solution):
    return blake3(b"norc:pow:v1", octets(given, "challenge"), given["device_id"].encode(), solution)


def is_solved(digest, difficulty):
    return digest.hex()[:difficulty] == "0" * difficulty


@function("client-auth", "solve-work")
def solve_work(given):
    need(given["difficulty"] <= HARDEST, "too hard")
    attempt = 0
    while not is_solved(work(given, str(attempt).encode()), given["difficulty"]):
        attempt += 1
    solution = str(attempt).encode()
    return {"solution": solution.hex(), "hash": work(given, solution).hex()}


@function("client-auth", "check-work")
def check_work(given):
    need(is_solved(work(given, octets(given, "solution")), given["difficulty"]), "not enough zeros")
    return {}

"""Request proofs and domain and key proofs of servers (L-F09, L-T03, L-T04, L-T05)."""

import re

from .hashing import blake3, octets
from .primitives import sign, verify
from .registry import function, need
from .strict_json import MOST, canonical, from_base64url, to_base64url

SKEW = 60
HEADER = re.compile(r"ts=(0|[1-9][0-9]*);sig=([A-Za-z0-9_-]+)")


def prefixed(text):
    encoded = text.encode("utf-8")
    need(len(encoded) <= 0xFFFF, "longer than its prefix can say")
    return len(encoded).to_bytes(2, "big") + encoded


def request_octets(given, seconds):
    need(0 <= seconds <= MOST, "no time")
    names = b"".join(prefixed(given[name]) for name in ("type", "requesting_server", "target_server"))
    return b"norc-f-req-v1" + names + seconds.to_bytes(8, "big") + blake3(canonical(given["body"]))


@function("request-proof", "sign")
def sign_request(given):
    signed = request_octets(given, given["timestamp"])
    signature = to_base64url(sign(octets(given, "secret_key"), signed))
    return {"signed_hex": signed.hex(), "header": f"ts={given['timestamp']};sig={signature}"}


@function("request-proof", "verify")
def verify_request(given):
    header = given["header"]
    found = HEADER.fullmatch(header)
    need(found, "no proof")
    seconds, signature = int(found[1]), from_base64url(found[2])
    need(abs(given["now"] - seconds) <= SKEW, "too far from our clock")
    need(header not in given["seen"], "seen before")
    need(verify(octets(given, "public_key"), request_octets(given, seconds), signature), "no good signature")
    return {}


def domain_value(given):
    names = ("requesting_server", "challenging_server", "request_id", "challenge_id")
    key, nonce = octets(given, "server_public_key"), octets(given, "nonce")
    need(len(key) == 32 and len(nonce) == 32, "a key and a nonce of 32 bytes")
    named = b"".join(prefixed(given[name]) for name in names)
    return "norc-trust-" + to_base64url(blake3(b"norc-t-dns-v1", named, key, nonce))


@function("domain-proof", "value")
def value(given):
    return {"value": domain_value(given)}


@function("domain-proof", "check")
def check_value(given):
    need(given["expected_value"] == domain_value(given), "a value that is not ours to publish")
    return {}


@function("domain-proof", "observe")
def observe(given):
    need(given["observed_at"] < given["deadline"], "too late")
    need(domain_value(given) in given["txt_records"], "not published")
    return {}


def proof_octets(given):
    names = ("request_id", "challenge_id", "requesting_server", "challenging_server")
    binary = {name: to_base64url(octets(given, name)) for name in ("challenge_data", "transcript_hash")}
    return canonical({"type": "trust_proof", **{name: given[name] for name in names}, **binary})


@function("trust-proof", "sign")
def sign_proof(given):
    signed = proof_octets(given)
    return {"signed_hex": signed.hex(), "signature": sign(octets(given, "secret_key"), signed).hex()}


@function("trust-proof", "verify")
def verify_proof(given):
    good = verify(octets(given, "public_key"), proof_octets(given), octets(given, "signature"))
    need(good, "no good signature")
    return {}

"""Bytes that bind a name to a moment: domain values, request proofs, proofs of work (L-T04, L-F09, L-C02)."""

from .hashing import blake3
from .registry import need
from .strict_json import canonical, to_base64url


def prefixed(text):
    octets = text.encode("utf-8")
    need(len(octets) <= 0xFFFF, "longer than its prefix can say")
    return len(octets).to_bytes(2, "big") + octets


def domain_value(requester, challenger, request_id, challenge_id, public_key, nonce):
    need(len(public_key) == 32 and len(nonce) == 32, "a key and a nonce of 32 bytes")
    names = b"".join(map(prefixed, (requester, challenger, request_id, challenge_id)))
    return "norc-trust-" + to_base64url(blake3(b"norc-t-dns-v1", names, public_key, nonce))


def request_octets(kind, requester, target, seconds, body):
    need(isinstance(seconds, int) and 0 <= seconds < 2**53, "no time")
    names = b"".join(map(prefixed, (kind, requester, target)))
    return b"norc-f-req-v1" + names + seconds.to_bytes(8, "big") + blake3(canonical(body))


def work_digits(challenge, device_id, solution):
    """Leading zero digits of the hash."""
    digest = blake3(b"norc:pow:v1", challenge, device_id.encode(), solution).hex()
    return len(digest) - len(digest.lstrip("0"))

"""Signatures over values: canonical JSON without the one member (X-SIG-01, L-S11)."""

from .primitives import sign, verify
from .registry import Rejected
from .strict_json import canonical, from_base64url, to_base64url, without


def is_signed(key, message, member="signature"):
    """`key` and the signature have their wire form."""
    signature = message.get(member)
    if not isinstance(signature, str) or not isinstance(key, str):
        return False
    try:
        octets = from_base64url(key), canonical(without(message, member)), from_base64url(signature)
    except Rejected:
        return False
    return verify(*octets)


def signature_of(secret, value):
    return to_base64url(sign(secret, canonical(value)))

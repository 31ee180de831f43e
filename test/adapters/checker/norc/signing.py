"""Signatures over values: canonical JSON without the one member (X-SIG-01, L-S11)."""

from .primitives import verify
from .registry import Rejected
from .strict_json import canonical, from_base64url, without


def is_signed(key, message, member="signature"):
    """`key` are raw bytes; the signature has its wire form."""
    signature = message.get(member)
    if not isinstance(signature, str):
        return False
    try:
        return verify(key, canonical(without(message, member)), from_base64url(signature))
    except Rejected:
        return False

"""BLAKE3, HMAC over it and HKDF over that (L-H05, L-H06)."""

import hashlib

from blake3 import blake3 as _blake3

from .registry import need

BLOCK = 64
SIZE = 32


def blake3(*parts):
    return _blake3(b"".join(parts)).digest()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hmac(key, message, digest=blake3):
    """RFC 2104: block of 64 bytes for both hashes."""
    key = (digest(key) if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    inner = bytes(octet ^ 0x36 for octet in key)
    outer = bytes(octet ^ 0x5C for octet in key)
    return digest(outer, digest(inner, message))


def hkdf(salt, ikm, info, length, digest=blake3):
    """RFC 5869."""
    need(0 < length <= 255 * SIZE, "HKDF gives 1 to 8160 bytes")
    key = hmac(salt or bytes(SIZE), ikm, digest)
    output, block = b"", b""
    for counter in range(1, -(-length // SIZE) + 1):
        block = hmac(key, block + info + bytes([counter]), digest)
        output += block
    return output[:length]


def octets(given, name):
    """A member that is hex."""
    return bytes.fromhex(given[name])

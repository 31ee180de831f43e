"""Category canonical-json."""

from .hashing import blake3
from .registry import function, need
from .strict_json import canonical, from_base64url, is_uuid, parse


@function("canonical-json", "canonicalize")
def canonicalize(given):
    octets = canonical(parse(bytes.fromhex(given["json_hex"])))
    return {"canonical_hex": octets.hex(), "blake3": blake3(octets).hex()}


@function("canonical-json", "decode-base64url")
def decode_base64url(given):
    return {"hex": from_base64url(given["text"]).hex()}


@function("canonical-json", "check-uuid")
def check_uuid(given):
    need(is_uuid(given["text"]), "no lower-case UUID of version 4")
    return {}

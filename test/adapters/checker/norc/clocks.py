"""The signed time of a server (L-X10, X-TIME-04 to X-TIME-06)."""

from .hashing import octets
from .registry import function, need
from .revocations import signed_form
from .signing import is_signed
from .strict_json import MOST


@function("time-sync", "sign")
def sign_time(given):
    message, signature = signed_form(given)
    return {"canonical_hex": message.hex(), "signature": signature.hex()}


@function("time-sync", "apply")
def apply_time(given):
    message = given["message"]
    need(message.get("type") == "time_sync" and message["server_id"] == given["server_id"], "of another server")
    need(is_signed(octets(given, "public_key"), message), "not signed by the server")
    numbers = (message["uncertainty_ms"], message["server_time"])
    need(all(isinstance(each, int) and 0 <= each <= MOST for each in numbers), "no time")
    offset = message["server_time"] - given["local_time"]
    need(abs(offset) * 1000 <= message["uncertainty_ms"] + given["margin_seconds"] * 1000, "too far from our clock")
    # Within what the message leaves uncertain there is nothing to correct.
    return {"offset_seconds": offset}

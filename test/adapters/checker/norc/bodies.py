"""Bodies of requests that may have come compressed (L-W04, L-W05)."""

import zlib

from .hashing import blake3, octets
from .registry import function, need

RATIO = 20
GZIP = 16 + zlib.MAX_WBITS


def unzipped(octets_, most):
    """At most one byte above what is allowed is ever made."""
    unpacker = zlib.decompressobj(GZIP)
    try:
        text = unpacker.decompress(octets_, most + 1)
    except zlib.error:
        text = None
    need(text is not None and len(text) <= most, "broken, or too large")
    need(unpacker.eof and not unpacker.unused_data, "cut short, or with something behind")
    return text


@function("framing", "read-body")
def read_body(given):
    body, most = octets(given, "body"), given["max_bytes"]
    need(len(body) <= most, "too large")
    encoding = given.get("content_encoding", "identity")
    if encoding != "identity":
        need(encoding == "gzip" and given["negotiated"], "an encoding that was not agreed on")
        body = unzipped(body, min(most, RATIO * len(body)))
    return {"length": len(body), "blake3": blake3(body).hex()}

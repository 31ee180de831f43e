"""What a handshake was, in 32 bytes (L-H02, L-H03)."""

from .hashing import blake3, sha256
from .registry import function, need
from .strict_json import canonical, without

LABELS = {
    "client": b"norc-c-handshake-v1",
    "federation": b"norc-f-handshake-v1",
    "trust": b"norc-t-handshake-v1",
}


def transcript(layer, messages, digest=blake3):
    return digest(LABELS[layer], *(canonical(message) for message in messages))


def handshake_hash(given):
    layer, suite, messages = given["layer"], given.get("suite"), list(given["messages"])
    if layer == "federation" and len(messages) > 1:
        messages[1] = without(messages[1], "transcript_hash", "signature")
    # Whatever crosses links is BLAKE3; the suite governs the transcript of its own link (L-H10).
    digest = sha256 if suite == "0002" and layer != "trust" else blake3
    return transcript(layer, messages, digest)


@function("transcript", "hash")
def hash_(given):
    return {"transcript_hash": handshake_hash(given).hex()}


@function("transcript", "check")
def check(given):
    need(handshake_hash(given).hex() == given["transcript_hash"], "another transcript")
    return {}


@function("transcript", "running")
def running(given):
    messages = given["messages"]
    hashes = [transcript("trust", messages[:before]).hex() for before in range(len(messages))]
    return {"transcript_hashes": hashes}

"""From shared secrets to keys (L-H06, L-H07, L-H14)."""

from .hashing import blake3, hkdf, hmac, octets, sha256
from .registry import function, need
from .versions import numbers

SUITES = {"0001": blake3, "0002": sha256, "0101": blake3}
LABELS = {
    *("norc:ms:v1", "norc:tk:c2s:v1", "norc:tk:s2c:v1", "norc:fin:s2c:v1"),
    *("norc:wrap:v1", "norc:session:v1", "norc:media:rekey:v1"),
}
FINISHED = "norc:fin:s2c:v1"


@function("key-schedule", "hmac-blake3")
def hmac_blake3(given):
    return {"mac": hmac(octets(given, "key"), octets(given, "data")).hex()}


@function("key-schedule", "hkdf-blake3")
def hkdf_blake3(given):
    salt, ikm, info = (octets(given, name) for name in ("salt", "ikm", "info"))
    return {"okm": hkdf(salt, ikm, info, given["length"]).hex()}


@function("key-schedule", "master-secret")
def master_secret(given):
    suite, version = given["suite"], given["version"]
    need(suite in SUITES, "no suite")
    need(numbers(version) is not None, "no version")
    nonces = [octets(given, "client_nonce"), octets(given, "server_nonce")]
    need(all(len(nonce) == 12 for nonce in nonces), "a nonce has 12 bytes")
    classical, post_quantum = octets(given, "classical_secret"), bytes.fromhex(given.get("pq_secret", ""))
    need(len(classical) == 32 and any(classical), "a shared secret has 32 bytes that are not all zero")
    need(len(post_quantum) == (32 if suite == "0101" else 0), "a hybrid suite has both secrets")
    transcript, binding = octets(given, "transcript_hash"), given.get("trust_transcript_hash")
    need(len(transcript) == 32 and len(binding or transcript.hex()) == 64, "a hash has 32 bytes")
    info = b"norc:ms:v1" + version.encode() + bytes.fromhex(suite) + transcript
    info += b"norc:bind:t:v1" + bytes.fromhex(binding) if binding is not None else b""
    secret = hkdf(b"".join(nonces), classical + post_quantum, info, 32, SUITES[suite])
    return {"master_secret": secret.hex()}


def expanded(given, label):
    return hkdf(b"", octets(given, "master_secret"), label.encode(), 32)


@function("key-schedule", "derive")
def derive(given):
    need(given["label"] in LABELS, "no label of the protocol")
    return {"key": expanded(given, given["label"]).hex()}


@function("key-schedule", "finished")
def finished(given):
    return {"mac": hmac(expanded(given, FINISHED), octets(given, "transcript_hash")).hex()}


@function("key-schedule", "verify-finished")
def verify_finished(given):
    need(finished(given)["mac"] == given["mac"], "another mac")
    return {}

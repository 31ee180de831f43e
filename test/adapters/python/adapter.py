"""An adapter to copy: four categories over maintained libraries. Put your own code where FUNCTIONS points."""
import hashlib
import json
import re
import sys

import rfc8785
from blake3 import blake3
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

PRIME = 2**255 - 19  # and below, y of the points of small order: libraries let them pass, the protocol does not
SMALL = {0, 1, PRIME - 1, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
         0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7}
WEIGHTS = {"certificate_quality": 30, "domain_verification": 15, "organization_reputation": 20,
           "security_posture": 15, "compliance_status": 10, "historical_reliability": 10}
VERSION = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})")

def need(condition, why="refused"):
    if not condition:
        raise ValueError(why)  # every ValueError becomes a rejection

def members(pairs):  # a name twice is two meanings; null is absent
    need(len({name for name, _ in pairs}) == len(pairs), "a name twice")
    return {name: value for name, value in pairs if value is not None}

def number(text):
    value = float(text) if re.search("[.eE]", text) else int(text)
    need(abs(value) < 2**53 and (value or not re.match("-|[^eE]*[1-9]", text)), "not exact in a double")
    return value

def depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)

def canonicalize(given):
    value = json.loads(bytes.fromhex(given["json_hex"]).decode(), object_pairs_hook=members, parse_int=number,
                       parse_float=number, parse_constant=lambda text: need(False, text))
    need(depth(value) <= 32, "too deep")
    octets = rfc8785.dumps(value)
    return {"canonical_hex": octets.hex(), "blake3": blake3(octets).hexdigest()}

def verify(public_key, message, signature):
    for encoded in (public_key, signature[:32]):
        y = int.from_bytes(encoded, "little") % 2**255
        need(y < PRIME and y not in SMALL, "of small order, or not canonical")
    Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)

def sign(secret_key, message):
    key = Ed25519PrivateKey.from_private_bytes(secret_key)
    return {"public_key": key.public_key().public_bytes_raw(), "signature": key.sign(message)}

def agree(scalar, point):
    peer = X25519PublicKey.from_public_bytes(point)
    return {"shared_secret": X25519PrivateKey.from_private_bytes(scalar).exchange(peer)}

def aead(cipher):
    return {"seal": lambda key, nonce, aad, plaintext: {"ciphertext": cipher(key).encrypt(nonce, plaintext, aad)},
            "open": lambda key, nonce, aad, ciphertext: {"plaintext": cipher(key).decrypt(nonce, ciphertext, aad)}}

def in_bytes(run):  # hex in, hex out
    return lambda given: {name: value.hex() for name, value in (run(
        **{name: bytes.fromhex(text) for name, text in given.items() if name != "function"}) or {}).items()}

def hashed(digest):
    return lambda given: {"hash": digest(bytes.fromhex(given["message"]) if "message" in given else
                                         bytes(at % 251 for at in range(given["pattern_length"]))).hexdigest()}

def negotiate(given):
    lists = [{tuple(map(int, text.split("."))) for text in given[side] if VERSION.fullmatch(text)}
             for side in ("offered", "supported")]
    tops = [max(each)[0] for each in lists]  # max of nothing is a ValueError
    need(abs(tops[0] - tops[1]) <= 1, "two majors apart")
    near = [{each for each in versions if top - each[0] <= 1} for versions, top in zip(lists, tops)]
    best = max(near[0] & near[1])
    return {"version": "%d.%d" % best, "compatibility_mode": best[0] < max(tops)}

def score(given):
    need(all(name in WEIGHTS and 0 <= value <= 1000 for name, value in given["factors"].items()), "thousandths")
    return {"score_tenths": sum(WEIGHTS[name] * value for name, value in given["factors"].items()) // 100}

FUNCTIONS = {"canonical-json canonicalize": canonicalize, "version negotiate": negotiate, "score score": score,
             "primitives blake3": hashed(blake3), "primitives sha256": hashed(hashlib.sha256),
             "primitives ed25519-sign": in_bytes(sign), "primitives ed25519-verify": in_bytes(verify),
             "primitives x25519": in_bytes(agree),
             **{f"primitives {name}-{deed}": in_bytes(run) for deed in ("seal", "open") for name, run in (
                 ("chacha20-poly1305", aead(ChaCha20Poly1305)[deed]), ("aes-256-gcm", aead(AESGCM)[deed]))}}

for line in sys.stdin:
    question = json.loads(line)
    said = {"name": "Python libraries", "version": "1", "language": "Python"}
    if question["verb"] == "run":
        run = FUNCTIONS.get(f"{question['category']} {question['input'].get('function')}")
        try:
            said = {"output": run(question["input"])} if run else {"unsupported": True}
        except (ValueError, RecursionError, InvalidSignature, InvalidTag) as error:
            said = {"rejected": str(error)}
    print(json.dumps({"id": question["id"], **said}), flush=True)

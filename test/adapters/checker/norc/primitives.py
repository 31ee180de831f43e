"""Signatures, agreement, sealing, encapsulation. Strict where a lenient library would not be."""

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from kyber_py.ml_kem import ML_KEM_768

from .hashing import blake3, octets, sha256
from .registry import Rejected, function, need

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# y of the eight points whose order divides eight.
SMALL = {
    *(0, 1, FIELD - 1),
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
}
CIPHERS = {"chacha20-poly1305": ChaCha20Poly1305, "aes-256-gcm": AESGCM}


def public_key(secret):
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def sign(secret, message):
    return Ed25519PrivateKey.from_private_bytes(secret).sign(message)


def is_large(encoded):
    y = int.from_bytes(encoded, "little") % 2**255
    return y < FIELD and y not in SMALL


def is_key(key):
    """A canonical encoding of a point of large order."""
    if len(key) != 32 or not is_large(key):
        return False
    number = int.from_bytes(key, "little")
    y = number % 2**255
    squared = (y * y - 1) * pow(-121665 * pow(121666, -1, FIELD) * y * y + 1, -1, FIELD) % FIELD
    return pow(squared, (FIELD - 1) // 2, FIELD) == 1


def verify(key, message, signature):
    """Whether it is good (X-SIG-03)."""
    if not is_key(key) or len(signature) != 64 or not is_large(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def agree(scalar, point):
    """The shared secret; Rejected for a point of low order (X-KDF-07)."""
    need(len(scalar) == 32 and len(point) == 32, "keys have 32 bytes")
    try:
        return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise Rejected("a point of low order") from error


def exchange_key(scalar):
    return X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()


def seal(key, nonce, aad, plaintext, cipher="chacha20-poly1305"):
    need(len(key) == 32 and len(nonce) == 12, "a key has 32 bytes and a nonce 12")
    return CIPHERS[cipher](key).encrypt(nonce, plaintext, aad)


def open_(key, nonce, aad, ciphertext, cipher="chacha20-poly1305"):
    need(len(key) == 32 and len(nonce) == 12, "a key has 32 bytes and a nonce 12")
    try:
        return CIPHERS[cipher](key).decrypt(nonce, ciphertext, aad)
    except InvalidTag as error:
        raise Rejected("not authentic") from error


def is_encapsulation_key(key):
    """FIPS 203 section 7.2: its length, and every coefficient below q."""
    if len(key) != 1184:
        return False
    triples = (key[at : at + 3] for at in range(0, 1152, 3))
    pairs = (int.from_bytes(triple, "little") for triple in triples)
    return all(pair & 0xFFF < 3329 and pair >> 12 < 3329 for pair in pairs)


@function("primitives", "ed25519-sign")
def ed25519_sign(given):
    secret, message = octets(given, "secret_key"), octets(given, "message")
    return {"public_key": public_key(secret).hex(), "signature": sign(secret, message).hex()}


@function("primitives", "ed25519-verify")
def ed25519_verify(given):
    good = verify(octets(given, "public_key"), octets(given, "message"), octets(given, "signature"))
    need(good, "no good signature")
    return {}


@function("primitives", "x25519")
def x25519(given):
    return {"shared_secret": agree(octets(given, "scalar"), octets(given, "point")).hex()}


@function("primitives", "blake3")
def hash_blake3(given):
    length = given.get("pattern_length")
    message = octets(given, "message") if length is None else bytes(at % 251 for at in range(length))
    return {"hash": blake3(message).hex()}


@function("primitives", "sha256")
def hash_sha256(given):
    return {"hash": sha256(octets(given, "message")).hex()}


def _aead(cipher):
    @function("primitives", f"{cipher}-seal")
    def _(given):
        parts = (octets(given, name) for name in ("key", "nonce", "aad", "plaintext"))
        return {"ciphertext": seal(*parts, cipher).hex()}

    @function("primitives", f"{cipher}-open")
    def _(given):
        parts = (octets(given, name) for name in ("key", "nonce", "aad", "ciphertext"))
        return {"plaintext": open_(*parts, cipher).hex()}


for _cipher in CIPHERS:
    _aead(_cipher)


@function("primitives", "ml-kem-768-keygen")
def kem_keygen(given):
    seed = octets(given, "seed")
    need(len(seed) == 64, "a seed has 64 bytes")
    public, secret = ML_KEM_768._keygen_internal(seed[:32], seed[32:])
    return {"public_key": public.hex(), "secret_key": secret.hex()}


@function("primitives", "ml-kem-768-encapsulate")
def kem_encapsulate(given):
    key = octets(given, "public_key")
    need(is_encapsulation_key(key), "no encapsulation key")
    secret, ciphertext = ML_KEM_768._encaps_internal(key, octets(given, "randomness"))
    return {"ciphertext": ciphertext.hex(), "shared_secret": secret.hex()}


@function("primitives", "ml-kem-768-decapsulate")
def kem_decapsulate(given):
    key, ciphertext = octets(given, "secret_key"), octets(given, "ciphertext")
    try:
        return {"shared_secret": ML_KEM_768.decaps(key, ciphertext).hex()}
    except ValueError as error:
        raise Rejected(str(error)) from error


@function("primitives", "ml-kem-768-check-key")
def kem_check_key(given):
    need(is_encapsulation_key(octets(given, "public_key")), "no encapsulation key")
    return {}

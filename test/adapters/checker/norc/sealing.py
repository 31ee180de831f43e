"""A content key for one device, and whole messages (L-E01 to L-E06)."""

from .content import encode_aad, bucket, pad, unpad
from .hashing import blake3, hkdf, octets
from .primitives import agree, exchange_key, open_, seal, sign, verify
from .registry import function, need
from .strict_json import canonical, from_base64url, to_base64url

UUID_OCTETS = 16
CIPHERS = {"chacha20_poly1305": "chacha20-poly1305", "aes_256_gcm": "aes-256-gcm"}


def uuid_octets(text):
    decoded = bytes.fromhex(text.replace("-", ""))
    need(len(decoded) == UUID_OCTETS, "a message id has 16 bytes")
    return decoded


def wrap_parts(given, shared, ephemeral, recipient):
    """Salt, wrapping key, nonce and additional data."""
    message_id, device = uuid_octets(given["message_id"]), given["device_id"]
    salt = blake3(b"norc:wrap-salt:v1", ephemeral, recipient, message_id)
    info = b"norc:wrap:v1" + given["version"].encode() + device.encode()
    names = given["conversation_id"] + given["sender_device_id"] + device
    aad = given["aad"] + names.encode()
    return salt, hkdf(salt, shared, info, 32), wrap_nonce(device, message_id), aad


def wrap_nonce(device_id, message_id):
    return blake3(device_id.encode(), message_id)[:12]


@function("wrapping", "wrap")
def wrap(given):
    secret, recipient, content_key = (
        octets(given, name) for name in ("ephemeral_secret", "recipient_public_key", "content_key")
    )
    need(len(content_key) == 32, "a content key has 32 bytes")
    given = {**given, "aad": octets(given, "aad")}
    ephemeral = exchange_key(secret)
    salt, key, nonce, aad = wrap_parts(given, agree(secret, recipient), ephemeral, recipient)
    return {
        "ephemeral_public_key": ephemeral.hex(),
        "salt": salt.hex(),
        "wrap_key": key.hex(),
        "nonce": nonce.hex(),
        "aad_meta": aad.hex(),
        "wrapped_key": seal(key, nonce, aad, content_key).hex(),
    }


@function("wrapping", "unwrap")
def unwrap(given):
    secret, ephemeral = octets(given, "recipient_secret"), octets(given, "ephemeral_public_key")
    given = {**given, "aad": octets(given, "aad")}
    return {"content_key": unwrapped(given, secret, ephemeral, octets(given, "wrapped_key")).hex()}


def unwrapped(given, secret, ephemeral, wrapped):
    need(len(wrapped) == 48, "a wrapped key has 48 bytes")
    _, key, nonce, aad = wrap_parts(given, agree(secret, ephemeral), ephemeral, exchange_key(secret))
    return open_(key, nonce, aad, wrapped)


@function("wrapping", "nonce")
def nonce_of(given):
    return {"nonce": wrap_nonce(given["device_id"], octets(given, "message_id")).hex()}


def message_aad(header, length):
    major, minor = map(int, header["version"].split("."))
    return encode_aad(
        *(major, minor, header["message_type_code"], header["sequence_number"]),
        *(uuid_octets(header["message_id"]), length),
        *(from_base64url(header["prev_message_hash"]), bytes(32)),
    )


def binding(header, user_id, device_id, content_hash, wrapped_key_hash):
    """What sender_signature covers (L-E06)."""
    names = ("conversation_id", "message_id", "sender_user_id", "sender_device_id", "message_type")
    names += ("classification", "sequence_number", "prev_message_hash", "timestamp")
    return canonical(
        {
            **{name: header[name] for name in names},
            "recipient_device_id": device_id,
            "recipient_user_id": user_id,
            "content_hash": to_base64url(content_hash),
            "wrapped_key_hash": to_base64url(wrapped_key_hash),
        }
    )


@function("message", "seal")
def seal_message(given):
    header, recipient = given["header"], given["recipient"]
    user_id, device_id, recipient_key = recipient["user_id"], recipient["device_id"], octets(recipient, "public_key")
    plaintext, content_key, nonce, ephemeral_secret, sender = (
        octets(given, name)
        for name in ("plaintext", "content_key", "nonce", "ephemeral_secret", "sender_secret_key")
    )
    aad = message_aad(header, bucket(len(plaintext)))
    ciphertext = seal(content_key, nonce, aad, pad(plaintext))
    ephemeral = exchange_key(ephemeral_secret)
    names = {**header, "device_id": device_id, "aad": aad}
    _, key, wrapping_nonce, meta = wrap_parts(names, agree(ephemeral_secret, recipient_key), ephemeral, recipient_key)
    wrapped = seal(key, wrapping_nonce, meta, content_key)
    content_hash = blake3(nonce, ciphertext)
    signature = sign(sender, binding(header, user_id, device_id, content_hash, blake3(wrapped)))
    blob = {
        "v": 1,
        "nonce": to_base64url(nonce),
        "ciphertext": to_base64url(ciphertext),
        "sender_ephemeral_key": to_base64url(ephemeral),
        "wrapped_key": to_base64url(wrapped),
        "key_algorithm": "x25519",
        "content_algorithm": "chacha20_poly1305",
        "sender_signature": to_base64url(signature),
    }
    return {"blob": blob, "content_hash": content_hash.hex()}


@function("message", "open")
def open_message(given):
    header, blob, recipient = given["header"], given["blob"], given["recipient"]
    need(blob.get("v") == 1 and blob.get("key_algorithm") == "x25519", "another kind of blob")
    need(blob.get("content_algorithm") in CIPHERS and blob.get("pq_ciphertext") is None, "another algorithm")
    members = ("nonce", "ciphertext", "sender_ephemeral_key", "wrapped_key", "sender_signature")
    need(all(isinstance(blob.get(name), str) for name in members), "a member is missing")
    nonce, ciphertext, ephemeral, wrapped, signature = (from_base64url(blob[name]) for name in members)
    user_id, device_id = recipient["user_id"], recipient["device_id"]
    signed = binding(header, user_id, device_id, blake3(nonce, ciphertext), blake3(wrapped))
    need(verify(octets(given, "sender_public_key"), signed, signature), "not signed by the sender for this device")
    aad = message_aad(header, len(ciphertext))
    names = {**header, "device_id": device_id, "aad": aad}
    content_key = unwrapped(names, octets(recipient, "secret_key"), ephemeral, wrapped)
    padded = open_(content_key, nonce, aad, ciphertext, CIPHERS[blob["content_algorithm"]])
    return {"plaintext": unpad(padded).hex()}

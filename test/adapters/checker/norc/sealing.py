"""A content key for one device, and whole messages (L-E01 to L-E06)."""

from .content import encode_aad
from .hashing import blake3, hkdf


def uuid_octets(text):
    return bytes.fromhex(text.replace("-", ""))


def message_aad(version, code, message_id, sequence, length, previous):
    major, minor = map(int, version.split("."))
    return encode_aad(major, minor, code, sequence, message_id, length, previous, bytes(32))


def wrap_salt(ephemeral_key, recipient_key, message_id):
    return blake3(b"norc:wrap-salt:v1", ephemeral_key, recipient_key, message_id)


def wrap_key(shared, salt, version, device_id):
    return hkdf(salt, shared, b"norc:wrap:v1" + version.encode() + device_id.encode(), 32)


def wrap_nonce(device_id, message_id):
    return blake3(device_id.encode(), message_id)[:12]


def wrap_aad(aad, conversation_id, sender_device_id, device_id):
    return aad + (conversation_id + sender_device_id + device_id).encode()

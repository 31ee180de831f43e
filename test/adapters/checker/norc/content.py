"""What content is sealed under, and how it is padded (L-E08, L-E11)."""

from .hashing import octets
from .primitives import open_
from .registry import function, need
from .strict_json import MOST

TAG = 16
CAP = 65_536


def encode_aad(major, minor, code, sequence, message_id, length, previous, transcript):
    need(all(0 <= each <= 0xFF for each in (major, minor, code)), "a byte")
    need(0 <= sequence <= MOST, "a sequence number")
    need(0 <= length <= 0xFFFFFFFF, "a length")
    need(len(message_id) == 16 and len(previous) == 32 and len(transcript) == 32, "fixed lengths")
    head = bytes([major, minor, code]) + sequence.to_bytes(8, "big") + message_id
    return head + length.to_bytes(4, "big") + previous + transcript


def sequence_number(given):
    need(given["sequence_number"].isdecimal(), "no sequence number")
    return int(given["sequence_number"])


def aad_of(given):
    return encode_aad(
        *(given["major"], given["minor"], given["message_type"], sequence_number(given)),
        *(octets(given, "message_id"), given["ciphertext_length"]),
        *(octets(given, "prev_message_hash"), octets(given, "transcript_hash")),
    )


@function("aad", "encode")
def encode(given):
    return {"aad": aad_of(given).hex()}


@function("aad", "check")
def check(given):
    need(aad_of(given).hex() == given["aad"], "another AAD")
    return {}


@function("aad", "open")
def open_aad(given):
    ciphertext = octets(given, "ciphertext")
    need(given["ciphertext_length"] == len(ciphertext), "another length")
    plaintext = open_(octets(given, "key"), octets(given, "nonce"), aad_of(given), ciphertext)
    return {"plaintext": plaintext.hex()}


def bucket(length, tenths=10):
    """Bytes of ciphertext and tag for a plaintext of so many bytes."""
    need(tenths in (10, 13, 16, 20), "a multiplier of the four")
    need(0 <= length <= 0xFFFFFFFF, "a length")
    size = -(-(4 + length + TAG) * tenths // 10)
    if size > CAP:
        return -(-size // CAP) * CAP
    return max(512, 1 << (size - 1).bit_length())


def pad(plaintext, tenths=10):
    padded = len(plaintext).to_bytes(4, "big") + plaintext
    return padded.ljust(bucket(len(plaintext), tenths) - TAG, b"\0")


def unpad(padded):
    size = len(padded) + TAG
    is_bucket = size % CAP == 0 if size > CAP else size >= 512 and size & (size - 1) == 0
    need(is_bucket, "no bucket")
    length = int.from_bytes(padded[:4], "big")
    need(length <= len(padded) - 4, "a length beyond the end")
    need(not any(padded[4 + length :]), "fill that is not zero")
    return padded[4 : 4 + length]


@function("padding", "bucket")
def padding_bucket(given):
    return {"ciphertext_length": bucket(given["plaintext_length"], given["multiplier_tenths"])}


@function("padding", "pad")
def padding_pad(given):
    return {"padded": pad(octets(given, "plaintext"), given["multiplier_tenths"]).hex()}


@function("padding", "unpad")
def padding_unpad(given):
    return {"plaintext": unpad(octets(given, "padded")).hex()}

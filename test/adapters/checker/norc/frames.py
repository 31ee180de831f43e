"""The binary frame, and the byte that says what is in it (L-W01, L-W02)."""

from .content import sequence_number
from .hashing import octets
from .registry import function, need
from .strict_json import MOST

HEADER = 62
# L-W02: the registry of the documents, and what the ledger adds to it.
TYPES = {
    **{0x00: "connection_request", 0x01: "connection_accepted", 0x02: "device_register", 0x03: "auth_request"},
    **{0x04: "auth_response", 0x05: "device_revoke", 0x06: "registration_challenge", 0x07: "registration_response"},
    **{0x08: "registration_success", 0x09: "auth_challenge", 0x0A: "auth_success", 0x0B: "version_confirmation"},
    **{0x0C: "ping", 0x0D: "pong", 0x0E: "error", 0x0F: "extension", 0x10: "message_send", 0x11: "message_ack"},
    **{0x12: "message_received", 0x13: "read_receipt", 0x20: "presence_update", 0x21: "presence_subscribe"},
    **{0x22: "presence_notification", 0x30: "key_request", 0x31: "key_response", 0x32: "session_key_init"},
    **{0x33: "time_sync", 0x35: "session_key_accept", 0x36: "session_key_rotate", 0x40: "file_manifest"},
    **{0x41: "file_upload_request", 0x42: "file_chunk"},
    **{0x43: "file_upload_complete", 0x50: "conversation_create", 0x51: "conversation_join", 0x52: "conversation_leave", 0x60: "call_invite"},
    **{0x61: "call_response", 0x62: "call_update", 0x63: "call_end", 0x70: "federation_handshake"},
    **{0x71: "federation_handshake_response", 0x72: "federation_error", 0x73: "rate_limit_exceeded"},
    **{0x80: "message_relay", 0x81: "relay_ack", 0x82: "presence_federation", 0x83: "call_invite_federation"},
    **{0x84: "media_relay_info", 0x85: "archive_sync", 0x86: "archive_sync_response", 0x90: "server_discovery"},
    **{0x91: "server_info", 0x92: "user_lookup", 0x93: "user_lookup_response", 0x94: "trust_status"},
    **{0x95: "trust_status_response", 0x96: "health_check", 0x97: "health_status", 0x98: "cluster_member_info"},
    **{0x9F: "trust_capabilities", 0xA0: "trust_request", 0xA1: "trust_challenge"},
    **{0xA2: "trust_response", 0xA3: "trust_revoke", 0xA4: "trust_decision", 0xA5: "trust_acknowledgment"},
    **{0xA6: "revocation_acknowledgment", 0xA7: "trust_renewal", 0xA8: "trust_recommendation"},
    **{0xA9: "trust_recommendation_response", 0xAA: "trust_health_check", 0xAB: "trust_health_report"},
    **{0xAC: "gov_pki_trust_request", 0xAD: "compliance_report", 0xAE: "compliance_report_response"},
    **{0xAF: "norc_crl", 0xB0: "audit_root_query", 0xB1: "audit_root"},
}


@function("framing", "encode")
def encode(given):
    message_id, previous, ciphertext = (
        octets(given, name) for name in ("message_id", "prev_message_hash", "ciphertext")
    )
    sequence = sequence_number(given)
    need(0 <= given["major"] <= 0xFF and 0 <= given["type_code"] <= 0xFF, "a byte")
    need(sequence <= MOST and len(message_id) == 16 and len(previous) == 32, "fixed lengths")
    head = bytes([given["major"], given["type_code"]]) + len(ciphertext).to_bytes(4, "big") + message_id
    return {"frame": (head + sequence.to_bytes(8, "big") + previous + ciphertext).hex()}


@function("framing", "decode")
def decode(given):
    frame = octets(given, "frame")
    need(len(frame) <= given["max_bytes"], "too large")
    need(len(frame) >= HEADER, "a short header")
    need(int.from_bytes(frame[2:6], "big") == len(frame) - HEADER, "another length")
    sequence = int.from_bytes(frame[22:30], "big")
    need(sequence <= MOST, "beyond 2^53 - 1")
    return {
        "major": frame[0],
        "type_code": frame[1],
        "message_id": frame[6:22].hex(),
        "sequence_number": str(sequence),
        "prev_message_hash": frame[30:62].hex(),
        "ciphertext": frame[62:].hex(),
    }


@function("framing", "type-of")
def type_of(given):
    need(given["code"] in TYPES, "in no registry")
    return {"type": TYPES[given["code"]]}

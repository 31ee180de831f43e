"""What the origin of a relay signs, and whether one is taken (L-F01 to L-F07, L-F11, L-T20)."""

from .hashing import blake3, octets
from .rates import CEILINGS, LADDERS
from .registry import function, need
from .signing import is_signed
from .strict_json import canonical, from_base64url, to_base64url
from .primitives import verify

HOPS = 10
LIFE = 86_400
SECOND = 1_000_000
SIZES = {"basic": 1_048_576, "verified": 16_777_216, "classified": 16_777_216, "nato": 16_777_216}
FRESH = 300
SKEW = 60
IMMUTABLE = (
    *("message_id", "federation_id", "origin_server", "target_server", "target_users"),
    *("sender_user_id", "sender_device_id", "conversation_id", "message_type", "classification"),
    *("sequence_number", "prev_message_hash"),
)
IMMUTABLE_METADATA = ("original_timestamp", "ttl", "priority", "delivery_requirements")
STRONG = ("verified", "classified", "nato")


def origin_octets(relay):
    part = {name: relay[name] for name in IMMUTABLE if name in relay}
    part |= {name: relay["metadata"][name] for name in IMMUTABLE_METADATA}
    payloads = to_base64url(blake3(canonical(relay["encrypted_payloads"])))
    return canonical({"type": "relay_origin", **part, "payloads_hash": payloads})


@function("relay", "origin-bytes")
def origin_bytes(given):
    return {"signed_hex": origin_octets(given["relay"]).hex()}


def domain(user):
    return user.rpartition("@")[2]


def is_admitted(level, label):
    ladder = next((ladder for ladder in LADDERS if label in ladder), ())
    tops = [top for top in CEILINGS.get(level, ()) if top in ladder]
    return bool(tops) and ladder.index(label) <= ladder.index(tops[0])


@function("relay", "check")
def check(given):
    relay, peer, now, level = given["relay"], given["peer"], given["now"], given["level"]
    path, metadata, origin = relay["route_path"], relay["metadata"], relay["origin_server"]
    need(level in SIZES and "message_relay" in given["permissions"], "not permitted")
    need(relay["message_type"] != "file" or "file_transfer" in given["permissions"], "no files")
    need(given["size"] <= min(given["max_message_bytes"], SIZES[level]), "too large")
    need(path and path[-1] == peer and path[0] == origin, "another path")
    need(metadata["hop_count"] == len(path) <= min(HOPS, relay.get("max_hops", HOPS)), "another number of hops")
    need(given["server_id"] not in path, "a loop")
    sent, life = metadata["original_timestamp"], metadata["ttl"]
    need(1 <= life <= LIFE and now <= sent + life * SECOND, "its time is over")
    need(sent <= now + FRESH * SECOND, "from the future")
    need(abs(now - metadata["federation_timestamp"]) <= SKEW * SECOND, "not fresh")
    need(domain(relay["sender_user_id"]) == origin, "a sender of another server")
    need(all(domain(user) == relay["target_server"] for user in relay["target_users"]), "users of another server")
    need(is_admitted(level, relay["classification"]), "above the ceiling")
    need(is_signed(octets(given, "peer_public_key"), relay, "route_signature"), "not signed by the hop")
    is_here = relay["target_server"] == given["server_id"]
    need(not is_here or origin == peer or level not in STRONG or given["origin_is_trusted"], "an unknown origin")
    need(is_here or len(path) < min(HOPS, relay.get("max_hops", HOPS)), "no hop is left to pass it on")
    signature = from_base64url(relay["origin_signature"])
    need(verify(octets(given, "origin_public_key"), origin_octets(relay), signature), "not signed by the origin")
    return {"action": "deliver" if is_here else "forward"}


class Cache:
    """Until when the acknowledgment of which relay is given again (L-F06). Survives as pairs."""

    def __init__(self, rows=()):
        self.ends = dict(rows)

    def judge(self, relay, now):
        key = relay["origin_server"], relay["message_id"], relay["target_server"]
        if now < self.ends.get(key, 0):
            return "repeat"
        life = sorted((600, relay["ttl"], LIFE))[1]
        self.ends[key] = relay["original_timestamp"] + life * SECOND
        return "new"


@function("relay", "cache")
def cache(given):
    memory, outcomes = Cache(), []
    for step in given["steps"]:
        if step["after_restart"]:
            memory = Cache(list(memory.ends.items()))
        outcomes.append(memory.judge(step, step["at"]))
    return {"outcomes": outcomes}


@function("relay", "reach")
def reach(given):
    known = {each["device_id"]: each for each in given["devices"]}
    refused = {}
    for name in given["payload_devices"]:
        owner = known[name]["user_id"] if name in known else None
        if owner not in given["target_users"]:
            refused[name] = 2001
        elif known[name]["revoked"]:
            refused[name] = 3003
    return {"delivered": sorted(set(given["payload_devices"]) - set(refused)), "refused": refused}

"""A whole establishment of trust: seven messages, judged one after the other (profile 2.3, L-H03, L-T03 to L-T19)."""

from .certificates import GRANTABLE, failures, is_whole, matches
from .hashing import octets
from .primitives import verify
from .registry import function, need
from .requests import domain_value
from .signing import is_signed
from .strict_json import canonical, from_base64url, parse, to_base64url
from .transcripts import transcript
from .versions import best

ORDER = (
    *("trust_capabilities", "trust_capabilities", "trust_request", "trust_challenge"),
    *("trust_response", "trust_decision", "trust_acknowledgment"),
)
MEMBERS = (*("signature",) * 5, "decision_signature", "acknowledgment_signature")
SPEAKERS = ("requester", "responder", "requester", "responder", "requester", "responder", "requester")
LEVELS = ("untrusted", "basic", "verified", "classified", "nato")
# L-T19: how far a method reaches; the last with an authority of NATO.
REACH = {
    "direct_exchange": "basic",
    "web_of_trust": "basic",
    "ca_validation": "verified",
    "manual_verification": "classified",
    "government_pki": "nato",
}
CHAINED = ("ca_validation", "government_pki", "manual_verification")
RECORD = "_norc-trust-challenge."


def rank(level):
    need(level in LEVELS, "no level")
    return LEVELS.index(level)


def judge_places(given, messages, keys):
    """Each message stands where it belongs and is signed by who speaks."""
    for at, message in enumerate(messages):
        need(message.get("type") == ORDER[at], "another message")
        earlier = transcript("trust", messages[:at])
        need(message.get("transcript_hash") == to_base64url(earlier), "another transcript")
        need(is_signed(keys[SPEAKERS[at]], message, MEMBERS[at]), "not signed by who speaks")


def judge_wish(given, offer, answer, request, keys):
    need(offer["server_id"] == given["requester"] and answer["server_id"] == given["responder"], "other servers")
    best(offer["supported_versions"], answer["supported_versions"])
    need(request["requesting_server"] == given["requester"], "another requester")
    need(request["target_server"] == given["responder"], "another responder")
    need(from_base64url(request["server_public_key"]) == keys["requester"], "another key")
    level, method = request["requested_trust_level"], request["trust_method"]
    need(rank(level) > 0 and level in answer["supported_trust_levels"], "a level that is not offered")
    need(method in answer["supported_methods"] and method in REACH, "a method that is not offered")
    need(rank(level) <= rank(REACH[method]), "beyond the method")


def judge_challenge(given, request, challenge, keys):
    need(challenge["request_id"] == request["request_id"], "another exchange")
    need(challenge["target_server"] == given["requester"], "for another server")
    need(challenge["challenging_server"] == given["responder"], "of another server")
    need(challenge["validation_method"] == request["trust_method"], "another method")
    need(request["timestamp"] < challenge["deadline"], "over before it began")
    tasks = {task["type"]: task for task in challenge["challenges"]}
    need(len(tasks) == len(challenge["challenges"]), "a task twice")
    wanted = {"domain_ownership", "cryptographic_proof"}
    wanted |= {"certificate_validation"} if request["trust_method"] in CHAINED else set()
    need(wanted <= set(tasks), "a task is missing")
    domain = tasks["domain_ownership"]
    need(domain["domain"] == given["requester"], "another domain")
    need(domain["txt_record_name"] == RECORD + given["requester"], "another record")
    need(request["timestamp"] < domain["expires_at"], "over before it began")
    committed = {
        "requesting_server": given["requester"],
        "challenging_server": given["responder"],
        "request_id": request["request_id"],
        "challenge_id": challenge["challenge_id"],
        "server_public_key": keys["requester"].hex(),
        "nonce": from_base64url(domain["nonce"]).hex(),
    }
    need(domain["expected_value"] == domain_value(committed), "a value that does not commit to this exchange")
    proof = tasks["cryptographic_proof"]
    need(proof["required_signature_algorithm"] == "ed25519", "another algorithm")
    return proof["challenge_data"]


def judge_response(given, request, challenge, response, challenge_data, keys):
    ids = ("request_id", "challenge_id")
    need(all(response[name] == challenge[name] for name in ids), "another exchange")
    need(response["responding_server"] == given["requester"], "of another server")
    need(response["timestamp"] < challenge["deadline"], "late")
    kinds = [sorted(part["type"] for part in parts) for parts in (challenge["challenges"], response["challenge_responses"])]
    need(kinds[0] == kinds[1], "not one answer for each task")
    proof = next(part for part in response["challenge_responses"] if part["type"] == "cryptographic_proof")
    need(proof["signing_key"] == "server_key" and proof["challenge_data"] == challenge_data, "another proof")
    signed = {
        **{"type": "trust_proof", "challenge_data": challenge_data},
        **{name: challenge[name] for name in ids},
        **{"requesting_server": given["requester"], "challenging_server": given["responder"]},
        "transcript_hash": response["transcript_hash"],
    }
    good = verify(keys["requester"], canonical(signed), from_base64url(proof["signature"]))
    need(good, "a proof that does not cover this challenge")


def certificate_in(blob):
    certificate = parse(from_base64url(blob))
    need(isinstance(certificate, dict) and is_whole(certificate), "no certificate")
    return certificate


def judge_certificate(certificate, issuer, subject, given, keys, now):
    broken = failures(
        {
            **{"certificate": certificate, "now": now, "revoked": False, "status_known": True},
            **{"issuer_server": given[issuer], "subject_server": given[subject]},
            **{"issuer_public_key": keys[issuer].hex(), "subject_public_key": keys[subject].hex()},
        }
    )
    need(not broken and certificate["trust_level"] != "untrusted", f"a certificate with a wrong {broken[:1]}")


@function("trust-run")
def judge(given):
    messages = given["messages"]
    need(len(messages) == len(ORDER), "not seven messages")
    keys = {end: octets(given, f"{end}_public_key") for end in ("requester", "responder")}
    offer, answer, request, challenge, response, decision, acknowledgment = messages
    judge_places(given, messages, keys)
    judge_wish(given, offer, answer, request, keys)
    challenge_data = judge_challenge(given, request, challenge, keys)
    judge_response(given, request, challenge, response, challenge_data, keys)
    need(decision["request_id"] == request["request_id"] == acknowledgment["request_id"], "another exchange")
    need(decision["decision_server"] == given["responder"], "of another server")
    need(decision["target_server"] == given["requester"], "for another server")
    need(acknowledgment["acknowledging_server"] == given["requester"], "of another server")
    granted = judge_decision(given, request, decision, acknowledgment, (offer, answer), keys)
    return {
        "established": granted is not None,
        "level": granted or "untrusted",
        "transcript_hash": transcript("trust", messages).hex(),
    }


def judge_decision(given, request, decision, acknowledgment, offers, keys):
    """The level that comes into force, or None."""
    level, bundle, now = decision["granted_trust_level"], decision["certificate_bundle"], request["timestamp"]
    if decision["decision"] == "reject":
        granted = [name for name in GRANTABLE["nato"] if decision["federation_permissions"].get(name)]
        need(not bundle and not granted, "a rejection that grants")
        need(not acknowledgment["decision_accepted"], "accepted what was not granted")
        return None
    need(decision["decision"] in ("accept", "conditional"), "no decision")
    need(0 < rank(level) <= rank(request["requested_trust_level"]), "more than was asked")
    dated = [each for each in decision["trust_conditions"] if "deadline" in each]
    need(decision["decision"] != "conditional" or dated, "conditional on nothing")
    need(bundle, "no certificate")
    certificate = certificate_in(bundle[0])
    judge_certificate(certificate, "responder", "requester", given, keys, now)
    longest = min(offer["trust_policies"]["max_trust_age"] for offer in offers)
    need(certificate["not_after"] - certificate["not_before"] <= longest, "too long")
    need(matches(certificate, level, decision["federation_permissions"], decision["trust_metadata"]), "not alike")
    if not acknowledgment["decision_accepted"]:
        return None
    need(acknowledgment["effective_date"] >= certificate["not_before"], "before it begins")
    need(acknowledgment["next_renewal_date"] < certificate["not_after"], "after it ends")
    if request["trust_requirements"]["mutual"] or decision["mutual_trust_required"]:
        need(acknowledgment["mutual_trust_established"] and "trust_certificate" in acknowledgment, "one-sided")
        reverse = certificate_in(acknowledgment["trust_certificate"])
        judge_certificate(reverse, "requester", "responder", given, keys, now)
        need(reverse["not_after"] - reverse["not_before"] <= longest, "too long")
    return level

"""Token buckets in exact fractions (X-RATE, L-X07), and the ladders of classification (L-X01, L-X02, L-T20)."""

from fractions import Fraction
from math import ceil

from .registry import function, need

SECOND = 1_000_000


class Bucket:
    """Full at first. What is refused costs nothing. Times in microseconds."""

    def __init__(self, given):
        self.rate = Fraction(given["tokens"], given["period_seconds"] * SECOND)
        self.burst, self.level, self.at = given["burst"], Fraction(given["burst"]), None

    def take(self, at, cost):
        """Seconds to wait: 0 where it is taken, None where no wait helps."""
        if self.at is not None and at > self.at:
            self.level = min(Fraction(self.burst), self.level + (at - self.at) * self.rate)
        self.at = at if self.at is None else max(at, self.at)
        if cost > self.burst:
            return None
        if cost > self.level:
            return ceil(((cost - self.level) / self.rate + self.at - at) / SECOND)
        self.level -= cost
        return 0


@function("rate", "trace")
def trace(given):
    bucket = Bucket(given)
    waits = [bucket.take(step["at"], step["cost"]) for step in given["steps"]]
    return {"outcomes": [{"accepted": wait == 0, "retry_after": wait or None} for wait in waits]}


@function("rate", "admit")
def admit(given):
    bucket = Bucket(given)
    for at in given["earlier"]:
        bucket.take(at, 1)
    need(bucket.take(given["at"], 1) == 0, "too many")
    return {}


# L-X07 and L-X08: burst, tokens, seconds; what says that it is used up, and its code.
ANSWERS = {
    "device-messages": (120, 60, 60, "error", 6001),
    "key-lookups": (30, 30, 60, "error", 6000),
    "registrations": (3, 3, 3600, "error", 6000),
    "server-messages": (1000, 1000, 60, "rate_limit_exceeded", 5401),
    "server-bytes": (10**8, 10**8, 300, "rate_limit_exceeded", 5402),
}


@function("rate", "answers")
def answers(given):
    burst, tokens, seconds, kind, code = ANSWERS[given["what"]]
    if "granted" in given:
        burst = tokens = given["granted"]["messages_per_second"]
        seconds = 1
    bucket = Bucket({"burst": burst, "tokens": tokens, "period_seconds": seconds})
    waits = [bucket.take(step["at"], step["cost"]) for step in given["steps"]]
    refused = [wait and {"type": kind, "error_code": code, "retry_after": wait} for wait in waits]
    return {"outcomes": [answer or None for answer in refused]}


LADDERS = (
    ("unclassified", "official_use_only", "confidential", "secret", "top_secret"),
    ("nato_unclassified", "nato_restricted", "nato_confidential", "nato_secret"),
)
CEILINGS = {
    "basic": {"unclassified"},
    "verified": {"official_use_only", "nato_unclassified"},
    "classified": {"secret", "nato_unclassified"},
    "nato": {"secret", "nato_secret"},
}
LEVELS = ("untrusted", "basic", "verified", "classified", "nato")


@function("classification", "admits")
def admits(given):
    level, label = given["level"], given["label"]
    ladder = next((ladder for ladder in LADDERS if label in ladder), ())
    tops = [top for top in CEILINGS.get(level, ()) if top in ladder]
    need(tops and ladder.index(label) <= ladder.index(tops[0]), "above the ceiling")
    return {}


@function("classification", "compare")
def compare(given):
    one, other = given["one"], given["other"]
    need(all(any(label in ladder for ladder in LADDERS) for label in (one, other)), "no label")
    ladder = next(ladder for ladder in LADDERS if one in ladder)
    if other not in ladder:
        return {"order": "none"}
    difference = ladder.index(one) - ladder.index(other)
    return {"order": "equal" if difference == 0 else "above" if difference > 0 else "below"}


@function("classification", "read-label")
def read_label(given):
    label = given.get("label")
    if label is None:
        need(given["carrier"] == "message", "a relay says its label")
        return {"label": LADDERS[0][0]}
    need(any(label in ladder for ladder in LADDERS), "no label")
    return {"label": label}

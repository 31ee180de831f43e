"""The version that two lists come to (L-V01 to L-V07, L-V11)."""

import re

from .registry import function, need

GRAMMAR = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})")


def numbers(text):
    found = GRAMMAR.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def readable(texts):
    return {read for read in map(numbers, texts) if read is not None}


def near(versions):
    top = max(versions)[0]
    return {each for each in versions if top - each[0] <= 1}


def best(offered, supported, admits=lambda version: True):
    ours, theirs = readable(supported), readable(offered)
    need(ours and theirs, "no version in a list")
    need(abs(max(ours)[0] - max(theirs)[0]) <= 1, "majors too far apart")
    common = {each for each in near(ours) & near(theirs) if admits(each)}
    need(common, "no common version")
    chosen = max(common)
    return "%d.%d" % chosen, chosen[0] < max(max(ours)[0], max(theirs)[0])


@function("version", "negotiate")
def negotiate(given):
    version, compatibility = best(given["offered"], given["supported"])
    return {"version": version, "compatibility_mode": compatibility}


@function("version", "check-choice")
def check_choice(given):
    version, compatibility = best(given["offered"], given["supported"])
    need(version == given["chosen"], "not the best mutual version")
    need(compatibility == given["compatibility_mode"], "a false compatibility_mode")
    return {}


@function("version", "negotiate-trust")
def negotiate_trust(given):
    link = numbers(given["federation_version"])
    version, _ = best(given["offered"], given["supported"], lambda each: abs(each[0] - link[0]) <= 1)
    return {"version": version}

"""The replay window as a set of what was seen (L-E13, L-E14)."""

import json

from .registry import Rejected, function, need
from .strict_json import MOST

JUMP = 2**20
START = 2**24 - 1


class Window:
    def __init__(self, size):
        self.size, self.head, self.seen = size, 0, set()

    def judge(self, number):
        need(0 < number <= MOST, "no sequence number")
        # Before the first one the head is wherever a start may lie.
        need(number <= (self.head or START) + JUMP, "too far ahead")
        need(number > self.head - self.size, "below the window")
        need(number not in self.seen, "seen")

    def written(self):
        return json.dumps([self.size, self.head, sorted(self.seen)])

    @classmethod
    def read(cls, text):
        size, head, seen = json.loads(text)
        window = cls(size)
        window.head, window.seen = head, set(seen)
        return window

    def record(self, number):
        self.head = max(self.head, number)
        self.seen.add(number)
        self.seen = {each for each in self.seen if each > self.head - self.size}


@function("window", "is-fresh")
def is_fresh(given):
    window = Window(given["window"])
    for first, last in given["accepted"]:
        first, last = int(first), int(last)
        # Of a long run only the end is still inside.
        for number in range(max(first, last - window.size), last + 1):
            window.record(number)
    window.judge(int(given["number"]))
    return {}


@function("window", "trace")
@function("window", "trace-with-restart")
def trace(given):
    window, outcomes = Window(given["window"]), []
    for at, step in enumerate(given["steps"]):
        if at == given.get("restart_after"):
            window = Window.read(window.written())
        try:
            window.judge(int(step["number"]))
            need(step["authentic"], "not authentic")
            window.record(int(step["number"]))
            outcomes.append("accept")
        except Rejected:
            outcomes.append("reject")
    return {"outcomes": outcomes}

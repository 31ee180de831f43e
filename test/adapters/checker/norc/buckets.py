"""Token buckets in exact fractions (X-RATE, L-X07)."""

from fractions import Fraction
from math import ceil


class Bucket:
    """Full at first. A refused take costs nothing."""

    def __init__(self, tokens, seconds, burst, now):
        self.rate, self.burst = Fraction(tokens, seconds), burst
        self.level, self.at = Fraction(burst), now

    def refill(self, now):
        if now > self.at:
            self.level = min(Fraction(self.burst), self.level + (now - self.at) * self.rate)
            self.at = now

    def wait(self, now, cost):
        """Whole seconds until it is there, 0 for now, None for never."""
        self.refill(now)
        if cost > self.burst:
            return None
        missing = cost - self.level
        return 0 if missing <= 0 else ceil(missing / self.rate)

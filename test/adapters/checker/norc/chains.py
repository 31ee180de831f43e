"""Hash chains of messages and of the audit log (L-E16, L-E18, L-T29)."""

from .hashing import blake3, octets
from .registry import Rejected, function, need
from .strict_json import canonical
from .window import START, Window

ZERO = bytes(32)


def content_hash(message):
    return blake3(octets(message, "nonce"), octets(message, "ciphertext"))


@function("chain", "hash")
def chain_hash(given):
    return {"hash": content_hash(given).hex()}


@function("chain", "verify")
def chain_verify(given):
    head, number = ZERO, None
    for message in given["messages"]:
        sequence = message["sequence_number"]
        need(0 < sequence <= START if number is None else sequence == number + 1, "not the next number")
        need(octets(message, "prev_message_hash") == head, "on another predecessor")
        head, number = content_hash(message), sequence
    return {"head": head.hex()}


class Chain:
    """One sender in one conversation: a window against repeats, a hash against gaps, and who waits."""

    def __init__(self):
        self.window, self.position, self.head, self.held = Window(1024), None, ZERO, {}

    def arrive(self, index, message):
        """Indices that are delivered now, in order."""
        number = message["sequence_number"]
        try:
            self.window.judge(number)
        except Rejected:
            return []
        is_start = self.position is None and octets(message, "prev_message_hash") == ZERO
        is_next = is_start or self.position is not None and number == self.position + 1
        if is_next and octets(message, "prev_message_hash") != self.head:
            return []
        if is_next:
            self.window.record(number)
            return [self.move(index, number, message)] + self.release()
        if self.position is None or number > self.position:
            self.window.record(number)
            self.held[number] = (index, message)
        return []

    def move(self, index, number, message):
        self.position, self.head = number, content_hash(message)
        return index

    def release(self):
        freed = []
        while self.position + 1 in self.held:
            number = self.position + 1
            index, message = self.held.pop(number)
            if octets(message, "prev_message_hash") != self.head:
                break
            freed.append(self.move(index, number, message))
        return freed


@function("chain", "deliver")
def deliver(given):
    chains, delivered = {}, []
    for index, message in enumerate(given["arrivals"]):
        chain = chains.setdefault(message["sender_device_id"], Chain())
        delivered += chain.arrive(index, message)
    return {"delivered": delivered}


def audit_hashes(entries):
    hashes = [ZERO]
    for entry in entries:
        hashes.append(blake3(hashes[-1], canonical(entry)))
    return [each.hex() for each in hashes[1:]]


@function("audit-chain", "append")
def audit_append(given):
    return {"hashes": audit_hashes(given["entries"])}


@function("audit-chain", "verify")
def audit_verify(given):
    hashes = audit_hashes(given["entries"])
    need(hashes == given["hashes"], "another chain")
    need((hashes[-1] if hashes else ZERO.hex()) == given["root"], "another root")
    return {}

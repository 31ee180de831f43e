"""Which function answers which question. A question is a category and, where it has several, a function."""

FUNCTIONS = {}


class Rejected(Exception):
    """The input is one that an implementation must refuse."""


class Unsupported(Exception):
    """There is no such function here."""


class Members(dict):
    """An object as it was received: what it lacks is refused where it is asked for."""

    def __missing__(self, name):
        raise Rejected(f"{name} is missing")


def function(category, name=None):
    def register(run):
        FUNCTIONS[category, name] = run
        return run

    return register


def need(condition, reason):
    if not condition:
        raise Rejected(reason)


def run(category, given):
    name = given.get("function") if isinstance(given, dict) else None
    answer = FUNCTIONS.get((category, name)) or FUNCTIONS.get((category, None))
    if answer is None:
        raise Unsupported(f"{category} {name}")
    return answer(given)

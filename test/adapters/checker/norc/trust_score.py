"""The trust score and what a path of trust is worth (L-T16, L-T17, L-T22, L-T23)."""

from fractions import Fraction

from .registry import Rejected, function, need

WEIGHTS = {
    "certificate_quality": 30,
    "domain_verification": 15,
    "organization_reputation": 20,
    "security_posture": 15,
    "compliance_status": 10,
    "historical_reliability": 10,
}
THRESHOLDS = {"basic": 400, "verified": 700, "classified": 850, "nato": 950}
DECAY = Fraction(95, 100)


@function("score", "score")
def score(given):
    factors = given["factors"]
    for name, value in factors.items():
        need(name in WEIGHTS, "no factor")
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        need(is_whole and 0 <= value <= 1000, "thousandths")
    return {"score_tenths": sum(WEIGHTS[name] * value for name, value in factors.items()) // 100}


@function("score", "meets")
def meets(given):
    need(given["level"] in THRESHOLDS, "no level")
    need(given["score_tenths"] >= THRESHOLDS[given["level"]], "below the threshold")
    return {}


def graph_of(edges):
    return {(edge["from"], edge["to"]): Fraction(edge["score_tenths"], 1000) for edge in edges}


def worth(graph, path):
    if not path:
        return Fraction(0)
    value = Fraction(1)
    for step in zip(path, path[1:]):
        value *= graph.get(step, 0) * DECAY
    return value


def shown(value):
    """Half to even, four decimals. Python rounds a fraction so."""
    return f"{round(value * 10_000) / 10_000:.4f}"


@function("path", "path-score")
def path_score(given):
    return {"score": shown(worth(graph_of(given["edges"]), given["path"]))}


@function("path", "find-path")
def find_path(given):
    graph = {step: value for step, value in graph_of(given["edges"]).items() if value > 0}
    paths = [[given["from"]]]
    for _ in range(given["max_hops"] + 1):
        found = [path for path in paths if path[-1] == given["to"]]
        if found:
            path = min(found, key=lambda path: (-worth(graph, path), path))
            return {"path": path, "score": shown(worth(graph, path))}
        paths = [path + [b] for path in paths for a, b in graph if a == path[-1] and b not in path]
    raise Rejected("no trust path")

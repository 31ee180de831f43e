# All shortest paths in exact fractions; the best is first (T-PATH-04: score, then names).
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

source, target = OPTIONS["from"], OPTIONS["to"]
decay = Fraction(repr(RULE["decay"]))


def worth(path):
    score = Fraction(1)
    for hop, (a, b) in enumerate(zip(path, path[1:])):
        whole = hop == 0 and RULE["firstHop"] == "whole"
        score *= Fraction(repr(GRAPH[a][b]["weight"])) * (1 if whole else decay)
    return score


def rounded(score):
    with localcontext() as context:
        context.prec = 200
        exact = Decimal(score.numerator) / Decimal(score.denominator)
        return exact.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)


paths = list(nx.all_shortest_paths(GRAPH, source, target)) if nx.has_path(GRAPH, source, target) else []
paths = [path for path in paths if len(path) - 1 <= RULE["hops"]]
# By code units, as JavaScript compares texts.
paths.sort(key=lambda path: (-worth(path), [name.encode("utf-16-be") for name in path]))
print("score,hops,path")
for path in paths[:20]:
    print(f'{rounded(worth(path))},{len(path) - 1},"{" ".join(path)}"')

# Mean shares of pairs that are left, from the removals that were drawn.
from collections import defaultdict


def left(removed):
    graph = GRAPH.copy()
    graph.remove_nodes_from(removed)
    counts = census(graph, sources=list(graph))
    return counts[0], counts[1 + BANDS.index("verified")], counts[1 + BANDS.index("classified")]


whole = left([])
shares = defaultdict(list)
for removal in DRAWN:
    pairs = left(removal["removed"])
    shares[removal["by"], removal["percent"]].append([a / (b or 1) for a, b in zip(pairs, whole)])
print("removed_by,percent_removed,trials,reach,verified,classified")
for (by, percent), trials in shares.items():
    means = [sum(column) / len(trials) for column in zip(*trials)]
    print(",".join(map(str, [by, percent, len(trials), *means])))

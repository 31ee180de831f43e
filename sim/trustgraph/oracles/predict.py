import math

METHODS = [
    ("rule asked for", {}),
    ("the same without decay", {"decay": 1}),
    ("best score within the hops", {"path": "within-hops"}),
    ("strongest weakest edge", {"strength": "minimum"}),
]
EDGES = list(GRAPH.edges(data="weight"))
print("method,edges,coverage,rmse")
for name, change in METHODS:
    squares = []
    for source, target, weight in EDGES:
        GRAPH.remove_edge(source, target)
        _, score = scores_from(GRAPH, source, {**RULE, **change}).get(target, (None, None))
        GRAPH.add_edge(source, target, weight=weight)
        if score is not None:
            squares.append((score - weight) ** 2)
    rmse = math.sqrt(sum(squares) / len(squares)) if squares else ""
    print(",".join(map(str, [name, len(squares), len(squares) / len(EDGES), rmse])))

from collections import Counter

NODES, VERIFIED = QUESTION["nodes"], BANDS.index("verified")
SETS = [[NODES[number] for number in each] for each in OPTIONS.get("sets", [[i] for i in range(len(NODES))])]
NAMES = ["paths_lost", "longer_paths", "verified_gained", "verified_lost"]


def without(revoked):
    graph = GRAPH.copy()
    if "standing" not in OPTIONS:
        graph.remove_nodes_from(revoked)
        return graph
    # Superseded: what they said before their revocation stands, and nothing else.
    graph.remove_edges_from(list(GRAPH.out_edges(revoked)))
    graph.add_weighted_edges_from((NODES[a], NODES[b], weight) for a, b, weight in OPTIONS["standing"])
    return graph


print("revoked," + ",".join(NAMES))
for revoked in SETS:
    graph, changes = without(revoked), Counter()
    for source in SOURCES:
        if source in revoked:
            continue
        before, after = scores_from(GRAPH, source), scores_from(graph, source)
        for target, (hops, score) in before.items():
            if target in revoked:
                continue
            new_hops, new_score = after.get(target, (None, -1.0))
            changes["paths_lost"] += new_hops is None
            changes["longer_paths"] += new_hops is not None and new_hops > hops
            old, new = band(score), band(new_score)
            changes["verified_gained"] += old < VERIFIED <= new
            changes["verified_lost"] += new < VERIFIED <= old
    print(" ".join(revoked) + "," + ",".join(str(changes[name]) for name in NAMES))

from collections import Counter

LABELS = OPTIONS["labels"]
VERIFIED = BANDS.index("verified")
without = GRAPH.copy()
without.remove_nodes_from(LABELS)
changes = Counter()
for source in SOURCES:
    if source in LABELS:
        continue
    before, after = scores_from(GRAPH, source), scores_from(without, source)
    for target, (hops, score) in before.items():
        if target in LABELS:
            continue
        new_hops, new_score = after.get(target, (None, -1.0))
        changes["paths_lost"] += new_hops is None
        changes["longer_paths"] += new_hops is not None and new_hops > hops
        old, new = band(score), band(new_score)
        changes["verified_gained"] += old < VERIFIED <= new
        changes["verified_lost"] += new < VERIFIED <= old
print("change,pairs")
for name in ["paths_lost", "longer_paths", "verified_gained", "verified_lost"]:
    print(f"{name},{changes[name]}")

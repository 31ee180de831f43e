# Tries every node inside the reach of a source; the engine tries an even sample of 40 of them. Prints
# pairs tried and broken by invariant, then the least number of nodes of a pair that rises.
SLACK = 1 + 1e-12
WITHIN = {**RULE, "path": "within-hops", "strength": "minimum" if RULE["strength"] == "weakest" else RULE["strength"]}
tried, broken, smallest = [0] * 4, [0] * 4, None


def most(hops):
    decays = hops - (RULE["firstHop"] == "whole")
    return RULE["decay"] ** decays if RULE["strength"] == "product" else 1.0


for source in SOURCES:
    scores, within = scores_from(GRAPH, source), scores_from(GRAPH, source, WITHIN)
    longer = scores_from(GRAPH, source, {**RULE, "hops": RULE["hops"] + 1})
    for target, (hops, score) in scores.items():
        for number, breaks in enumerate(
            [score > most(hops) * SLACK, target not in longer, score > within[target][1] * SLACK]
        ):
            tried[number] += 1
            broken[number] += breaks
    for revoked in [node for node, (hops, _) in scores.items() if hops < RULE["hops"]]:
        without = GRAPH.copy()
        without.remove_node(revoked)
        after = scores_from(without, source)
        for target, (hops, score) in scores.items():
            tried[3] += 1
            if target == revoked or target not in after or after[target][1] <= score * SLACK:
                continue
            broken[3] += 1
            size = hops + after[target][0]
            smallest = size if smallest is None else min(smallest, size)
print("tried,broken")
for counts in zip(tried, broken):
    print("{},{}".format(*counts))
print(f"# nodes of the smallest counterexample: {smallest}")

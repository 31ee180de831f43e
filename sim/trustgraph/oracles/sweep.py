from itertools import product

verified_thresholds = OPTIONS.get("verified", [RULE["thresholds"][1]])
lists = [OPTIONS.get(name, [RULE[name]]) for name in ["decay", "hops", "firstHop", "tie"]]
print("decay,hops,first_hop,tie,verified_threshold,reached,basic,verified,classified,nato")
for decay, hops, first, tie, verified in product(*lists, verified_thresholds):
    low, _, *high = RULE["thresholds"]
    rule = {**RULE, "decay": decay, "hops": hops, "firstHop": first, "tie": tie}
    counts = census(GRAPH, {**rule, "thresholds": [low, verified, *high]})
    print(",".join(map(str, [decay, hops, first, tie, verified, counts[0], *counts[2:]])))

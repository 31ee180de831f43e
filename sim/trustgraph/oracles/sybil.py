# The rules of paths, on the attacks that were drawn. Which of equal flows is taken is a choice of its
# algorithm: the flow is left out.
from collections import defaultdict

RULES = [
    ("rule asked for", {}),
    ("best score within the hops", {"path": "within-hops"}),
    ("strongest weakest edge", {"strength": "minimum"}),
]
gains = defaultdict(list)
for attack in DRAWN:
    graph = GRAPH.copy()
    for deceived in attack["deceived"]:
        graph.add_edge(deceived, "attacker", weight=OPTIONS["attackWeight"])
    for number in range(OPTIONS["sybils"]):
        graph.add_edge("attacker", ("sybil", number), weight=1.0)
    for name, change in RULES:
        taken = 0
        for observer in attack["observers"]:
            scores = scores_from(graph, observer, {**RULE, **change})
            taken += sum(band(s) >= BANDS.index("verified") for t, (_, s) in scores.items() if t[0] == "sybil")
        gains[name, len(attack["deceived"])].append(taken / len(attack["observers"]))
print("rule,attack_edges,trials,sybils_accepted")
for name, _ in RULES:
    for edges in OPTIONS["edges"]:
        values = gains[name, edges]
        print(",".join(map(str, [name, edges, len(values), sum(values) / len(values)])))

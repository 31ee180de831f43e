# For each other reading: pairs verified or better, gained, lost, and those whose level changes. What
# the first path found is depends on the order of edges: it is left out.
LITERAL = {**RULE, "path": "shortest", "tie": "best", "strength": "product", "firstHop": "decayed"}
READINGS = [
    ("worst of tied paths", {"tie": "worst"}),
    ("best score within the hops", {"path": "within-hops"}),
    ("no decay on the first hop", {"firstHop": "whole"}),
    ("weakest edge of the same path", {"strength": "weakest"}),
    ("strongest weakest edge", {"strength": "minimum"}),
]
VERIFIED, CLASSIFIED = BANDS.index("verified"), BANDS.index("classified")


def document_level(level):
    return max(VERIFIED - 1, min(CLASSIFIED, level))


print("reading,verified_or_better,verified_gained,verified_lost,document_levels_changed,any_level_changed")
for name, change in READINGS:
    verified = gained = lost = documents = levels = 0
    for source in SOURCES:
        before, after = scores_from(GRAPH, source, LITERAL), scores_from(GRAPH, source, {**LITERAL, **change})
        for target in before:
            old, new = band(before[target][1]), band(after[target][1])
            verified += new >= VERIFIED
            gained += old < VERIFIED <= new
            lost += new < VERIFIED <= old
            documents += document_level(old) != document_level(new)
            levels += old != new
    print(f"{name},{verified},{gained},{lost},{documents},{levels}")

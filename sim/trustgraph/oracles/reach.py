from collections import Counter

limit = RULE["hops"] if OPTIONS.get("bounded") else None
pairs = Counter()
for source in SOURCES:
    lengths = nx.single_source_shortest_path_length(GRAPH, source, cutoff=limit)
    pairs.update(hops for target, hops in lengths.items() if target != source)
print("hops,pairs")
for hops in sorted(pairs):
    print(f"{hops},{pairs[hops]}")

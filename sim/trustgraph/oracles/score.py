from collections import Counter

pairs = Counter()
for source in SOURCES:
    pairs.update(band(score) for _, score in scores_from(GRAPH, source).values())
print("level,pairs")
for index, name in enumerate(BANDS):
    print(f"{name},{pairs[index]}")

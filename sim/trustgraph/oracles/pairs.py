# Computes every pair of the CSV file again, and says how far any of them is away.
CLOSE = 1e-12

ours = {}
with open(OPTIONS["pairs"], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        scores = ours.setdefault(row["source"], {})
        scores[row["target"]] = (int(row["hops"]), float(row["score"]), row["level"])

pairs, furthest, wrong = 0, 0.0, 0
for source in SOURCES:
    theirs = scores_from(GRAPH, source)
    held = ours.pop(source, {})
    wrong += len(set(theirs) ^ set(held))
    for target in set(theirs) & set(held):
        (hops, score), (our_hops, our_score, level) = theirs[target], held[target]
        pairs += 1
        furthest = max(furthest, abs(score - our_score))
        wrong += hops != our_hops or abs(score - our_score) > CLOSE
        wrong += level != BANDS[band(our_score)]
wrong += sum(map(len, ours.values()))
print("pairs,furthest,wrong")
print(f"{pairs},{furthest!r},{wrong}")
raise SystemExit(1 if wrong else 0)

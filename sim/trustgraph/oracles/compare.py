# The ranks that networkx gives, for the metric that it knows: personalised PageRank, by source.
print("source,target,rank")
for source in list(GRAPH)[:5]:
    ranks = nx.pagerank(GRAPH, alpha=0.85, personalization={source: 1.0}, weight="weight", tol=1e-12)
    for target in sorted(ranks, key=ranks.get, reverse=True)[:20]:
        print(f"{source},{target},{ranks[target]!r}")

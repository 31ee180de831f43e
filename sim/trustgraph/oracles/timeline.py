# Builds every moment again from the rows as they were read.
with open(os.path.join(HERE, "rows.csv"), newline="", encoding="utf-8") as file:
    ROWS = [(r["source"], r["target"], float(r["weight"]), float(r["time"])) for r in csv.DictReader(file)]
ROWS.sort(key=lambda row: row[3])


def graph_of(rows):
    newest = {(source, target): weight for source, target, weight, _ in rows if source != target}
    graph = nx.DiGraph()
    for (source, target), weight in newest.items():
        worth = 1.0 if QUESTION["take"] == "topology" else weight / QUESTION["scale"]
        if worth > 0:
            graph.add_edge(source, target, weight=worth)
    return graph


print("events,nodes,edges,largest_component,reached,verified_or_better")
for number, sources in enumerate(DRAWN, 1):
    events = -(-len(ROWS) * number // OPTIONS["steps"])
    graph = graph_of(ROWS[:events])
    nodes = graph.number_of_nodes()
    largest = max(map(len, nx.strongly_connected_components(graph)), default=0)
    counts = census(graph, sources=sources)
    possible = len(sources) * max(0, nodes - 1)
    shares = [a / b if b else 0 for a, b in [(largest, nodes), (counts[0], possible), (counts[3], possible)]]
    print(",".join(map(str, [events, nodes, graph.number_of_edges(), *shares])))

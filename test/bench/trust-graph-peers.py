# What Python's libraries need for the same tasks. Arguments: edges.csv, decay, hops, sources a task.
# Prints a JSON object a line: library and task, processor seconds for all nodes; or why not.
import csv, json, math, sys, time

path, decay, hops, wanted = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
with open(path, newline="") as file:
    EDGES = [(int(a), int(b), float(w)) for a, b, w in list(csv.reader(file))[1:]]
NODES = 1 + max(max(a, b) for a, b, _ in EDGES)
STEP = max(1, NODES // wanted)
SOURCES = list(range(0, NODES, STEP))
# More than any product of weights costs: hops come first, as the rule has it.
HOP = 1000.0


def measure(library, task, run):
    run(SOURCES[:1])
    before = time.process_time()
    run(SOURCES)
    seconds = (time.process_time() - before) * NODES / len(SOURCES)
    print(json.dumps({"library": library, "task": task, "seconds": seconds}), flush=True)


def cost(weight):
    return -math.log(weight * decay)


def by_networkx(nx):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_edges_from((a, b, {"weight": w, "cost": cost(w)}) for a, b, w in EDGES)

    def scores(sources):
        for source in sources:
            found, front = {source: 1.0}, {source: 1.0}
            for _ in range(hops):
                following = {}
                for node, score in front.items():
                    for target, edge in graph.adj[node].items():
                        if target in found:
                            continue
                        offered = score * (edge["weight"] * decay)
                        if offered > following.get(target, 0.0):
                            following[target] = offered
                found.update(following)
                front = following

    def distances(sources):
        for source in sources:
            nx.single_source_shortest_path_length(graph, source)

    def strongest(sources):
        for source in sources:
            nx.single_source_dijkstra_path_length(graph, source, weight="cost")

    return {"S": scores, "H": distances, "D": strongest}


def by_igraph(igraph):
    graph = igraph.Graph(n=NODES, edges=[(a, b) for a, b, _ in EDGES], directed=True)
    costs = [cost(w) for _, _, w in EDGES]
    lexical = [HOP + each for each in costs]

    def from_all(weights):
        def run(sources):
            for source in sources:
                graph.distances(source=source, weights=weights)

        return run

    return {"S": from_all(lexical), "H": from_all(None), "D": from_all(costs)}


for name, prepare in (("networkx", by_networkx), ("igraph", by_igraph)):
    try:
        library = __import__(name)
    except ImportError:
        print(json.dumps({"library": name, "missing": f"Python has no {name}"}), flush=True)
        continue
    for task, run in prepare(library).items():
        measure(name, task, run)

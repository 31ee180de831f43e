# Ranks and accepted sets of other metrics, by their definitions. Which of equal flows is taken is a
# choice of its algorithm, and Sequoia's paths are taken greedily: both are left out.
import math

VERIFIED = RULE["thresholds"][BANDS.index("verified") - 1]
CLASSIFIED = RULE["thresholds"][BANDS.index("classified") - 1]
INDEX = {node: number for number, node in enumerate(QUESTION["nodes"])}


def settled(value):
    return round(value, 12)


def values_by(change):
    def judge(source):
        return {node: score for node, (_, score) in scores_from(GRAPH, source, {**RULE, **change}).items()}

    return judge


def levels_from(source):
    return nx.single_source_shortest_path_length(GRAPH, source, cutoff=RULE["hops"])


def mole_trust(source):
    level, trust = levels_from(source), {source: 1.0}
    for node in sorted(level, key=level.get):
        said = [
            (trust[u], GRAPH[u][node]["weight"])
            for u in GRAPH.predecessors(node)
            if level.get(u) == level[node] - 1 and trust.get(u, -1) >= 0.6
        ]
        if said:
            trust[node] = settled(sum(own * weight for own, weight in said) / sum(own for own, _ in said))
    return {node: trust.get(node, -1) for node in level}


def tidal_trust(source):
    return {target: tide(source, target) for target in levels_from(source) if target != source}


def tide(source, target):
    paths = list(nx.all_shortest_paths(GRAPH, source, target))
    weight = lambda a, b: GRAPH[a][b]["weight"]
    threshold = max(min(map(weight, path, path[1:])) for path in paths)
    said = {path[-2]: weight(path[-2], target) for path in paths}
    for place in range(len(paths[0]) - 3, -1, -1):
        earlier = {}
        for node in {path[place] for path in paths}:
            heard = [n for n in {p[place + 1] for p in paths if p[place] == node} if n in said and weight(node, n) >= threshold]
            if heard:
                total = sum(weight(node, n) for n in heard)
                earlier[node] = sum(weight(node, n) * said[n] for n in heard) / total
        said = earlier
    return settled(said.get(source, -1))


def pervasive(source):
    cost = lambda a, b, edge: -math.log(edge["weight"])
    found = {}
    for target in nx.descendants(GRAPH, source):
        without = nx.restricted_view(GRAPH, [target], [])
        reach = {n: math.exp(-d) for n, d in nx.single_source_dijkstra_path_length(without, source, weight=cost).items()}
        raters = [(reach[u], GRAPH[u][target]["weight"]) for u in GRAPH.predecessors(target) if u in reach]
        found[target] = settled(sum(s * s * c for s, c in raters) / sum(s for s, _ in raters))
    return found


def page_rank(source):
    # nx.pagerank needs scipy; this is its definition.
    total = {node: GRAPH.out_degree(node, weight="weight") for node in GRAPH}
    rank = {node: float(node == source) for node in GRAPH}
    for _ in range(300):
        idle = sum(rank[node] for node in GRAPH if not total[node])
        rank = {
            node: 0.85 * sum(rank[u] * GRAPH[u][node]["weight"] / total[u] for u in GRAPH.predecessors(node))
            + (0.15 + 0.85 * idle) * (node == source)
            for node in GRAPH
        }
    return rank


def gnupg(source):
    valid, front = {source}, [source]
    full, marginal = {}, {}
    for _ in range(5):
        signed = set()
        for signer in front:
            for node, edge in GRAPH[signer].items():
                if edge["weight"] >= RULE["thresholds"][0]:
                    counts = full if edge["weight"] >= CLASSIFIED else marginal
                    counts[node] = counts.get(node, 0) + 1
                    signed.add(node)
        front = [n for n in signed - valid if full.get(n, 0) >= 1 or marginal.get(n, 0) >= 3]
        valid.update(front)
    return {node: 1.0 for node in valid}


def spearman(a, b):
    def ranks(values):
        order = sorted(values)
        return [(order.index(v) + len(order) - 1 - order[::-1].index(v)) / 2 for v in values]

    x, y = ranks(a), ranks(b)
    mean = (len(a) - 1) / 2
    top = sum((p - mean) * (q - mean) for p, q in zip(x, y))
    bottom = math.sqrt(sum((p - mean) ** 2 for p in x) * sum((q - mean) ** 2 for q in y))
    return top / bottom if bottom else None


# Name, judgement, and whether it ranks; where it ranks only, it accepts as many as the rule.
METRICS = [
    ("best score within the hops", values_by({"path": "within-hops"}), True, VERIFIED),
    ("strongest weakest edge", values_by({"strength": "minimum"}), True, VERIFIED),
    ("MoleTrust", mole_trust, True, VERIFIED),
    ("TidalTrust", tidal_trust, True, VERIFIED),
    ("pervasive trust", pervasive, True, VERIFIED),
    ("personalised PageRank (EigenTrust)", page_rank, True, None),
    ("GnuPG 3/1/5", gnupg, False, 1.0),
]


def mean(values):
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else ""


print("metric,sources,rank_correlation,jaccard_of_accepted,accepts,rule_accepts")
for name, judge, ranks, least in METRICS:
    rows = []
    for source in SOURCES:
        own = values_by({})(source)
        other, nodes = judge(source), sorted(own, key=INDEX.get)
        accepted = {node for node in nodes if own[node] >= VERIFIED}
        if least is None:
            best = sorted(nodes, key=lambda node: (-settled(other.get(node, 0)), INDEX[node]))
            taken = set(best[: len(accepted)])
        else:
            taken = {node for node in nodes if other.get(node, 0) >= least}
        both = accepted | taken
        alike = spearman([settled(own[n]) for n in nodes], [settled(other.get(n, 0)) for n in nodes]) if ranks and len(nodes) > 2 else None
        rows.append((alike, len(accepted & taken) / len(both) if both else 1, len(taken), len(accepted)))
    print(",".join(map(str, [name, len(rows), *map(mean, zip(*rows))])))

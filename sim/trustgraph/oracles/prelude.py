# Reads edges.csv and question.json beside this script. Needs networkx: pip install networkx
import csv, json, os
import networkx as nx

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "question.json"), encoding="utf-8") as file:
    QUESTION = json.load(file)
RULE, OPTIONS = QUESTION["rule"], QUESTION["options"]
GRAPH = nx.DiGraph()
GRAPH.add_nodes_from(QUESTION["nodes"])
SOURCES, DRAWN = QUESTION["sources"], QUESTION["drawn"]
with open(os.path.join(HERE, "edges.csv"), newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        GRAPH.add_edge(row["source"], row["target"], weight=float(row["weight"]))


def scores_from(graph, source, rule=RULE):
    """{target: (hops, score)} by dynamic programming over breadth-first levels."""
    if rule["path"] == "within-hops":
        return within_hops_from(graph, source, rule)
    pick = {"best": max, "worst": min}[rule["tie"]]
    level = nx.single_source_shortest_path_length(graph, source, cutoff=rule["hops"])
    found = {source: 1.0}
    for node in sorted(level, key=level.get):
        if node == source:
            continue
        offers = [
            step(found[u], graph[u][node]["weight"], level[node], rule)
            for u in graph.predecessors(node)
            if level.get(u) == level[node] - 1
        ]
        found[node] = pick(offers)
    worth = weakest_on(graph, source, level, found, rule) if rule["strength"] == "weakest" else found
    return {node: (level[node], worth[node]) for node in level if node != source}


def weakest_on(graph, source, level, found, rule):
    """The greatest weakest edge of the shortest paths that have the best product."""
    weakest = {source: 1.0}
    for node in sorted(level, key=level.get):
        if node == source:
            continue
        weakest[node] = max(
            min(weakest[u], graph[u][node]["weight"])
            for u in graph.predecessors(node)
            if level.get(u) == level[node] - 1
            and step(found[u], graph[u][node]["weight"], level[node], rule) == found[node]
        )
    return weakest


def step(score, weight, hop, rule):
    if rule["strength"] == "minimum":
        return min(score, weight)
    whole = hop == 1 and rule["firstHop"] == "whole"
    return score * (weight if whole else weight * rule["decay"])


def within_hops_from(graph, source, rule):
    best, front = {source: (0, 1.0)}, {source: 1.0}
    for hop in range(1, rule["hops"] + 1):
        following = {}
        for node, score in front.items():
            for target, edge in graph[node].items():
                offered = step(score, edge["weight"], hop, rule)
                if target != source and offered > best.get(target, (0, 0.0))[1]:
                    best[target] = (hop, offered)
                    following[target] = offered
        front = following
    del best[source]
    return best


def band(score, rule=RULE):
    return sum(score >= threshold for threshold in rule["thresholds"])


def census(graph, rule=RULE, sources=None):
    """Pairs that are reached, and pairs at each level or better."""
    counts = [0] * (1 + len(BANDS))
    for source in SOURCES if sources is None else sources:
        for _, score in scores_from(graph, source, rule).values():
            counts[0] += 1
            for level in range(band(score, rule) + 1):
                counts[1 + level] += 1
    return counts


BANDS = ["untrusted", "basic", "verified", "classified", "nato"]

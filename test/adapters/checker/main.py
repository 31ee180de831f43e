"""The second implementation: as an adapter, or, given a folder of vectors, as what confirms them.

    python3 main.py                    speaks the adapter protocol on standard input and output
    python3 main.py <folder> [--list]  recomputes every vector of the folder; exit code 1 if one differs
"""

import collections
import importlib
import json
import pathlib
import sys

from norc.registry import Members, Rejected, Unsupported, run

for module in sorted(pathlib.Path(__file__).with_name("norc").glob("[a-z]*.py")):
    importlib.import_module(f"norc.{module.stem}")

HELLO = {"name": "the second implementation", "version": "1", "language": "Python"}


def answer(category, given):
    try:
        return {"output": run(category, given)}
    except Rejected as reason:
        return {"rejected": str(reason)}
    except Unsupported:
        return {"unsupported": True}


def adapter():
    for line in sys.stdin:
        request = json.loads(line, object_hook=Members)
        said = HELLO if request["verb"] == "hello" else answer(request["category"], request["input"])
        print(json.dumps({"id": request["id"], **said}), flush=True)


def same(expected, got):
    """As JSON values: true is not 1, and the order of members does not matter."""
    return json.dumps(expected, sort_keys=True) == json.dumps(got, sort_keys=True)


def agrees(vector, said):
    if "rejected" in said:
        return vector["result"] != "valid"
    return vector["result"] != "invalid" and same(vector.get("output", said["output"]), said["output"])


def confirm(folder, show):
    """Prints what is confirmed, by category, and everything that is not."""
    confirmed, total, differing, beyond = 0, 0, [], collections.Counter()
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        file = json.loads(path.read_text("utf-8"), object_hook=Members)
        counts = collections.Counter()
        for vector in file["vectors"]:
            said = answer(file["category"], vector["input"])
            if "unsupported" in said:
                counts["beyond it"] += 1
                beyond[f"{file['category']} {vector['input'].get('function', '')}".strip()] += 1
            elif agrees(vector, said):
                counts["confirmed"] += 1
            else:
                counts["differ"] += 1
                differing.append(f"{vector['id']}: expected {expectation(vector)}, got {said}")
        confirmed, total = confirmed + counts["confirmed"], total + len(file["vectors"])
        told = "".join(f"{counts[word]:>7} {word}" for word in ("confirmed", "differ", "beyond it"))
        print(f"{file['category']:<18}{len(file['vectors']):>6} vectors{told}")
    print(f"{confirmed} of {total} vectors are confirmed by a second implementation in Python; "
          f"{len(differing)} differ, {beyond.total()} are beyond it")
    for line in differing[: None if show else 20] + [f"beyond it: {name}, {count}" for name, count in beyond.items()]:
        print(f"  {line[:800]}")
    return 1 if differing or total == 0 else 0


def expectation(vector):
    return f"{vector['result']} {json.dumps(vector.get('output'))}"


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit(confirm(words[0], "--list" in sys.argv) if words else adapter())

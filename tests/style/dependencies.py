"""How the source files hang together, read from the built objects.

`dependencies.py build/release` lists violations of three rules, `dependencies.py --under net build/release` those of one
folder of engine/:
  cycles    no two files need each other, directly or through others
  declared  what X.c defines for other files is declared in X.h beside it, and in no other header
  names     a base name is used once in engine/ (X.c and the X.h beside it share theirs)
Only Python's own library and nm are needed; objects for link-time optimisation are read with gcc-nm.
"""
import argparse
import collections
import json
import os
import re
import shlex
import subprocess
import sys

# One header, one implementation chosen when the build is configured.
VARIANTS = {"transport_mpi": "transport", "transport_none": "transport", "graph_igraph": "graph", "graph_none": "graph"}
Violation = collections.namedtuple("Violation", "rule path message")


class Object:
    """One compiled file: its source as a path in the tree, the symbols it defines for others and those it needs."""

    def __init__(self, source):
        self.source = source
        self.defined = set()
        self.needed = set()


def object_files(root, build):
    """{object file: source in the tree} of the library and the program. The list of compile commands knows no object that
    an earlier configuration left in the folder."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    found = {}
    for entry in commands:
        words = shlex.split(entry["command"])
        output = words[words.index("-o") + 1]
        source = os.path.relpath(os.path.realpath(entry["file"]), os.path.realpath(root))
        if re.match(r"CMakeFiles/(librewire|rewire)\.dir/", output) and source.split(os.sep)[0] in ("engine", "models"):
            found[os.path.join(entry["directory"], output)] = source
    return found


def read_objects(files):
    """The symbols of {object file: source}, by source."""
    names = sorted(files)
    missing = [name for name in names if not os.path.exists(name)]
    if missing:
        raise SystemExit(f"{missing[0]} is not built; build the program first")
    objects = {name: Object(files[name]) for name in names}
    listed = run_nm("nm", names)
    if "__gnu_lto_slim" in listed:
        listed = run_nm("gcc-nm", names)
    for line in listed.split("\n"):
        match = re.match(r"(.*?):[0-9a-f ]* ([A-Zaiuvw]) (\S+)$", line)
        if not match:
            continue
        name, kind, symbol = match.groups()
        symbol = symbol.split(".")[0]  # foo.avx2 is a version of foo
        if not symbol.startswith("rw_"):
            continue
        # a function in several versions is an indirect function (i) beside its versions
        (objects[name].needed if kind in "Uvw" else objects[name].defined).add(symbol)
    for thing in objects.values():
        thing.needed -= thing.defined
    return [objects[name] for name in names]


def run_nm(tool, names):
    return subprocess.run([tool, "-A", "-g", "--", *names], capture_output=True, text=True, check=True).stdout


def arrows(objects):
    """{source: {source it needs: [symbols]}}."""
    home = {symbol: thing.source for thing in objects for symbol in thing.defined}
    graph = {thing.source: collections.defaultdict(list) for thing in objects}
    for thing in objects:
        for symbol in sorted(thing.needed):
            if symbol in home:
                graph[thing.source][home[symbol]].append(symbol)
    return graph


def cycles(graph):
    """Groups of files that need each other (strongly connected components of more than one file), by Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def no_cycles(objects):
    graph = arrows(objects)
    for group in cycles(graph):
        for source in group:
            for other in sorted(set(graph[source]) & set(group)):
                symbols = graph[source][other]
                yield Violation("cycles", source, f"-> {other}: {', '.join(symbols)}   [a cycle of {len(group)} files]")


def declarations(text):
    """The functions and variables that a header declares."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", " ", text, flags=re.M)
    text = re.sub(r'extern\s*"C"\s*\{', " ", text)
    flat, depth = [], 0
    for char in text:  # without the bodies of structs and inline functions
        if char == "}":
            depth -= 1
            flat.append(";" if depth == 0 else "")
        elif depth == 0:
            flat.append(char)
        if char == "{":
            depth += 1
    for part in "".join(flat).split(";"):
        part = part.strip()
        if re.match(r"(static|typedef|_Static_assert)\b", part):
            continue
        match = re.search(r"\b(rw_\w+)\s*\(", part)
        if not match and part.startswith("extern"):
            match = re.search(r"\b(rw_\w+)\s*(?:\[[^\]]*\]\s*)*$", part)
        if match and "{" not in part:
            yield match.group(1)


def stem(path):
    """The path without its ending; of a variant, that of the face it implements."""
    folder, name = os.path.split(os.path.splitext(path)[0])
    return os.path.join(folder, VARIANTS.get(name, name))


def header_declares_its_file(root, objects):
    headers = {}
    for folder, _, names in os.walk(os.path.join(root, "engine")):
        for name in sorted(names):
            if name.endswith(".h"):
                path = os.path.relpath(os.path.join(folder, name), root)
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    headers[path] = set(declarations(file.read()))
    used = collections.defaultdict(set)
    for thing in objects:
        for symbol in thing.needed:
            used[symbol].add(thing.source)
    home = {}
    for thing in objects:
        if thing.source.startswith("models"):
            continue  # a model is known through the registry
        home.update((symbol, thing.source) for symbol in thing.defined)
        own = stem(thing.source) + ".h"
        for symbol in sorted(thing.defined):
            if used[symbol] and symbol not in headers.get(own, ()):
                users = ", ".join(sorted(os.path.basename(path) for path in used[symbol])[:4])
                where = [path for path in headers if symbol in headers[path]]
                place = f"declared in {', '.join(where)}" if where else "declared in no header"
                yield Violation("declared", thing.source, f"{symbol} is used by {users} and {place}, not in {own}")
    for path, symbols in sorted(headers.items()):
        for symbol in sorted(symbols):
            if symbol in home and stem(home[symbol]) != stem(path):
                yield Violation("declared", path, f"declares {symbol} of {home[symbol]}")


def base_names_are_unique(root):
    folders = collections.defaultdict(set)
    for folder, _, names in os.walk(os.path.join(root, "engine")):
        for name in names:
            if name.endswith((".c", ".h")):
                folders[os.path.splitext(name)[0]].add(os.path.relpath(folder, root))
    for name in sorted(folders):
        if len(folders[name]) > 1:
            for folder in sorted(folders[name]):
                others = ", ".join(sorted(folders[name] - {folder}))
                yield Violation("names", os.path.join(folder, name), f"the base name is used in {others} too")


def violations(root, build):
    objects = read_objects(object_files(root, build))
    return objects, [*no_cycles(objects), *header_declares_its_file(root, objects), *base_names_are_unique(root)]


def main():
    parser = argparse.ArgumentParser(description="Lists cycles between files, misplaced declarations and base names used twice")
    parser.add_argument("build", help="a build folder, for example build/release")
    parser.add_argument("--under", help="a folder of engine/, for example net or sim/formation")
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    objects, found = violations(root, options.build)
    if options.under:
        found = [one for one in found if one.path.startswith(os.path.join("engine", options.under, ""))]
    for one in found:
        print(f"{one.rule}: {one.path} {one.message}")
    counts = collections.Counter(one.rule for one in found)
    print(f"{len(objects)} objects, " + ", ".join(f"{counts[rule]} {rule}" for rule in ("cycles", "declared", "names")))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

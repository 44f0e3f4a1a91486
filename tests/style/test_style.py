"""The rules of the tree, as CONTRIBUTING.md lists them. Arguments: the source tree, librewire.a. Only Python's own library is needed."""
import os
import re
import subprocess
import sys
import tempfile

# The layers of engine/: each may include itself and those to its left. rewire.h and rewire.c are the library's interface.
LAYERS = ["base", "comm", "model", "config", "net", "sim", "graph", "io", "rewire", "study", "cli"]
TEXT = (".c", ".h", ".py", ".md", ".txt", ".cmake", ".yaml", ".json", ".cff", ".in")
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 90


class Tree:
    """The project's text files by path, read once, and the paths of all files and folders."""

    def __init__(self, root):
        self.files, self.paths = {}, set()
        for folder, folders, names in os.walk(root):
            at = os.path.relpath(folder, root)
            folders[:] = [f for f in folders if f not in (".git", "__pycache__") and not (at == "." and f in ("build", "out"))]
            for name in names:
                path = os.path.normpath(os.path.join(at, name))
                self.paths.update(path[:match.start()] for match in re.finditer(r"/|$", path))
                if name.endswith(TEXT) or path in ("dev", os.path.join(".ci", "run")):
                    with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                        self.files[path] = file.read()

    def sources(self, *folders, ending=(".c", ".h")):
        for path in sorted(self.files):
            if path.endswith(ending) and path.split(os.sep)[0] in folders:
                yield path, self.files[path]


def without_comments(text):
    """C text with comments and the contents of strings blanked out; lines stay where they are."""
    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found[0] + found[-1]
        return re.sub(r"[^\n]", " ", found)
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def find(pattern, path, text):
    for match in re.finditer(pattern, text, flags=re.M):
        yield path, text.count("\n", 0, match.start()) + 1, match


def includes_point_to_the_left(tree):
    for path, text in tree.sources("engine"):
        layer = os.path.splitext(path.split(os.sep)[1])[0]
        for path, line, match in find(r'^\s*#\s*include\s+"([^"]+)"', path, text):
            other = match.group(1).split("/")[0]
            if other in LAYERS and LAYERS.index(other) > LAYERS.index(layer):
                yield path, line, f"{layer} must not include {match.group(1)}: {other} is to its right"


def libraries_stay_in_their_layer(tree):
    for path, text in tree.sources("engine", "models"):
        layer = path.split(os.sep)[1]
        for path, line, match in find(r'^\s*#\s*include\s+<(hdf5|mpi|yaml|udunits2|igraph/igraph)\.h>', path, text):
            home = {"hdf5": "io", "mpi": "comm", "yaml": "config", "udunits2": "config", "igraph/igraph": "graph"}[match.group(1)]
            if layer != home:
                yield path, line, f"{match.group(1)}.h belongs to {home} alone"


def conditions_on_mpi_stay_in_comm(tree):
    for path, text in tree.sources("engine", "models"):
        if not path.startswith(os.path.join("engine", "comm")):
            for path, line, _ in find(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*MPI", path, text):
                yield path, line, "conditions on MPI belong to comm alone"


def models_include_only_the_model_header(tree):
    for path, text in tree.sources("models"):
        for path, line, match in find(r'^\s*#\s*include\s+"([^"]+)"', path, text):
            if match.group(1) != "model/model.h":
                yield path, line, f"a model may include model/model.h of ours, not {match.group(1)}"


def only_cli_ends_the_program(tree):
    for path, text in tree.sources("engine", "models"):
        if path.startswith(os.path.join("engine", "cli")) or path == os.path.join("engine", "base", "error.c"):
            continue
        for path, line, match in find(r"\b(exit|_exit|_Exit|quick_exit|abort)\s*\(", path, without_comments(text)):
            yield path, line, f"{match.group(1)}() outside cli; return an rw_err"


def names_say_what_is_inside(tree):
    for path in tree.files:
        for part in path.split(os.sep):
            if re.fullmatch(r"(utils?|commons?|helpers?|misc)(\..*)?", part):
                yield path, 1, f'"{part}" says nothing about what is inside'


def files_are_short(tree):
    for path, text in tree.sources("engine", "models", "tests", "bench", ending=(".c", ".h", ".py")):
        if text.count("\n") > MAX_FILE_LINES:
            yield path, MAX_FILE_LINES, f"{text.count(chr(10))} lines; at most {MAX_FILE_LINES}"


def functions_are_short(tree):
    for path, text in tree.sources("engine", "models", "tests", "bench"):
        opened = None
        for number, line in enumerate(without_comments(text).split("\n"), 1):
            if re.match(r"[A-Za-z_].*\)\s*\{$", line) or (line == "{" and opened is None):
                opened = number
            elif line.startswith("}") and opened is not None:
                if number - opened + 1 > MAX_FUNCTION_LINES:
                    yield path, opened, f"a function of {number - opened + 1} lines; at most {MAX_FUNCTION_LINES}"
                opened = None


def nothing_is_left_to_do(tree):
    for path, text in tree.files.items():
        for path, line, match in find(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b", path, text):
            yield path, line, f"{match.group(1)}: do it, or make it a clear error"


def headers_explain_every_function(tree):
    for path, text in tree.sources("engine", ending=(".h",)):
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            if not re.match(r"(?!static|typedef|#|\s|/|extern|struct [^(]*;)[A-Za-z_].*\brw_\w+\(", line):
                continue
            before = lines[number - 2].strip() if number > 1 else ""
            if not before.endswith("*/"):
                yield path, number, "a public function without a sentence above it"


def no_path_of_one_machine(tree):
    for path, text in tree.files.items():
        for path, line, match in find(r"/(?:wor[k]|hom[e]/\w+|roo[t])/[\w.]*", path, text):
            yield path, line, f"{match.group(0)} exists on one machine only"


def numbers_have_a_source(tree):
    for path, text in tree.files.items():
        for path, line, _ in find(r"from\s+(?:#\s+|\*\s+)?mem" r"ory\b", path, text):
            yield path, line, "name the source of the number, or call it an assumption"


def every_model_file_has_a_known_kind(tree):
    for path, _ in tree.sources("models"):
        if path.split(os.sep)[1] not in ("neurons", "receptors", "synapses", "drugs", "compounds", "actions",
                                              "growth", "drives", "signals"):
            yield path, 1, "this folder is no kind of model"


def documents_name_what_exists(tree):
    """Paths and functions in the documents; the changelog may name what is gone."""
    names = set()
    for path, text in tree.files.items():
        if not path.endswith(".md"):
            names.update(re.findall(r"\b(?:rw|RW)_\w+", text))
    for path, text in tree.files.items():
        if not path.endswith(".md") or os.path.basename(path) == "CHANGELOG.md":
            continue
        for path, line, match in find(r"(?<!Save this as )`((?:engine|models|configs|tests|bench|docs|cmake)/[\w./-]*)`", path, text):
            named = match.group(1).rstrip("/")
            if named not in tree.paths and not re.search(r"NAME|FOLDER", named):
                yield path, line, f"there is no {named}"
        for path, line, match in find(r"`((?:rw|RW)_\w+)`", path, text):
            if match.group(1) not in names and not re.search(r"_X_|NAME|ROUTE|UPPER|verb", match.group(1)):
                yield path, line, f"no source has {match.group(1)}"


RULES = [rule for rule in list(globals().values()) if callable(rule) and getattr(rule, "__code__", None)
         and rule.__code__.co_varnames[:1] == ("tree",)]

# For each rule a file that breaks it: the rules are tried on these first, so that none can stop working unnoticed.
FAULTS = {
    "includes_point_to_the_left": ("engine/net/a.c", '#include "sim/simulation.h"\n'),
    "libraries_stay_in_their_layer": ("engine/sim/a.c", "#include <hdf5.h>\n"),
    "conditions_on_mpi_stay_in_comm": ("engine/sim/a.c", "#ifdef RW_MPI\n#endif\n"),
    "models_include_only_the_model_header": ("models/neurons/a.c", '#include "base/error.h"\n'),
    "only_cli_ends_the_program": ("engine/net/a.c", "void f(void) {\n    exit (1);\n}\n"),
    "names_say_what_is_inside": ("engine/base/utils.c", ""),
    "files_are_short": ("engine/base/a.c", "\n" * (MAX_FILE_LINES + 1)),
    "functions_are_short": ("engine/base/a.c", "int f(void) {\n" + "    ;\n" * MAX_FUNCTION_LINES + "}\n"),
    "nothing_is_left_to_do": ("configs/a.yaml", "# TO" "DO later\n"),
    "headers_explain_every_function": ("engine/base/a.h", "int rw_a(void);\n"),
    "no_path_of_one_machine": ("README.md", "see /hom" "e/somebody/file\n"),
    "documents_name_what_exists": ("README.md", "see `engine/base/none.c` and `rw_none`\n"),
    "every_model_file_has_a_known_kind": ("models/others/a.c", ""),
    "numbers_have_a_source": ("configs/a.yaml", "#   Affinity: 3 nmol/l, from\n#   mem" "ory.\n"),
}


def every_rule_notices_its_fault():
    for rule in RULES:
        path, text = FAULTS[rule.__name__]
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
            if not list(rule(Tree(root))):
                yield path, 1, f"the rule {rule.__name__} does not notice its planted fault"


def symbols_begin_with_rw(library):
    listed = subprocess.run(["nm", "-g", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    for line in listed.split("\n"):
        match = re.match(r"[0-9a-f]+ [A-Z] (\w\S*)$", line)
        if match and not re.match(r"(rw_|__odr_asan)", match.group(1)):
            yield library, 0, f"exports {match.group(1)}; make it static or let it begin with rw_"


def main(root, library):
    tree = Tree(root)
    found = list(every_rule_notices_its_fault()) + list(symbols_begin_with_rw(library))
    for rule in RULES:
        found += list(rule(tree))
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    print(f"{len(RULES) + 1} rules, {len(tree.files)} files, {len(found)} found")
    return 1 if found or not tree.files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

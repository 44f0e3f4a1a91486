"""No cycles, one header for each file, every base name once. Arguments: the source tree, librewire.a.

Works on every build that `./dev` makes, the one with sanitizers included: what it reads are names of symbols.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dependencies


def compiler(build):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        return re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", file.read(), flags=re.M).group(1)


def planted(build):
    """Three files that break every rule: first.c and second.c call each other, and neither says so in its header."""
    texts = {
        "engine/net/first.c": "int rw_second(int n);\nint rw_first(int n);\nint rw_first(int n) { return n ? rw_second(n - 1) : 0; }\n",
        "engine/net/second.c": "int rw_first(int n);\nint rw_second(int n);\nint rw_second(int n) { return n ? rw_first(n - 1) : 1; }\n",
        "engine/net/first.h": "/* Of another file. */\nint rw_second(int n);\n",
        "engine/sim/first.c": "int rw_alone(void);\nint rw_alone(void) { return 1; }\n",
    }
    with tempfile.TemporaryDirectory() as root:
        files = {}
        for path, text in texts.items():
            whole = os.path.join(root, path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w", encoding="utf-8") as file:
                file.write(text)
            if path.endswith(".c"):
                subprocess.run([compiler(build), "-c", whole, "-o", whole + ".o"], check=True)
                files[whole + ".o"] = path
        objects = dependencies.read_objects(files)
        return [*dependencies.no_cycles(objects), *dependencies.header_declares_its_file(root, objects), *dependencies.base_names_are_unique(root)]


EXPECTED = {
    ("cycles", "engine/net/first.c"), ("cycles", "engine/net/second.c"),
    ("declared", "engine/net/first.c"), ("declared", "engine/net/second.c"), ("declared", "engine/net/first.h"),
    ("names", "engine/net/first"), ("names", "engine/sim/first"),
}


def main(root, library):
    build = os.path.dirname(os.path.abspath(library))
    noticed = {(one.rule, one.path) for one in planted(build)}
    failed = 0
    for rule, path in sorted(EXPECTED ^ noticed):
        print(f"the planted files: {rule} {path} {'is not noticed' if (rule, path) in EXPECTED else 'is no violation'}")
        failed += 1
    objects, found = dependencies.violations(root, build)
    for one in found:
        print(f"{one.path}: {one.rule}: {one.message}")
    print(f"3 rules, {len(objects)} objects, {len(found)} violations")
    return 1 if failed or found or not objects else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

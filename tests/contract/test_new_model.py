"""The receptor of models/README.md, saved as a file of a copy of the tree, is a model like any other.

It is found by `rewire models`, accepted in a scenario, run, and covered by the contract tests, which turn red when it
breaks the contract.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = ["test_contract_models", "test_contract_model_tables"]


def run(command):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def succeed(command):
    done = run(command)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def example(language):
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "models/README.md").read_text(), re.DOTALL)
    assert len(blocks) == 1, f"models/README.md has {len(blocks)} examples in {language}, not one"
    return blocks[0]


def build(tree):
    jobs = str(len(os.sched_getaffinity(0)))
    succeed(["cmake", "--build", tree / "build", "-j", jobs, "--target", "rewire", *CONTRACT])


def main():
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "rewire"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git", "out", "__pycache__"))
        model = tree / "models/receptors/kainate.c"
        assert not model.exists()
        model.write_text(example("c"))
        options = ["-DREWIRE_TESTS=ON", "-DCMAKE_BUILD_TYPE=Release"] + (["-GNinja"] if shutil.which("ninja") else [])
        succeed(["cmake", "-S", tree, "-B", tree / "build", *options])
        build(tree)
        rewire = tree / "build/rewire"

        page = succeed([rewire, "models", "kainate"])
        for word in ("kainate", "tau_decay", "ms", "80", "Castillo"):
            assert word in page, f"`rewire models kainate` does not say {word}:\n{page}"
        scenario = tree / "kainate.yaml"
        scenario.write_text(example("yaml"))
        resolved = succeed([rewire, "check", scenario])
        assert "kainate" in resolved and "60 ms" in resolved, resolved
        succeed([rewire, "run", scenario, "-o", tree / "result", "--quiet"])
        for test in CONTRACT:
            succeed([tree / "build/tests" / test])

        good = model.read_text()
        faults = [
            ("rw_open(io, i, ", "rw_open(io, i + 1, ", CONTRACT[0]),
            ('"nS", RW_STATE', '"nX", RW_STATE', CONTRACT[1]),
        ]
        for old, new, test in faults:
            assert old in good
            model.write_text(good.replace(old, new))
            build(tree)
            broken = run([tree / "build/tests" / test])
            assert broken.returncode != 0, f"{test} does not notice: {new}"
        assert "kainate" in broken.stdout, broken.stdout
    print("kainate: found, accepted, run, and held to the contract")


if __name__ == "__main__":
    main()

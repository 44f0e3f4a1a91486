"""The pages of docs/tutorials, docs/how-to and docs/explanation, done as they are written: files are written, commands and
Python run, in the order of the page. A picture of a page is one that its blocks draw; with UPDATE_PICTURES=1 docs/pictures gets
it. Lines below a command must be in its output, with `...` for what may differ. Notebooks are executed."""
import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from program import REWIRE, Case, main, need  # noqa: E402

need("pandas", "scipy", "xarray", "h5netcdf", "matplotlib", "yaml", "nbclient", "ipykernel")
sys.path.insert(0, os.path.join(ROOT, "docs"))

import notebook  # noqa: E402

PICTURE = re.compile(r"!\[[^\]]*\]\(\.\./pictures/(\S+)\)")
BLOCK = re.compile(r"^```(yaml|console|python)\n(.*?)^```", re.S | re.M)


class Tutorials(Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(ROOT, "configs"), self.path("configs"))
        self.environment = {**os.environ, "PATH": os.path.dirname(REWIRE) + os.pathsep + os.environ["PATH"], "MPLBACKEND": "Agg",
                            "PYTHONPATH": os.path.join(ROOT, "engine", "python"), "REWIRE_PROGRAM": REWIRE,
                            "REWIRE_LIBRARY": os.path.join(os.path.dirname(REWIRE), "librewire.so")}

    def do(self, words, what):
        done = subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, f"{what}\n{done.stderr[-3000:]}")
        return done.stdout + done.stderr

    def do_console(self, text):
        command, expected = None, []
        for line in [*text.splitlines(), "$ true"]:
            if not line.startswith("$ "):
                expected.append(line)
                continue
            if command is not None:
                self.check(command, self.do(["bash", "-c", command], command), expected)
            command, expected = line[2:], []

    def check(self, command, output, expected):
        for line in expected:
            if line.strip() not in ("", "..."):
                pattern = ".*".join(re.escape(part) for part in line.split("..."))
                self.assertRegex(output, f"(?m)^{pattern}$", command)

    def follow(self, page):
        with open(page, encoding="utf-8") as file:
            text = file.read()
        blocks, pictures = BLOCK.findall(text), PICTURE.findall(text)
        for kind, text in blocks:
            if kind == "yaml":
                name = re.match(r"# (\S+\.yaml)\n", text)
                self.assertIsNotNone(name, f"{page}: a block of YAML begins with `# NAME.yaml`:\n{text[:200]}")
                self.write(name[1], text)
            elif kind == "console":
                self.do_console(text)
            else:
                self.do([sys.executable, "-c", text], f"{page}:\n{text}")
        for picture in pictures:
            self.assertTrue(os.path.exists(self.path(picture)), f"{page}: no block draws {picture}")
            if os.environ.get("UPDATE_PICTURES"):
                shutil.copy(self.path(picture), os.path.join(ROOT, "docs", "pictures", picture))


    def execute(self, page):
        """What a cell asserts or raises fails the test; so does a notebook that has lost its pictures."""
        executed = notebook.execute(page, self.folder, self.environment)
        text, pictures = notebook.page(executed, "picture")
        self.assertEqual(len(pictures), sum("plt.subplots" in cell.source for cell in executed.cells), text)
        self.assertNotIn("simulating [", text)


def add(page):
    name = os.path.relpath(page, os.path.join(ROOT, "docs")).removesuffix(".md").removesuffix(".ipynb").replace(os.sep, "_").replace("-", "_")
    setattr(Tutorials, f"test_{name}", lambda self: self.execute(page) if page.endswith(".ipynb") else self.follow(page))


def has_blocks(page):
    with open(page, encoding="utf-8") as file:
        return page.endswith(".ipynb") or BLOCK.search(file.read()) is not None


for found in sorted(found for pattern in ("tutorials/*.md", "tutorials/*.ipynb", "how-to/*.md", "explanation/*.md")
                    for found in glob.glob(os.path.join(ROOT, "docs", pattern))):
    if has_blocks(found):
        add(found)


if __name__ == "__main__":
    main()

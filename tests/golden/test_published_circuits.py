"""The table of circuits in docs/circuits.md is true for those that lie here: which run as published, which are refused and why."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from python3 import need  # noqa: E402

need("h5py")
from program import Case, main, rewire  # noqa: E402

TABLE = os.path.join(HERE, "..", "..", "docs", "circuits.md")
FOLDERS = [os.path.join(HERE, "sonata_300"), os.path.join(HERE, "bmtk")]


def read_table():
    """(configuration file, result) of every circuit of the table that lies here."""
    rows = []
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            name = re.match(r"`(\w+)` \(", cells[0])
            if len(cells) != 3 or name is None:
                continue
            for folder in FOLDERS:
                path = os.path.join(folder, name.group(1), cells[1].strip("`"))
                if os.path.isfile(path):
                    rows.append((path, cells[2]))
    return rows


class PublishedCircuits(Case):
    def test_every_circuit_does_what_the_table_says(self):
        rows = read_table()
        self.assertGreaterEqual(len(rows), 7)
        for number, (path, result) in enumerate(rows):
            with self.subTest(path):
                out = self.path(str(number))
                done = rewire("run", path, "-o", out, "--threads", "1", "--set", "run.tstop=3")
                if result.startswith("runs"):
                    self.assertEqual(done.returncode, 0, done.stderr)
                    continue
                self.assertIn(done.returncode, (2, 3))
                self.assertFalse(os.path.exists(out))
                for words in result.removeprefix("refused: ").split(", which was not published with it, "):
                    self.assertIn(words, done.stderr)

    def test_every_configuration_that_lies_here_is_in_the_table(self):
        listed = {os.path.realpath(path) for path, _ in read_table()}
        folder = os.path.join(HERE, "bmtk", "point_120cells")
        for name in os.listdir(folder):
            if name.startswith("config.simulation"):
                self.assertIn(os.path.realpath(os.path.join(folder, name)), listed)


main()

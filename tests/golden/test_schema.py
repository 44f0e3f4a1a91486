"""`rewire schema` takes every scenario that is shipped, as it stands and resolved, and refuses wrong ones; the page of the
reference is what the program writes."""
import copy
import glob
import json
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
from python3 import need  # noqa: E402

need("jsonschema", "yaml")
from program import Case, main  # noqa: E402

import jsonschema  # noqa: E402
import yaml  # noqa: E402


class Loader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `on` is a word, and 1e-4 a number."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"^(true|false)$", "tf"), ("null", r"^(null|~|)$", ["n", "~", ""]),
                            ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
                            ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", "-+.0123456789")):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))

# What is changed in a right scenario, and the path at which the schema finds it wrong.
WRONG = (
    ("a key that does not exist", lambda s: s["time"].update(untl="1 s"), ["time"]),
    ("a section that does not exist", lambda s: s.update(popolations={}), []),
    ("a missing key", lambda s: s["time"].pop("until"), ["time"]),
    ("a number without its unit", lambda s: s["time"].update(until=5), ["time", "until"]),
    ("a word that is no choice", lambda s: s["inputs"][0].update(kind="poison"), ["inputs", 0]),
    ("a key of another kind", lambda s: s["inputs"][0].update(std="1 pA"), ["inputs", 0]),
    ("a model that does not exist", lambda s: s["populations"]["pyr"].update(model="adx"), ["populations", "pyr"]),
    ("a parameter of another model", lambda s: s["populations"]["pv"].update(set={"Delta_T": "2 mV"}),
     ["populations", "pv", "set"]),
    ("a parameter that a growth curve does not have", lambda s: s["growth"][0].update(nux="1 /ms"), ["growth", 0]),
    ("an unknown receptor", lambda s: s["populations"]["pyr"].update(receptors={"nmdda": {}}),
     ["populations", "pyr", "receptors"]),
    ("a list where a map belongs", lambda s: s.update(space=["1 mm", "1 mm"]), ["space"]),
    ("two distributions at once", lambda s: s["projections"][0].update(
        weight={"uniform": ["1 nS", "2 nS"], "normal": ["1 nS", "2 nS"]}), ["projections", 0, "weight"]),
    ("a decimal comma", lambda s: s["projections"][0].update(delay="0,1 ms"),
     ["projections", 0, "delay"]),
    ("negative counts", lambda s: s["populations"]["pyr"].update(count=-5), ["populations", "pyr", "count"]),
)


def leads_to(error, path):
    """Whether an error, or one of those that led to it, is at the path."""
    if list(error.absolute_path)[:len(path)] == path:
        return True
    return any(leads_to(inner, path) for inner in error.context)


class Schema(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.validator = None

    def schema(self):
        if Schema.validator is None:
            schema = json.loads(self.works("schema").stdout)
            jsonschema.Draft7Validator.check_schema(schema)
            Schema.validator = jsonschema.Draft7Validator(schema)
        return Schema.validator

    def load(self, text):
        return yaml.load(text, Loader)

    def accepts(self, text, name):
        errors = [f"{name}: {list(e.absolute_path)}: {e.message[:300]}" for e in self.schema().iter_errors(self.load(text))]
        self.assertEqual(errors, [])

    def shipped(self):
        found = sorted(glob.glob(os.path.join(ROOT, "configs", "*.yaml")))
        found += sorted(glob.glob(os.path.join(ROOT, "tests", "golden", "scenarios", "*.yaml")))
        found.append(os.path.join(ROOT, "tests", "repro", "everything.yaml"))
        self.assertGreater(len(found), 20)
        return found

    def test_every_shipped_scenario_is_right(self):
        for path in self.shipped():
            with open(path, encoding="utf-8") as file:
                self.accepts(file.read(), path)

    def test_every_resolved_scenario_is_right(self):
        for path in sorted(glob.glob(os.path.join(ROOT, "configs", "*.yaml"))):
            self.accepts(self.works("check", path).stdout, path)
        with open(os.path.join(ROOT, "tests", "golden", "scenarios", "every_key.resolved"), encoding="utf-8") as file:
            self.accepts(file.read(), "every_key.resolved")

    def test_wrong_scenarios_are_refused_where_they_are_wrong(self):
        with open(os.path.join(ROOT, "configs", "ketamine_iv.yaml"), encoding="utf-8") as file:
            right = self.load(file.read())
        for name, change, path in WRONG:
            wrong = copy.deepcopy(right)
            change(wrong)
            errors = list(self.schema().iter_errors(wrong))
            self.assertTrue(errors, name)
            self.assertTrue(any(leads_to(error, path) for error in errors),
                            f"{name}: {[list(e.absolute_path) for e in errors]}")

    def test_what_check_refuses_by_its_shape_the_schema_refuses_too(self):
        names = ("unknown_key", "unknown_key_at_top", "missing_key", "unknown_model", "unknown_parameter",
                 "unknown_rule", "rule_with_another_rules_number", "rule_without_its_number", "decimal_comma",
                 "fractional_count", "distribution_with_one_number", "wrong_type_text_for_list", "infinite",
                 "input_of_unknown_kind", "poisson_without_weight", "unknown_plasticity")
        for name in names:
            with open(os.path.join(ROOT, "tests", "golden", "scenarios", "bad", name + ".yaml"), encoding="utf-8") as file:
                self.assertTrue(list(self.schema().iter_errors(self.load(file.read()))), name)

    def keys(self):
        """(path of the section, key) of every key in the reference."""
        section, found = None, []
        for line in self.works("reference", "--markdown").stdout.splitlines():
            heading, row = re.match(r"#+ `([\w.]+)`", line), re.match(r"\| `(\w+)` \|", line)
            section = heading.group(1) if heading else section
            if row and section:
                found.append((section, row.group(1)))
        self.assertGreater(len(found), 100)
        return found

    def at(self, nodes, name):
        """Values under `name` in nodes, items of lists and, where a map has names of its own, in the maps below."""
        found = []
        for node in nodes:
            if isinstance(node, list):
                found += self.at(node, name)
            elif isinstance(node, dict) and name in node:
                found.append(node[name])
            elif isinstance(node, dict):
                found += [inner[name] for inner in node.values() if isinstance(inner, dict) and name in inner]
        return found

    def test_the_scenario_of_every_key_has_every_key(self):
        with open(os.path.join(ROOT, "tests", "golden", "scenarios", "every_key.yaml"), encoding="utf-8") as file:
            scenario = self.load(file.read())
        instead = {("time.clock", "factor")}  # of a tolerance; both together are refused
        missing = []
        for section, key in self.keys():
            if (section, key) in instead:
                continue
            nodes = [scenario]
            for name in [*section.split("."), key]:
                nodes = self.at(nodes, name)
            if not nodes:
                missing.append(f"{section}.{key}")
        self.assertEqual(missing, [], "add them to every_key.yaml")

    def test_the_fuzzers_know_every_key(self):
        with open(os.path.join(ROOT, "tests", "fuzz", "scenario.dict"), encoding="utf-8") as file:
            words = re.findall(r'^"(\w+)"$', file.read(), flags=re.M)
        self.assertEqual(sorted({key for _, key in self.keys()} - set(words)), [])

    def test_the_page_of_the_reference_is_what_the_program_writes(self):
        with open(os.path.join(ROOT, "docs", "scenario_reference.md"), encoding="utf-8") as file:
            page = file.read()
        self.assertEqual(page, self.works("reference", "--markdown").stdout,
                         "write it anew: rewire reference --markdown > docs/scenario_reference.md")

    def test_the_reference_shows_sections_and_keys(self):
        self.assertIn("populations", self.works("reference").stdout)
        self.assertIn("tau_Ca", self.works("reference", "structure").stdout)
        self.assertIn("0.1 ms", self.works("reference", "time.step").stdout)
        self.assertIn("fixed_indegree", self.works("reference", "projections.connect.rule").stdout)
        self.fails(2, 'did you mean "rule"', "reference", "projections.connect.rul")


if __name__ == "__main__":
    main()

"""The formulas of the documentation: what docs/equations.py reads in the texts of models."""
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(HERE, "..", "support"))
sys.path.insert(0, os.path.join(ROOT, "docs"))
from program import Case, main  # noqa: E402

import equations  # noqa: E402


def spoken(element):
    """A formula as text with every grouping visible: a fraction is [a | b], a power {a ^ b}, an index {a _ b}."""
    inside = [spoken(child) for child in element]
    kind = element.tag
    if kind == "mfrac":
        return f"[{inside[0]} | {inside[1]}]"
    if kind in ("msup", "msub", "munder"):
        return "{" + f"{inside[0]} {'^' if kind == 'msup' else '_'} {inside[1]}" + "}"
    if kind == "msqrt":
        return f"sqrt[{' '.join(inside)}]"
    return " ".join(word for word in ((element.text or "").strip("\u2061 "), *inside) if word)


def read(text):
    """A line as set, formulas in $ signs."""
    parts = re.split(r"(<math.*?</math>)", equations.line(text))
    return "".join(f"${spoken(ElementTree.fromstring(part.replace('&lt;', '<').replace('<mo><</mo>', '<mo>&lt;</mo>')))}$"
                   if part.startswith("<math") else part for part in parts)


class Equations(Case):
    def test_slashes_bind_as_their_spaces_say(self):
        self.assertEqual(read("y = a/b c"), "$y = [a | b] c$")
        self.assertEqual(read("y = a b / (c + d)"), "$y = [a b | c + d]$")
        self.assertEqual(read("y = 1 - a b/c d"), "$y = 1 − a [b | c] d$")
        self.assertEqual(read("y = (a + b)/c"), "$y = [a + b | c]$")
        self.assertEqual(read("y = a^(b/c) d"), "$y = {a ^ [b | c]} d$")

    def test_functions_are_told_from_factors(self):
        self.assertEqual(read("f(x) = g (x + 1)"), "$f ( x ) = g ( x + 1 )$")
        self.assertEqual(read("B = exp(-gamma V)"), "$B = exp ( − γ V )$")

    def test_derivatives_and_indices(self):
        self.assertEqual(read("tau_w dw/dt = -V_m"), "$" + "{τ _ w} [d w | d t] = − {V _ m}$")
        self.assertEqual(read("d(dg)/dt = k10 A1"), "$[d ( dg ) | d t] = {k _ 10} {A _ 1}$")

    def test_prose_stays_prose(self):
        for text in ("a spike of weight w (nS) adds w", "near rest 16-18 times the other", "volumes scale with body mass / 70 kg"):
            self.assertEqual(read(text), text)
        self.assertEqual(read("V_m >= V_th: spike, V_m = V_reset for t_ref"),
                         "${V _ m} ≥ {V _ th}$: spike, ${V _ m} = {V _ reset}$ for ${t _ ref}$")

    def test_the_equations_of_all_models_are_set(self):
        models = json.loads(self.works("models", "--json").stdout)
        self.assertGreater(len(models), 40)
        allowed = {"", "g", "C", "P"}  # equal to what is said in words
        for model in models:
            for text in re.sub(r"\n +", " ", model["equations"]).split("\n"):
                rest = re.sub(r"\$[^$]*\$", "", read(text))
                left = re.findall(r"(\w*) = ", rest)
                self.assertLessEqual(set(left), allowed, f"{model['name']}: {rest}")
                self.assertNotRegex(rest, r"/dt|\^|<-|exp\(", f"{model['name']}: {rest}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Draws the peak block of NMDA receptors against the dose of ketamine, 0.1 - 2 mg/kg, for mixes of GluN2 subunits.

    bench/validation/dose_response.py [build/release/rewire] [-o dose_response.svg]

Infusions over 40 min and boluses, each for two readings of the same drug: a factor with the IC50 measured in
magnesium, and block in the pore in competition with magnesium. Every point is one `rewire check --json`, so the figure
shows what a run would do; the points are written beside it as CSV, and compared with the closed form of the factor.
"""
import argparse
import csv
import json
import pathlib
import subprocess

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOSES = [0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0]
MIXES = {
    "2A": {"A": 1},
    "2B": {"B": 1},
    "2A 0.6, 2B 0.4 (pyramidal, assumed)": {"A": 0.6, "B": 0.4},
    "2C 0.5, 2D 0.5 (PV, SST: upper bound)": {"C": 0.5, "D": 0.5},
    "2C": {"C": 1},
    "2D": {"D": 1},
}
IC50_UM = {"A": 5.35, "B": 5.08, "C": 1.18, "D": 2.95}  # Kotermanski & Johnson 2009, in 1 mM magnesium; attributed, unread
ROUTES = {"infusion over 40 min": "route: iv_infusion, over: 40 min", "bolus": "route: iv_bolus"}
ACTIONS = ["hill", "mg_competitive"]
SCENARIO = """rewire: 1
time: {{step: 1 ms, until: 4 h}}
populations: {{{populations}}}
drugs: {{ketamine: {{model: kamp_2020, dose: {dose} mg/kg, {route}, body_mass: 70 kg, action: {action}}}}}
"""


def check(rewire, dose, route, action):
    """Peak level at the receptor (umol/l) and peak block of each mix, at -70 mV."""
    cells = [
        f"mix{k}: {{model: lif_cond, count: 1, set: {{E_L: -70 mV}}, receptors: {{nmda: {{}}}}, "
        f"glun2: {{{', '.join(f'{s}: {share}' for s, share in mix.items())}}}}}"
        for k, mix in enumerate(MIXES.values())
    ]
    text = SCENARIO.format(populations=", ".join(cells), dose=dose, route=ROUTES[route], action=action)
    path = pathlib.Path("/dev/stdin")
    done = subprocess.run([rewire, "check", str(path), "--json"], input=text, capture_output=True, text=True, check=True)
    drug = json.loads(done.stdout)["drugs"][0]
    level = next(entry["peak_uM"] for entry in drug["levels"] if entry["name"] == "at_receptor")
    blocked = {name: 0.0 for name in MIXES}
    for entry in drug["blocked"]:
        blocked[list(MIXES)[int(entry["population"][3:])]] += entry["share"] * entry["peak"]
    return level, blocked


def closed_form(level, mix):
    return sum(share * level / (level + IC50_UM[subunit]) for subunit, share in mix.items())


def measure(rewire):
    """One row for each route, action, dose and mix."""
    rows = []
    for route in ROUTES:
        for action in ACTIONS:
            for dose in DOSES:
                level, blocked = check(rewire, dose, route, action)
                for name, share in blocked.items():
                    rows.append((route, action, dose, level, name, share))
                    if action == "hill":
                        assert abs(share - closed_form(level, MIXES[name])) < 1e-6, (dose, name, share)
    return rows


def draw(rows, path):
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), sharex=True, sharey="row")
    for row, route in enumerate(ROUTES):
        for column, action in enumerate(ACTIONS):
            axis = axes[row][column]
            for name in MIXES:
                points = [(r[2], 100 * r[5]) for r in rows if r[0] == route and r[1] == action and r[4] == name]
                mixed = len(MIXES[name]) > 1
                axis.plot(*zip(*points), marker="o", markersize=3, linestyle="-" if mixed else "--", label=name)
            axis.axvline(0.5, color="0.8", zorder=0)
            axis.set_xscale("log")
            axis.set_xticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
            axis.minorticks_off()
            axis.grid(alpha=0.3)
            axis.set_title(f"{route}, action {action}", fontsize=10)
        axes[row][0].set_ylabel("peak share of receptors blocked at -70 mV, %")
        axes[row][0].set_ylim(bottom=0)
    for axis in axes[1]:
        axis.set_xlabel("dose of racemic ketamine, mg/kg")
    axes[0][0].legend(fontsize=8)
    figure.suptitle("Ketamine: dose and block by GluN2 subunit (kamp_2020, 70 kg, unbound 0.53, ke0 half-life 2 min)")
    figure.tight_layout()
    figure.savefig(path)
    if path.suffix != ".png":
        figure.savefig(path.with_suffix(".png"), dpi=90)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rewire", nargs="?", default=str(ROOT / "build/release/rewire"))
    parser.add_argument("-o", default="out/dose_response.svg", type=pathlib.Path)
    options = parser.parse_args()
    options.o.parent.mkdir(parents=True, exist_ok=True)
    rows = measure(options.rewire)
    with open(options.o.with_suffix(".csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["route", "action", "dose_mg_per_kg", "level_uM", "mix", "peak_blocked"])
        writer.writerows(rows)
    draw(rows, options.o)
    print(f"{options.o}, .png and .csv: {len(rows)} points; the factor equals its closed form at each")


if __name__ == "__main__":
    main()

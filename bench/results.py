"""The page of results, from what suite.py measured."""
import json
import math
import statistics
from pathlib import Path

import yaml

PUBLISHED = json.loads((Path(__file__).resolve().parent / "peers" / "published.json").read_text(encoding="utf-8"))
TABLES = PUBLISHED["tables"]  # in the order of their dates
ANCHORS = ("W1", "W2", "W3mg")  # where Brian2 links this machine to the published table for workloads it does not run

# Issue by issue of what is asked: rewire's speed over another's, at one thread unless said.
TARGETS = {("W1", "Brian2", 1): 15, ("W2", "Brian2", 1): 15, ("W3mg", "Brian2", 1): 15, ("W1", "Brian2", 2): 20,
           ("W2", "Brian2", 2): 20, ("W3mg", "Brian2", 2): 20, ("W1", "NEURON", 1): 15, ("W2", "NEURON", 1): 15,
           ("W3mg", "NEURON", 1): 15, ("W1", "NEST", 1): 30, ("W1", "Auryn", 1): 7, ("W1", "GeNN", 1): 7,
           ("W2", "NEST", 1): 40, ("W2", "Auryn", 1): 6, ("W1d", "Auryn", 1): 2, ("W1d", "GeNN", 1): 2,
           ("W2dc", "Auryn", 1): 2, ("W2dc", "GeNN", 1): 2, ("W3mg", "Auryn", 1): 5, ("W3w", "NEST", 1): 50,
           ("W4", "NEST", 1): 30}


def with_fewer_cells(resolved, share):
    """Settings that leave a share of the cells of a scenario, each with as many inputs as before."""
    scenario = yaml.safe_load(resolved)
    counts = [f"populations.{name}.count={round(p['count'] * share)}" for name, p in scenario["populations"].items()]
    return counts + [f"projections.{p['name']}.connect.p={p['connect']['p'] / share}" for p in scenario["projections"]
                     if "p" in p["connect"] and share != 1]


def phase(run, name):
    return next(p["mean_s"] for p in run["phases"] if p["phase"] == name)


def factor(runs, clock="wall_s"):
    """Seconds per biological second of every run."""
    return [run[clock] / run["biological_s"] for run in runs]


def number(value, digits=3):
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}g}"


def spread(values):
    """Median and, in brackets, least and greatest."""
    if not values:
        return "-"
    return f"{number(statistics.median(values))} ({number(min(values), 2)}-{number(max(values), 2)})"


def rate(values):
    if not values:
        return "-"
    return f"{statistics.mean(values):.2f}" + (f" +- {statistics.stdev(values):.2f}" if len(values) > 1 else "")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


RATE_TOLERANCE = 0.05


def rates_agree(ours, theirs):
    """Whether two samples of rates are the same within 5 %, or three standard errors where networks differ that much."""
    if not ours or not theirs:
        return None
    samples = [s for s in (ours, theirs) if len(s) > 1]
    error = math.sqrt(sum(statistics.variance(s) / len(s) for s in samples)) if samples else 0.0
    if len(theirs) == 1 and len(ours) > 1:
        error = statistics.stdev(ours) * math.sqrt(1 + 1 / len(ours))
    return abs(statistics.mean(ours) - statistics.mean(theirs)) <= max(RATE_TOLERANCE * statistics.mean(ours), 3 * error)


AGREEMENT = {None: "-", True: "yes", False: "**NO**"}


class Page:
    def __init__(self, data, workloads):
        self.data = data
        self.workloads = [w for w in workloads if w.name in data["workloads"]]

    def runs(self, w, program, threads):
        found = self.data["workloads"][w].get(program, {})
        return found.get(threads, found.get(str(threads), []))

    def speed(self, w, program, threads):
        """Median seconds per biological second: of processor time on one thread, of wall time on several, since other
        programs on the machine lengthen the latter."""
        runs = self.runs(w, program, threads)
        return statistics.median(factor(runs, "cpu_s" if threads == 1 else "wall_s")) if runs else None

    def machine_link(self, w, machine=TABLES[-1]):
        """How much slower this machine is than that of a table, by Brian2 on this workload or, without, on the anchors."""
        def link(name):
            published = machine["real_time_factor"].get(name, {}).get("Brian2", {}).get("1")
            here = self.speed(name, "Brian2", 1) if name in self.data["workloads"] else None
            return here / published if published and here else None
        own = link(w)
        if own:
            return own, "own"
        others = [value for value in map(link, ANCHORS) if value]
        return (statistics.geometric_mean(others), "mean") if others else (None, None)

    def ratio(self, w, peer, threads):
        """How many times faster rewire is."""
        ours = self.speed(w, "rewire", threads)
        if ours is None:
            return None
        if peer == "Brian2":
            theirs = self.speed(w, "Brian2", threads)
            return theirs / ours if theirs else None
        if peer == "NEURON":
            found = self.data["workloads"][w].get("NEURON") if threads == 1 else None
            if not found:
                return None
            theirs = statistics.median(s["cpu_s"] for s in found["stretches"]) / found["biological_s"]
            return theirs / statistics.median(factor(found["rewire"], "cpu_s"))
        for machine in reversed(TABLES):
            published = machine["real_time_factor"].get(w, {}).get(peer, {}).get(str(threads))
            link, _ = self.machine_link(w, machine)
            if published and link:
                return published * link / ours
        return None

    def head(self):
        machine, version = self.data["machine"], self.data["version"]
        quick = " **A quick run: short and few rounds.**" if self.data["quick"] else ""
        return f"""# Results

Written by `./dev bench` on {machine['date']}; do not edit. {self.data['rounds']} rounds, {self.data['minutes']:.0f} minutes.{quick}

- machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB; caches {', '.join(machine['caches'])}; {machine['system']}
- load of the machine before and after: {machine['load']:.2f}, {machine['load_after']:.2f} (about 0 and at most 2 mean it was alone)
- rewire {version['version']}, {version['revision']}; {version['compiler']}; {version['flags']}
"""

    def floors(self):
        floors = self.data["floors"]
        rows = [[name.replace("_", " "), number(value)] for name, value in floors.items()]
        return ("## What this machine can do\nOne thread, `bench/micro/floor.c`: bandwidths in GB/s, everything else in ns "
                "per event, operation or word.\n\n" + table(["limit", "value"], rows) + "\n")

    def times(self):
        rows = []
        for w in self.workloads:
            entry = self.data["workloads"][w.name]
            row = [w.name]
            for program in ("rewire", "Brian2"):
                for threads in (1, 2):
                    failed = entry["failed"].get(f"{program} {threads}") or entry["failed"].get(program)
                    row.append("failed" if failed else spread(factor(self.runs(w.name, program, threads))))
            first = self.runs(w.name, "rewire", w.threads[0])
            ours, theirs = [run["mean_rate_hz"] for run in first], [r["rate_hz"] for r in self.runs(w.name, "Brian2", 1)]
            row += [rate(ours), rate(theirs), AGREEMENT[rates_agree(ours, theirs)]]
            rows.append(row)
        notes = [f"- {w.name}, {peer} failed: {why}" for w in self.workloads
                 for peer, why in self.data["workloads"][w.name]["failed"].items()]
        return ("## Real-time factors\nWall seconds per biological second, median (least-greatest); rates in Hz, mean and standard "
                "deviation over networks, a new one each round; they agree if they differ by less than 5 % or three standard errors.\n\n" +
                table(["workload", "rewire, 1 thread", "2 threads", "Brian2, 1", "2", "rate", "rate in Brian2", "agree"], rows) + "\n\n" +
                "\n".join(notes) + ("\n\n" if notes else "") + "\n".join(f"- {w.name}: {w.what}" for w in self.workloads) + "\n")

    def ratios(self):
        peers = ("Brian2", "NEURON", "NEST", "Auryn", "GeNN")
        rows = []
        for w in self.workloads:
            link, _ = self.machine_link(w.name)
            for threads in w.threads:
                row = [w.name, threads]
                for peer in peers:
                    value, target = self.ratio(w.name, peer, threads), TARGETS.get((w.name, peer, threads))
                    mark = f" ({'met' if value >= target else 'NOT MET'}: {target})" if target and value else ""
                    row.append(number(value) + mark)
                ours = {t: self.speed(w.name, "rewire", t) for t in w.threads}
                row += [number(link) if threads == 1 else "", number(self.scaling(w)) if threads == 2 and 1 in ours else ""]
                rows.append(row)
        return ("## How many times faster rewire is\nOne thread by processor time, two by wall time; in brackets what is aimed at. "
                "Brian2 and NEURON ran here, in the same minutes. The others are the newest published figures below, times how much "
                "slower Brian2 was here than there on the same workload (on W3w and W4, which it does not run: the mean of W1, W2 "
                "and W3mg). The last column is one thread's wall time over that of two.\n\n" +
                table(["workload", "threads", *peers, "Brian2 here / there", "two threads over one"], rows) + "\n")

    def scaling(self, w):
        one, two = (factor(self.runs(w.name, "rewire", t)) for t in (1, 2))
        return statistics.median(one) / statistics.median(two) if one and two else float("nan")

    def neuron(self):
        rows = []
        for w in self.workloads:
            found = self.data["workloads"][w.name].get("NEURON")
            if found:
                theirs = [s["cpu_s"] / found["biological_s"] for s in found["stretches"]]
                rates = [r["mean_rate_hz"] for r in found["rewire"]]
                rows.append([w.name, found["cells"], spread(theirs), spread(factor(found["rewire"], "cpu_s")),
                             f"{found['rate_hz']:.2f}", rate(rates), AGREEMENT[rates_agree(rates, [found["rate_hz"]])],
                             number(found["build_s"])])
        if not rows:
            return ""
        return ("## NEURON\nOn fewer cells, each with all its inputs, because NEURON needs seconds to build and half a gigabyte per "
                "million synapses; rewire ran the same small networks. Processor seconds per biological second on one "
                "thread; the cells are point processes of our own (`bench/peers/neuron_cells/`), faster than sections.\n\n" +
                table(["workload", "cells", "NEURON", "rewire", "rate in NEURON", "rate", "agree", "NEURON builds, s"], rows) + "\n")

    def phases(self):
        rows = []
        for w in self.workloads:
            runs = self.runs(w.name, "rewire", w.threads[0])
            if not runs:
                continue
            def median(of):
                values = [v for v in map(of, runs) if v is not None and not math.isnan(v)]
                return statistics.median(values) if values else float("nan")
            silent, bound = self.update(w)
            update = median(lambda r: r["update_ns_per_cell_step"])
            rows.append([w.name, number(silent), f"{100 * bound / silent:.0f} %" if silent and bound else "-",
                         number(update - silent if silent else None), number(update),
                         number(median(lambda r: r["delivery"]["ns_per_event"])), number(median(lambda r: r["delivery"]["bytes_per_event"])),
                         f"{100 * median(lambda r: r['delivery']['share_of_limit'] or float('nan')):.0f} %",
                         number(median(lambda r: r["bytes_per_synapse"])),
                         number(median(lambda r: r["synapses"] / r["build_s"] / r["threads"]) if not w.structural else None),
                         number(median(lambda r: r["us_per_change"])) if w.structural else "-"])
        return ("## How far each phase is from the limit\nOne thread (W6: two). `cells` is the update of a silent network without inputs, ns per "
                "cell and step, and its arithmetic bound: the operations of the models' equations (`bench/workloads.py`) at the "
                "rates below. `input` is what the running network's update needs on top, spikes included. `of bound` of "
                "delivery is the least time for its bytes, read and added as fast as was measured beside the run. `change` "
                "is the time of rewiring per synapse formed or broken.\n\n" +
                table(["workload", "cells, ns", "of bound", "input, ns", "update, ns", "delivery, ns/event", "bytes/event", "of bound",
                       "bytes/synapse", "synapses built per s and thread", "change, us"], rows) + "\n")

    def update(self, w):
        """ns per cell and step of the silent network, and the bound by arithmetic."""
        silent = self.data["workloads"][w.name]["silent"]
        if not silent or not w.arithmetic:
            return None, None
        floors, (operations, divisions, exponentials) = self.data["floors"], w.arithmetic
        # the divider works beside the other units
        bound = max(operations * floors["arithmetic"] + exponentials * floors["exp"], divisions * floors["divide"])
        return statistics.median(run["update_ns_per_cell_step"] for run in silent), bound

    def published(self):
        other = "\n".join(f"- {what}: " + "; ".join(f"{name} {value}" for name, value in values.items())
                          for what, values in PUBLISHED["other"].items())
        return ("## Other simulators, measured elsewhere\n" + "\n".join(self.published_on(machine) for machine in TABLES) +
                f"\n{other}\n")

    @staticmethod
    def published_on(machine):
        peers = ("NEST", "Auryn", "Brian2", "GeNN", "NEURON", "rewire")
        rows = []
        for name, figures in machine["real_time_factor"].items():
            rows.append([name] + [" / ".join(str(figures[p][t]) for t in ("1", "2") if t in figures[p]) if p in figures else "-"
                                  for p in peers])
        versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
        return (f"On {machine['date']}, {machine['machine']}: {machine['how']}. {versions}. One thread / two threads or "
                "ranks.\n\n" + table(["workload", *peers], rows) + "\n")


def page(data, workloads):
    it = Page(data, workloads)
    return "\n".join(part for part in (it.head(), it.times(), it.ratios(), it.phases(), it.neuron(), it.floors(), it.published())
                     if part)

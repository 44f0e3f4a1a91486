"""A workload as the other simulators need it, read from the resolved scenario that `rewire check` prints.

So a network is described once, in its scenario. Only what the workloads of bench/ use is understood: populations of
equal cells, lif_psc_exp or lif_cond with ampa, nmda and gaba_a; projections of one weight and delay, by fixed_indegree
or pairwise_bernoulli; Poisson and constant-current inputs to all cells. Anything else is an error."""
import math
import subprocess
from dataclasses import dataclass, field, replace

import yaml


@dataclass
class Pathway:
    """Synapses of one population onto all cells: a fixed number of inputs each, or each pair with a probability."""

    first: int  # of the source cells
    count: int
    inhibitory: bool
    weight: float  # pA or nS, positive
    delay_ms: float
    indegree: int = 0
    probability: float = 0.0


@dataclass
class Network:
    """Cells with the same parameters (in mV, ms, pF, nS, pA) and what they get."""

    title: str
    step_ms: float
    count: int
    conductances: bool  # lif_cond; otherwise lif_psc_exp
    cell: dict
    v_start: tuple  # mV, uniform
    tau_exc_ms: float
    tau_inh_ms: float
    E_exc: float = 0.0
    E_inh: float = 0.0
    # NMDA conductance = factor x low-pass of the AMPA conductance, times the block 1 / (1 + Mg/K exp(-gamma V))
    nmda_factor: float = 0.0
    tau_nmda_ms: float = 0.0
    mg_per_k: float = 0.0
    gamma: float = 0.0
    pathways: list = field(default_factory=list)
    poisson_hz: float = 0.0
    poisson_weight: float = 0.0

    def synapses(self):
        """Their expected number."""
        return sum(p.indegree * self.count + p.probability * p.count * self.count for p in self.pathways)

    def scaled(self, factor):
        """The same with fewer cells, each with as many inputs as before (by indegree: drawn with replacement)."""
        pathways = [replace(p, first=round(p.first * factor), count=round(p.count * factor), probability=p.probability / factor)
                    for p in self.pathways]
        return replace(self, count=round(self.count * factor), pathways=pathways)


def quantity(text, unit):
    """The number of "5 ms"; the unit must be the one that is expected."""
    if unit == "1":
        return float(text)
    number, given = str(text).split(None, 1)
    if given != unit:
        raise ValueError(f"{text}: expected {unit}")
    return float(number)


def expect(condition, what):
    if not condition:
        raise ValueError(f"the peers' scripts do not know: {what}")


def read_nmda(network, receptors, shares):
    """A two-exponential gate whose rise is the decay of AMPA is a low-pass of the AMPA conductance."""
    nmda = receptors["nmda"]
    rise, decay = quantity(nmda["tau_rise"], "ms"), quantity(nmda["tau_decay"], "ms")
    expect(rise == network.tau_exc_ms and len(shares) == 1, "an NMDA gate that is no low-pass of the AMPA conductance")
    at_peak = rise * decay / (decay - rise) * math.log(decay / rise)
    height = rise / (decay - rise) * (math.exp(-at_peak / decay) - math.exp(-at_peak / rise))
    network.tau_nmda_ms = decay
    network.nmda_factor = shares.pop() / height
    network.mg_per_k = quantity(nmda["Mg"], "mmol/l") / quantity(nmda["K_Mg"], "mmol/l")
    network.gamma = quantity(nmda["gamma"], "1/mV")


def read_cells(scenario):
    populations = list(scenario["populations"].values())
    alike = [{key: value for key, value in p.items() if key != "count"} for p in populations]
    expect(all(other == alike[0] for other in alike), "populations of unequal cells")
    cell, units = populations[0]["set"], {"C_m": "pF", "g_L": "nS", "E_L": "mV", "V_th": "mV", "V_reset": "mV",
                                          "t_ref": "ms", "I_e": "pA", "tau_m": "ms"}
    model = populations[0]["model"]
    expect(model in ("lif_cond", "lif_psc_exp"), model)
    receptors = populations[0].get("receptors", {})
    values = {key: quantity(cell[key], unit) for key, unit in units.items() if key in cell}
    start = cell["V_m"]["uniform"]
    network = Network(scenario["title"], quantity(scenario["time"]["step"], "ms"), sum(p["count"] for p in populations),
                      model == "lif_cond", values, tuple(quantity(v, "mV") for v in start), 0.0, 0.0)
    if network.conductances:
        network.tau_exc_ms = quantity(receptors["ampa"]["tau_decay"], "ms")
        network.tau_inh_ms = quantity(receptors["gaba_a"]["tau_decay"], "ms")
        network.E_exc = quantity(receptors["ampa"]["E_rev"], "mV")
        network.E_inh = quantity(receptors["gaba_a"]["E_rev"], "mV")
    else:
        network.tau_exc_ms, network.tau_inh_ms = (quantity(cell[f"tau_syn_{kind}"], "ms") for kind in ("ex", "in"))
    return network, receptors


def read_pathways(network, scenario):
    first = 0
    unit = "nS" if network.conductances else "pA"
    for name, population in scenario["populations"].items():
        outgoing = [p for p in scenario["projections"] if p["from"] == name]
        rules = {(str(p["connect"]), p["weight"], p["delay"], str(p["receptors"])) for p in outgoing}
        expect(len(rules) == 1 and len(outgoing) == len(scenario["populations"]), "projections that differ by target")
        one = outgoing[0]
        rule = one["connect"]["rule"]
        expect(rule in ("fixed_indegree", "pairwise_bernoulli"), rule)
        network.pathways.append(Pathway(first, population["count"], one["inhibitory"], abs(quantity(one["weight"], unit)),
                                        quantity(one["delay"], "ms"), indegree=one["connect"].get("n", 0),
                                        probability=one["connect"].get("p", 0.0)))
        first += population["count"]


def read_inputs(network, scenario):
    unit = "nS" if network.conductances else "pA"
    for what in {str(i.get(key)) for i in scenario["inputs"] for key in ("targets",)}:
        expect(what == "all", f"inputs to {what}")
    kinds = {i["kind"] for i in scenario["inputs"]}
    expect(len(kinds) <= 1 and (not kinds or len(scenario["inputs"]) == len(scenario["populations"])), "mixed inputs")
    if kinds == {"poisson"}:
        network.poisson_hz = quantity(scenario["inputs"][0]["rate"], "Hz")
        network.poisson_weight = quantity(scenario["inputs"][0]["weight"], unit)
    elif kinds == {"current"}:
        network.cell["I_e"] += quantity(scenario["inputs"][0]["amplitude"], "pA")
    else:
        expect(not kinds, f"inputs of kind {kinds}")


def read(rewire, path, settings=()):
    """The network of a scenario, with --set key=value for each of `settings`."""
    words = [rewire, "check", str(path)] + [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    scenario = yaml.safe_load(done.stdout)
    network, receptors = read_cells(scenario)
    read_pathways(network, scenario)
    read_inputs(network, scenario)
    if "nmda" in receptors:
        carriers = [p for p in scenario["projections"] + scenario["inputs"] if "ampa" in p["receptors"]]
        expect(all(p["receptors"]["ampa"] == 1 for p in carriers), "shares of AMPA other than 1")
        read_nmda(network, receptors, {p["receptors"].get("nmda") for p in carriers})
    return network

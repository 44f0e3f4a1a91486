"""The workloads: which scenario, how long, who else runs it. Times are biological."""
from dataclasses import dataclass, field

# Operations of one cell and step by the equations of its models: (additions, multiplications and selections; divisions;
# exponentials). They give the arithmetic bound of the update.
LIF_PSC_EXP = (16, 0, 0)
LIF_COND = (12, 1, 1)
EXPONENTIAL_RECEPTOR = (7, 0, 0)
NMDA = (16, 1, 1)


def together(*parts):
    return tuple(map(sum, zip(*parts)))


@dataclass
class Workload:
    name: str
    what: str
    scenario: str
    skip_ms: int = 300
    timed_ms: int = 1000
    settings: list = field(default_factory=list)
    threads: tuple = (1, 2)
    peers: tuple = ()  # run here: "Brian2", "NEURON"
    peer_ms: int = 500  # timed part of a Brian2 run
    neuron_scale: float = 0.25  # share of the cells that NEURON gets, each with all its inputs
    arithmetic: tuple = ()  # operations; then the silent network is measured too
    structural: bool = False
    once: bool = False  # too large to repeat


NETWORK = "bench/network/"
WORKLOADS = [
    Workload("W1", "current-based cells in balance, Poisson drive", NETWORK + "w1.yaml", peers=("Brian2", "NEURON"),
             arithmetic=LIF_PSC_EXP),
    Workload("W1d", "the same without Poisson drive", NETWORK + "w1d.yaml", peers=("Brian2", "NEURON")),
    Workload("W2", "conductance-based cells, Poisson drive", NETWORK + "w2.yaml", peers=("Brian2", "NEURON"),
             arithmetic=together(LIF_COND, EXPONENTIAL_RECEPTOR, EXPONENTIAL_RECEPTOR)),
    Workload("W2dc", "the same with constant drive", NETWORK + "w2dc.yaml", peers=("Brian2", "NEURON")),
    Workload("W3", "AMPA, NMDA without block, GABA, Poisson drive", NETWORK + "w3.yaml", peers=("Brian2",)),
    Workload("W3mg", "AMPA, NMDA with magnesium block, GABA, Poisson drive", NETWORK + "w3mg.yaml",
             peers=("Brian2", "NEURON"), arithmetic=together(LIF_COND, EXPONENTIAL_RECEPTOR, EXPONENTIAL_RECEPTOR, NMDA)),
    Workload("W3w", "Wang's decision circuit, 2,000 cells, all to all, saturating NMDA", "configs/wang_decision.yaml",
             skip_ms=500, timed_ms=2000),
    Workload("VA", "Vogels and Abbott, 4,000 cells, 2 %", "configs/vogels_abbott.yaml", timed_ms=1500,
             peers=("Brian2", "NEURON"), peer_ms=1500, neuron_scale=1.0),
    Workload("W4", "growth of 1,000 cells from nothing, 200 s", "configs/structural_setpoint.yaml", skip_ms=0,
             timed_ms=200000, structural=True),
    Workload("W4 large", "growth of 10,000 cells, the first 20 s", NETWORK + "w4_large.yaml", skip_ms=0, timed_ms=20000,
             structural=True),
    Workload("W5", "receptors, blockade and growth together, 10 s of it", NETWORK + "w5.yaml", skip_ms=1000, timed_ms=10000,
             structural=True),
    Workload("MC", "the cortical microcircuit, 77,169 cells, 3 x 10^8 synapses", "configs/microcircuit.yaml", skip_ms=200,
             timed_ms=1000, threads=(2,), once=True),
    Workload("W6", "100,000 cells, 10^9 synapses of drawn weights", NETWORK + "w6.yaml", skip_ms=50, timed_ms=100,
             threads=(2,), once=True),
]

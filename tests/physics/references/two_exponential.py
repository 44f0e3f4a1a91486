"""Reference for a leaky cell with two-exponential and exponential conductances, by NEURON's Exp2Syn and ExpSyn.

Variable step (CVODE), absolute tolerance 1e-10. Spikes arrive at the times below; there is no threshold. Writes
two_exponential.txt beside this file, or into argv[1].
"""
import math
import pathlib
import sys

import neuron
from neuron import h

UNTIL = 150.0  # ms
C_M, G_L = 200.0, 10.0  # pF, nS
SLOW = ([10, 30, 60, 62.5], 1.5)  # ms, nS
FAST = ([20, 22.5, 90], 4.0)


def synapse(kind, segment, arrivals, **parameters):
    point = kind(segment)
    for name, value in parameters.items():
        setattr(point, name, value)
    connection = h.NetCon(None, point)
    connection.weight[0] = arrivals[1] * 1e-3  # uS
    return point, connection


def solve():
    h.load_file("stdrun.hoc")
    section = h.Section(name="cell")
    area_cm2 = C_M * 1e-6 / 1.0  # 1 uF/cm2
    section.L = section.diam = math.sqrt(area_cm2 * 1e8 / math.pi)
    section.cm = 1.0
    section.insert("pas")
    section.g_pas = G_L * 1e-9 / area_cm2
    section.e_pas = -70.0
    slow, slow_input = synapse(h.Exp2Syn, section(0.5), SLOW, tau1=2.0, tau2=100.0, e=0.0)
    fast, fast_input = synapse(h.ExpSyn, section(0.5), FAST, tau=5.0, e=-80.0)
    h.CVode().active(True)
    h.CVode().atol(1e-10)
    times = h.Vector([0.2 + 0.5 * k for k in range(round(UNTIL / 0.5))])
    V = h.Vector().record(section(0.5)._ref_v, times)
    g_slow = h.Vector().record(slow._ref_g, times)
    g_fast = h.Vector().record(fast._ref_g, times)

    def arrive():
        for t in SLOW[0]:
            slow_input.event(t)
        for t in FAST[0]:
            fast_input.event(t)

    handler = h.FInitializeHandler(arrive)
    h.finitialize(-70.0)
    h.continuerun(UNTIL + 1.0)
    del handler
    return [(times[k], V[k], g_slow[k] * 1e3, g_fast[k] * 1e3) for k in range(len(times))]


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    rows = solve()
    with open(folder / "two_exponential.txt", "w") as out:
        out.write(f"# NEURON {neuron.__version__}, CVODE, variable step, atol = 1e-10\n")
        out.write("# command: python3 tests/physics/references/two_exponential.py\n")
        out.write("# t_ms V_m_mV g_slow_nS g_fast_nS\n")
        for row in rows:
            out.write(f"{row[0]:.1f} " + " ".join(f"{value:.9f}" for value in row[1:]) + "\n")


if __name__ == "__main__":
    main()

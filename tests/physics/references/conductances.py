"""Reference for a leaky cell under AMPA, NMDA (with magnesium block) and GABA-A conductances, by Brian2.

Runge-Kutta of order 4 at 0.01 ms. Spikes arrive at the times below; the threshold is out of reach. Writes
conductances.txt beside this file, or into argv[1].
"""
import pathlib
import sys

import brian2 as b2

STEP, UNTIL = 0.01, 150.0  # ms
ARRIVALS = {"ampa": ([10, 12.5, 30, 31, 32, 60], 1.0), "nmda": ([10, 30, 60, 62.5], 2.0), "gaba": ([40, 62], 2.0)}

EQUATIONS = """
dV/dt = (10*nS*(-70*mV - V) + g_ampa*(0*mV - V) + g_nmda*block*(0*mV - V) + g_gaba*(-80*mV - V) + 50*pA)/(200*pF) : volt
block = 1/(1 + 1/3.57*exp(-0.062*V/mV)) : 1
dg_ampa/dt = -g_ampa/(2*ms) : siemens
dg_gaba/dt = -g_gaba/(5*ms) : siemens
g_nmda = (slow - fast)/scale : siemens
dslow/dt = -slow/(100*ms) : siemens
dfast/dt = -fast/(2*ms) : siemens
scale : 1
"""
JUMPS = {"ampa": "g_ampa += {w}*nS", "nmda": "slow += {w}*nS; fast += {w}*nS", "gaba": "g_gaba += {w}*nS"}


def peak_of_two_exponentials():
    t = 2.0 * 100.0 / 98.0 * b2.log(50.0)
    return b2.exp(-t / 100.0) - b2.exp(-t / 2.0)


def solve():
    b2.prefs.codegen.target = "numpy"
    b2.defaultclock.dt = STEP * b2.ms
    cell = b2.NeuronGroup(1, EQUATIONS, method="rk4")
    cell.V = -70 * b2.mV
    cell.scale = peak_of_two_exponentials()
    keep = [cell]
    for name, (times, weight) in ARRIVALS.items():
        # Brian2 applies a spike of time t at the end of the step that begins at t
        source = b2.SpikeGeneratorGroup(1, [0] * len(times), [t - STEP for t in times] * b2.ms)
        synapses = b2.Synapses(source, cell, on_pre=JUMPS[name].format(w=weight))
        synapses.connect()
        keep += [source, synapses]
    record = b2.StateMonitor(cell, ["V", "g_ampa", "g_nmda", "g_gaba"], record=True, when="start")
    b2.Network(*keep, record).run((UNTIL + STEP) * b2.ms)
    samples = [round((0.2 + 0.5 * k) / STEP) for k in range(round(UNTIL / 0.5))]
    return [(record.t[s] / b2.ms, record.V[0, s] / b2.mV, record.g_ampa[0, s] / b2.nS, record.g_nmda[0, s] / b2.nS,
             record.g_gaba[0, s] / b2.nS) for s in samples]


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    rows = solve()
    with open(folder / "conductances.txt", "w") as out:
        out.write(f"# Brian2 {b2.__version__}, rk4, step {STEP} ms\n")
        out.write("# command: python3 tests/physics/references/conductances.py\n")
        out.write("# t_ms V_m_mV g_ampa_nS g_nmda_nS (without block) g_gaba_nS\n")
        for row in rows:
            out.write(f"{row[0]:.1f} " + " ".join(f"{value:.10f}" for value in row[1:]) + "\n")


if __name__ == "__main__":
    main()

"""Reference for the GLIF cells: five models under synaptic input and a constant current.

The published equations (Teeter et al. 2018 Nat Commun 9:709) are integrated by an adaptive Runge-Kutta of order 8; the
threshold is tested, and spikes act, at the ends of steps of 0.1 ms, as on the engine's grid. Writes glif.txt beside this
file, or into argv[1].
"""
import math
import pathlib
import sys

import numpy
import scipy
from scipy.integrate import solve_ivp

G, C_M, E_L, V_TH, V_RESET, T_REF = 9.43, 58.72, -78.85, -51.68, -70.0, 3.7
TH_SPIKE_ADD, TH_SPIKE_DECAY, FRACTION, ADD = 2.1, 0.009, 0.2, 18.51
TH_VOLTAGE_INDEX, TH_VOLTAGE_DECAY = 0.005, 0.09
ASC_DECAY = numpy.array([0.003, 0.1])
ASC_AMPS = numpy.array([-9.18, -198.94])
ASC_R = numpy.array([1.0, 0.4])
TAU_SYN = numpy.array([5.5, 8.5, 2.8, C_M / G])  # the last equals the membrane's
STEP, EVERY, UNTIL, CURRENT = 0.1, 10, 150.0, 270.0
MODELS = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 1, 1)]  # spikes raise the threshold, after-spike currents, adapting


def arrivals(step):
    """Weights (pA) that arrive at the end of a step, one for each synapse."""
    return [90.0 * (step % 170 == 20), -60.0 * (step % 230 == 50), 75.0 * (step % 110 == 5), 40.0 * (step % 310 == 77)]


def slope(_, y, asc_on, adapts):
    u, theta_v = y[0], y[1]
    current = CURRENT + asc_on * y[2:4].sum() + y[4:8].sum()
    return numpy.concatenate([[(-G * u + current) / C_M, adapts * TH_VOLTAGE_INDEX * u - TH_VOLTAGE_DECAY * theta_v],
                              -ASC_DECAY * y[2:4], -y[4:8] / TAU_SYN + y[8:12], -y[8:12] / TAU_SYN])


def solve(by_spikes, asc_on, adapts):
    """Rows (t, V_m, threshold_spike, threshold_voltage, asc_1, asc_2, spikes so far) every 1 ms."""
    y, theta_s, wait, rows, spikes = numpy.zeros(12), 0.0, 0, [], 0
    for step in range(round(UNTIL / STEP)):
        end = solve_ivp(slope, (0.0, STEP), y, args=(asc_on, adapts), method="DOP853", rtol=1e-12, atol=1e-11).y[:, -1]
        if wait > 0:
            end[:4] = y[:4]
            wait -= 1
        else:
            theta_s *= math.exp(-TH_SPIKE_DECAY * STEP)
            if end[0] + E_L > V_TH + by_spikes * theta_s + end[1]:
                spikes += 1
                wait = round(T_REF / STEP)
                end[0] = FRACTION * end[0] + ADD if by_spikes else V_RESET - E_L
                theta_s = by_spikes * (TH_SPIKE_ADD + theta_s * math.exp(-TH_SPIKE_DECAY * T_REF))
                end[2:4] = asc_on * (ASC_AMPS + ASC_R * end[2:4] * numpy.exp(-ASC_DECAY * T_REF))
        end[8:12] += math.e / TAU_SYN * arrivals(step)
        y = end
        if step % EVERY == EVERY - 1:
            rows.append(((step + 1) * STEP, y[0] + E_L, theta_s, y[1], y[2], y[3], spikes))
    return rows


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    with open(folder / "glif.txt", "w") as out:
        out.write(f"# scipy {scipy.__version__}, solve_ivp DOP853, rtol = 1e-12, atol = 1e-11, threshold tested at every step of {STEP} ms\n")
        out.write("# command: python3 tests/physics/references/glif.py\n")
        out.write("# model t_ms V_m_mV threshold_spike_mV threshold_voltage_mV asc_1_pA asc_2_pA spikes\n")
        for number, model in enumerate(MODELS, 1):
            for row in solve(*model):
                out.write("%d %.1f %.9f %.9f %.9f %.9f %.9f %d\n" % (number, *row))


main()

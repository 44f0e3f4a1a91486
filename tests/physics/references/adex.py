"""Reference for the adaptive exponential cell: membrane potential and adaptation under a constant current.

An adaptive Runge-Kutta of order 8 with resets at the exact spike times, far more accurate than the engine's step.
Parameters: the set of NEST's own accuracy test (test_aeif_lsodar). Writes adex.txt beside this file, or into argv[1].
"""
import math
import pathlib
import sys

import numpy
import scipy
from scipy.integrate import solve_ivp

C_M, G_L, E_L, V_T, DELTA_T = 200.0, 11.0, -70.0, -50.0, 2.0
TAU_W, A, B, V_RESET, V_PEAK, I_E = 300.0, 3.0, 0.0, -58.0, 0.0, 420.0
UNTIL, EVERY = 200.0, 0.5


def slope(_, y):
    v, w = y
    spike = G_L * DELTA_T * math.exp((min(v, V_PEAK + 1.0) - V_T) / DELTA_T)
    return [(-G_L * (v - E_L) + spike - w + I_E) / C_M, (A * (v - E_L) - w) / TAU_W]


def crosses_peak(_, y):
    return y[0] - V_PEAK


crosses_peak.terminal = True
crosses_peak.direction = 1.0


def solve():
    """Rows (t, V, w) at the sample times, and the spike times."""
    times = numpy.arange(1, round(UNTIL / EVERY) + 1) * EVERY
    rows, spikes = [], []
    t, y = 0.0, [E_L, 5.0]
    while t < UNTIL:
        part = solve_ivp(slope, (t, UNTIL), y, method="DOP853", rtol=1e-12, atol=1e-12, dense_output=True,
                         events=crosses_peak, max_step=0.5)
        end = part.t[-1]
        rows += [(s, *part.sol(s)) for s in times if t < s <= end]
        if part.status != 1:
            break
        spikes.append(end)
        t, y = end, [V_RESET, part.y[1, -1] + B]
    return rows, spikes


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    rows, spikes = solve()
    with open(folder / "adex.txt", "w") as out:
        out.write(f"# scipy {scipy.__version__}, solve_ivp DOP853, rtol = atol = 1e-12, adaptive step of at most 0.5 ms\n")
        out.write("# command: python3 tests/physics/references/adex.py\n")
        out.write("# spikes_ms: " + " ".join(f"{s:.9f}" for s in spikes) + "\n")
        out.write("# t_ms V_m_mV w_pA\n")
        for t, v, w in rows:
            out.write(f"{t:.1f} {v:.10f} {w:.10f}\n")


if __name__ == "__main__":
    main()

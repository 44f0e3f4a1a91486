"""A network as a Brian2 C++ standalone program, built once and run as often as wanted.

    /usr/bin/python3 brian2_peer.py REWIRE SCENARIO.yaml FOLDER THREADS SKIP_MS TIMED_MS

builds FOLDER (unless it holds this network already), runs it once, as a network of its own, and prints JSON: wall and processor seconds of the
timed part, and the mean rate in it. THREADS 1 is a program without OpenMP, which Brian2 runs fastest."""
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import network as description  # noqa: E402

VERSION = 2  # of this file's equations: what was built by another one is built anew

# Clocks around each run, and the spikes so far, on standard output.
CLOCKS = """
    {{ struct timespec now; struct rusage use; double spikes = 0;
    clock_gettime(CLOCK_MONOTONIC, &now); getrusage(RUSAGE_SELF, &use);
    for (int i = 0; i < {count}; i++) spikes += {spikes}[i];
    std::printf("clock %.9f %.6f %.0f\\n", now.tv_sec + 1e-9 * now.tv_nsec, use.ru_utime.tv_sec + 1e-6 * use.ru_utime.tv_usec
        + use.ru_stime.tv_sec + 1e-6 * use.ru_stime.tv_usec, spikes); }}
"""


def equations(net):
    if not net.conductances:
        one = net.tau_exc_ms == net.tau_inh_ms  # then one current is enough
        current = "i_e" if one else "i_e + i_i"
        lines = [f"dv/dt = (E_L - v)/tau_m + ({current} + I_e)/C_m : volt (unless refractory)", "di_e/dt = -i_e/tau_e : amp"]
        return "\n".join(lines + ([] if one else ["di_i/dt = -i_i/tau_i : amp"])), "exact", "i_e", "i_e" if one else "i_i"
    nmda = ""
    lines = ["dg_e/dt = -g_e/tau_e : siemens", "dg_i/dt = -g_i/tau_i : siemens"]
    if net.nmda_factor:
        block = "/(1 + mg*exp(-gamma*v))" if net.mg_per_k else ""
        nmda = f" + nmda*g_n{block}*(E_e - v)"
        lines.append("dg_n/dt = (g_e - g_n)/tau_n : siemens")
    lines.insert(0, "dv/dt = (g_L*(E_L - v) + g_e*(E_e - v) + g_i*(E_i - v) + I_e" + nmda + ")/C_m : volt (unless refractory)")
    return "\n".join(lines), "euler" if net.mg_per_k else "exponential_euler", "g_e", "g_i"


def constants(net):
    from brian2 import mV, ms, nS, pA, pF
    units = {"C_m": pF, "g_L": nS, "E_L": mV, "V_th": mV, "V_reset": mV, "t_ref": ms, "I_e": pA, "tau_m": ms}
    values = {key: value * units[key] for key, value in net.cell.items()}
    values.update(tau_e=net.tau_exc_ms * ms, tau_i=net.tau_inh_ms * ms, E_e=net.E_exc * mV, E_i=net.E_inh * mV,
                  nmda=net.nmda_factor, tau_n=net.tau_nmda_ms * ms, mg=net.mg_per_k, gamma=net.gamma / mV)
    return values


def connect(pathway, synapses):
    """As in rewire: inputs drawn with replacement."""
    if pathway.indegree:
        synapses.connect(i=f"int(rand()*{pathway.count}) for _ in range({pathway.indegree})")
    else:
        synapses.connect(p=pathway.probability)


def write_program(net, folder, threads, skip_ms, timed_ms):
    import brian2
    from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, pA
    brian2.set_device("cpp_standalone", directory=str(folder), build_on_run=False)
    brian2.prefs.devices.cpp_standalone.openmp_threads = 0 if threads == 1 else threads
    defaultclock.dt = net.step_ms * ms
    text, method, exc, inh = equations(net)
    unit = nS if net.conductances else pA
    cells = NeuronGroup(net.count, text, threshold="v > V_th", reset="v = V_reset", refractory=net.cell["t_ref"] * ms,
                        method=method, namespace=constants(net))
    low, high = net.v_start
    cells.v = f"{low}*mV + {high - low}*mV*rand()"
    parts = [cells]
    for p in net.pathways:
        sign = -1 if p.inhibitory and not net.conductances else 1
        source = cells[p.first:p.first + p.count]
        parts.append(Synapses(source, cells, on_pre=f"{inh if p.inhibitory else exc} += {sign}*w", delay=p.delay_ms * ms,
                              namespace={"w": p.weight * unit}))
        connect(p, parts[-1])
    if net.poisson_hz:
        n = round(net.poisson_hz)
        parts.append(PoissonInput(cells, exc, n, net.poisson_hz / n * Hz, weight=net.poisson_weight * unit))
    monitor = SpikeMonitor(cells, record=False)
    simulation = brian2.Network(*parts, monitor)
    name = brian2.device.get_array_name(monitor.variables["count"])
    clocks = CLOCKS.format(count=net.count, spikes="brian::" + name if not name.startswith("brian::") else name)
    simulation.run(skip_ms * ms)
    brian2.device.insert_code("main", clocks)
    simulation.run(timed_ms * ms)
    brian2.device.insert_code("main", clocks)
    brian2.device.build(directory=str(folder), compile=False, run=False)
    main = folder / "main.cpp"
    main.write_text("#include <cstdio>\n#include <ctime>\n#include <sys/resource.h>\n" + main.read_text(encoding="utf-8"),
                    encoding="utf-8")


def build(net, folder, threads, skip_ms, timed_ms):
    """Writes and compiles the program, unless it is there."""
    key = hashlib.sha256(repr((VERSION, net, threads, skip_ms, timed_ms)).encode()).hexdigest()
    stamp = folder / "network.key"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == key:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with contextlib.redirect_stdout(sys.stderr):
        write_program(net, folder, threads, skip_ms, timed_ms)
    subprocess.run(["make", f"-j{os.cpu_count()}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(key, encoding="utf-8")


def run(net, folder, timed_ms):
    done = subprocess.run(["./main"], cwd=folder, check=True, capture_output=True, text=True)
    before, after = ([float(word) for word in line.split()[1:]] for line in done.stdout.splitlines()
                     if line.startswith("clock "))
    return {"wall_s": after[0] - before[0], "cpu_s": after[1] - before[1],
            "rate_hz": (after[2] - before[2]) / net.count / (1e-3 * timed_ms)}


def main():
    rewire, scenario, folder, threads, skip_ms, timed_ms = sys.argv[1:7]
    net = description.read(rewire, scenario)
    build(net, Path(folder), int(threads), float(skip_ms), float(timed_ms))
    print(json.dumps(run(net, Path(folder), float(timed_ms))))


if __name__ == "__main__":
    main()

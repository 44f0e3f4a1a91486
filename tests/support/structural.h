/* A network with structural plasticity, for tests of what an update of connectivity does. */
#ifndef RW_TESTS_STRUCTURAL_H
#define RW_TESTS_STRUCTURAL_H

#include "run.h"
#include "sim/structural_plasticity.h"

/* Two populations in the plane; axons of `a` meet dendrites of `b` (and of `c`, with another kernel). */
static const char *const structural_plane =
    "rewire: 1\nseed: 5\ntime: {step: 0.1 ms, until: 10 s}\n"
    "space: {size: [1000 um, 800 um], periodic: true}\n"
    "populations:\n"
    "  a: {model: lif_psc_exp, count: 40}\n"
    "  b: {model: lif_psc_exp, count: 60}\n"
    "  c: {model: lif_psc_exp, count: 30}\n"
    "projections:\n"
    "  - {name: ab, from: a, to: b, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
    "rewire: {kernel: gaussian, sigma: 120 um}}\n"
    "  - {name: ac, from: a, to: c, connect: {rule: none}, weight: 1 pA, delay: 1 ms, receptors: {exc: 1}, "
    "rewire: {kernel: exponential, sigma: 150 um}}\n"
    "growth:\n"
    "  - {on: a.axon, model: linear, target: 0.05}\n"
    "  - {on: b.dendrite_exc, model: linear, target: 0.05}\n"
    "  - {on: c.dendrite_exc, model: linear, target: 0.05}\n"
    "structure: {every: 1 s}\n";

/* Reads the scenario and creates the network and its structural plasticity. */
static inline rw_structural_plasticity *structural_of(test_run *run, const char *yaml, int n_threads) {
    *run = test_run_read(yaml);
    assert_ok(rw_network_create(&run->network, run->scenario, n_threads));
    rw_structural_plasticity *structural = NULL;
    assert_ok(rw_structural_plasticity_create(&structural, run->network));
    return structural;
}

#endif

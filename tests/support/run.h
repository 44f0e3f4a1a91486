/* A run from a scenario in a string, for tests of what the engine does with it. */
#ifndef RW_TESTS_RUN_H
#define RW_TESTS_RUN_H

#include <stdio.h>
#include <string.h>

#include "close.h"
#include "config/parse.h"
#include "sim/simulation.h"

typedef struct {
    rw_scenario *scenario;
    rw_network *network;
    rw_simulation *sim;
} test_run;

/* Reads the scenario; the spikes of virtual cells may be filled in before test_run_start. */
static inline test_run test_run_read(const char *yaml) {
    test_run run = {0};
    assert_ok(rw_scenario_parse(&run.scenario, "test", yaml, strlen(yaml), NULL, 0));
    return run;
}

static inline void test_run_start(test_run *run, int n_threads) {
    assert_ok(rw_network_create(&run->network, run->scenario, n_threads));
    assert_ok(rw_simulation_create(&run->sim, run->network));
}

static inline void test_run_end(test_run *run) {
    rw_simulation_destroy(&run->sim);
    rw_network_destroy(&run->network);
    rw_scenario_destroy(&run->scenario);
}

/* The value of a neuron field of one cell. */
static inline double test_run_value(const test_run *run, uint32_t population, const char *field, uint64_t id) {
    const rw_block *block = &run->network->populations[population].neuron;
    for (size_t f = 0; f < block->model->n_fields; f++)
        if (strcmp(block->model->fields[f].name, field) == 0)
            return rw_block_value(block, f, id);
    fail_msg("no field %s", field);
    return 0.0;
}

/* Chi-square statistic; its mean is n - 1 and its standard deviation sqrt(2 (n - 1)) under the null hypothesis. */
static inline double chi_square(const double *observed, const double *expected, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
    return sum;
}

#endif

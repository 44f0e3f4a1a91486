/* rewire as a library: a run in a program of your own.
 *
 *     rw_run *run = NULL;
 *     const char *settings[] = {"time.until=2 s", NULL};
 *     if (rw_run_open(&run, "scenario.yaml", settings, 2) != RW_OK || rw_run_advance(run, 500.0) != RW_OK)
 *         fprintf(stderr, "%s\n", rw_error_message());
 *     rw_run_close(&run);
 *
 * A run is what `rewire run` makes of a scenario, bitwise equal; between two advances its state can be read. What
 * can fail returns an rw_err, whose text rw_error_message() gives. A run belongs to one thread of the caller at a time;
 * the threads that it uses itself are its own. Once installed (cmake --install): cc program.c $(pkg-config --cflags
 * --libs rewire). */
#ifndef REWIRE_H
#define REWIRE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#pragma GCC visibility push(default) /* what the shared library shows to other programs */

/* A scenario on its way through time. */
typedef struct rw_run rw_run;

/* One spike: the cell `id` of population `population` (in the scenario's order) fired at time_ms. */
typedef struct {
    double time_ms;
    uint32_t population;
    uint64_t id;
} rw_run_spike;

/* One synapse from cell `source` to cell `target`, ids inside their populations; the weight is in the unit of its
 * target: nS for conductances, pA for currents. */
typedef struct {
    uint64_t source, target;
    double weight, delay_ms;
} rw_run_synapse;

/* Receives spikes [n], ascending by (time, population, id), while rw_run_advance runs. Anything but RW_OK ends the run
 * with that error. */
typedef rw_err (*rw_run_listener)(void *self, const rw_run_spike *spikes, size_t n);

/* Reads a scenario (YAML, or a SONATA circuit as .json), builds its network for n_threads >= 1 threads and is at
 * time 0. settings: texts "key=value" as `--set` takes them, ended by NULL; NULL: none. Errors: RW_ERR_INPUT (scenario,
 * with every diagnostic), RW_ERR_SYSTEM (file, memory). *run is then NULL. */
RW_MUST_CHECK rw_err rw_run_open(rw_run **run, const char *scenario, const char *const *settings, int n_threads);

/* Frees the run, whose result is finished first if it records one; *run may be NULL and becomes NULL. Errors:
 * RW_ERR_SYSTEM (of the result's files). */
rw_err rw_run_close(rw_run **run);

/* Writes what the scenario records into `directory`, as `rewire run -o` does; before the first advance. Errors:
 * RW_ERR_INPUT (it holds another run, or the run has begun), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_record(rw_run *run, const char *directory);

/* Registers `listener` for every spike; before the first advance. Errors: RW_ERR_INPUT (the run has begun),
 * RW_ERR_SYSTEM.
 */
RW_MUST_CHECK rw_err rw_run_listen(rw_run *run, rw_run_listener listener, void *self);

/* Advances to until_ms, rounded to the step; no further than the scenario's end. Errors: RW_ERR_INPUT (the run is past
 * it), RW_ERR_DIVERGED, RW_ERR_SYSTEM, those of the listener. */
RW_MUST_CHECK rw_err rw_run_advance(rw_run *run, double until_ms);

/* The present time, ms. */
double rw_run_time_ms(const rw_run *run);

/* The end of the scenario, ms. */
double rw_run_end_ms(const rw_run *run);

/* The cells of a population. Errors: RW_ERR_INPUT (no such population). */
RW_MUST_CHECK rw_err rw_run_count(const rw_run *run, const char *population, uint64_t *count);

/* Copies a state or parameter of a population's neuron model, such as V_m, into values [count], in the unit that
 * `rewire models` names. Errors: RW_ERR_INPUT (no such population or variable). */
RW_MUST_CHECK rw_err rw_run_read(const rw_run *run, const char *population, const char *variable, double *values);

/* From the present time on, entry `input` of the scenario's list `inputs` (from 0) has this level: Hz of a Poisson
 * input, pA of a current or of pulses, the mean in pA of a noise; its multipliers for single cells stay. A result that
 * records the run holds the scenario as it was opened. Errors: RW_ERR_INPUT (no such input, or a level that the
 * scenario could not say), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_set_input(rw_run *run, size_t input, double level);

/* From the present time on, entry `index` of the scenario's list `blockade` (from 0) has this factor, 0 to 1e6; 1: no
 * block. Errors: RW_ERR_INPUT (no such entry, or a factor out of range), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_set_factor(rw_run *run, size_t index, double factor);

/* The synapses that a projection has now, ascending by (target, source); free `synapses` with rw_run_free. Errors:
 * RW_ERR_INPUT (no such projection), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_run_synapses(const rw_run *run, const char *projection, rw_run_synapse **synapses, uint64_t *n);

/* Frees memory returned by a function of this header; NULL is fine. */
void rw_run_free(void *memory);

#pragma GCC visibility pop

#endif

#include "rewire.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "io/result.h"
#include "io/scenario_in.h"
#include "model/registry.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "sim/advance.h"
#include "sim/plasticity/plastic_worker.h"

struct rw_run {
    rw_scenario *scenario;
    rw_network *network;
    rw_simulation *sim;
    rw_result *result;        /* NULL: nothing is recorded */
    rw_run_listener listener; /* NULL: no listener */
    void *listener_self;
    bool begun;
    rw_error_record failure; /* of an advance */
    double *levels;          /* [inputs] that the program has set; NULL: none */
    double *factors;         /* [entries of blockade] likewise */
};

static rw_err open_run(rw_run *run, const char *scenario, const char *const *settings, int n_threads) {
    size_t n = 0;
    while (settings != NULL && settings[n] != NULL)
        n++;
    RW_CHECK(n_threads >= 1, RW_ERR_INPUT, "%d threads: a run needs at least one", n_threads);
    RW_TRY(rw_scenario_load(&run->scenario, scenario, settings, n));
    RW_TRY(rw_network_create(&run->network, run->scenario, n_threads));
    return rw_simulation_create(&run->sim, run->network);
}

static void destroy(rw_run **run) {
    rw_result_destroy(&(*run)->result);
    rw_simulation_destroy(&(*run)->sim);
    rw_network_destroy(&(*run)->network);
    rw_scenario_destroy(&(*run)->scenario);
    rw_free((*run)->levels);
    rw_free((*run)->factors);
    rw_free(*run);
    *run = NULL;
}

rw_err rw_run_open(rw_run **run, const char *scenario, const char *const *settings, int n_threads) {
    *run = NULL;
    RW_TRY(RW_NEW(*run, 1, "run"));
    rw_err err = open_run(*run, scenario, settings, n_threads);
    if (err != RW_OK)
        destroy(run);
    return err;
}

/* How the run ended for its result: a run that was not taken to its end was stopped. */
static rw_err outcome_of(const rw_run *run) {
    RW_TRY(rw_error_record_raise(&run->failure));
    if (rw_simulation_time(run->sim) < run->scenario->n_steps)
        return rw_fail(RW_ERR_STOPPED, "closed by the program at %g ms of %g ms", rw_run_time_ms(run),
                       rw_run_end_ms(run));
    return RW_OK;
}

rw_err rw_run_close(rw_run **run) {
    if (*run == NULL)
        return RW_OK;
    rw_err err = RW_OK;
    if ((*run)->result != NULL)
        err = rw_result_finish((*run)->result, (*run)->sim, outcome_of(*run));
    destroy(run);
    return err;
}

static rw_err check_not_begun(const rw_run *run, const char *what) {
    RW_CHECK(!run->begun, RW_ERR_INPUT, "%s: the run has begun; ask before its first advance", what);
    return RW_OK;
}

rw_err rw_run_record(rw_run *run, const char *directory) {
    RW_TRY(check_not_begun(run, "recording"));
    RW_CHECK(run->result == NULL, RW_ERR_INPUT, "%s: the run records into another directory", directory);
    const rw_run_info info = {.command_line = "a program that uses librewire",
                              .n_threads = run->network->partition.n_threads,
                              .comm = run->network->partition.comm};
    RW_TRY(rw_result_create(&run->result, directory, run->scenario, &info));
    return rw_result_attach(run->result, run->sim);
}

/* Passes spikes on in the units of the public header. */
static rw_err report_spikes(void *self, const rw_simulation *sim, const rw_spike *spikes, size_t n) {
    rw_run *run = self;
    rw_run_spike *reported = NULL;
    (void)sim;
    if (n == 0)
        return RW_OK;
    RW_TRY(RW_NEW(reported, n, "spikes"));
    for (size_t i = 0; i < n; i++)
        reported[i] = (rw_run_spike){.time_ms = (double)spikes[i].step * run->scenario->step_ms,
                                     .population = spikes[i].population,
                                     .id = spikes[i].id};
    rw_err err = run->listener(run->listener_self, reported, n);
    rw_free(reported);
    return err;
}

rw_err rw_run_listen(rw_run *run, rw_run_listener listener, void *self) {
    RW_TRY(check_not_begun(run, "listening"));
    RW_CHECK(run->listener == NULL, RW_ERR_INPUT, "the run has a listener");
    run->listener = listener;
    run->listener_self = self;
    return rw_simulation_observe(run->sim, (rw_observer){.self = run, .spikes = report_spikes});
}

rw_err rw_run_advance(rw_run *run, double until_ms) {
    double last = (double)run->scenario->n_steps, step = fmin(round(until_ms / run->scenario->step_ms), last);
    RW_CHECK(step >= (double)rw_simulation_time(run->sim), RW_ERR_INPUT,
             "%g ms lies behind: the run stands at %g ms of %g ms", until_ms, rw_run_time_ms(run), rw_run_end_ms(run));
    RW_TRY(rw_error_record_raise(&run->failure));
    run->begun = true;
    rw_err err = rw_simulation_advance(run->sim, (uint64_t)step, NULL);
    rw_error_record_keep(&run->failure, err);
    return err;
}

double rw_run_time_ms(const rw_run *run) {
    return (double)rw_simulation_time(run->sim) * run->scenario->step_ms;
}

double rw_run_end_ms(const rw_run *run) {
    return (double)run->scenario->n_steps * run->scenario->step_ms;
}

static rw_err find_population(const rw_run *run, const char *name, const rw_population **population) {
    for (size_t p = 0; p < run->network->n_populations; p++)
        if (strcmp(run->network->populations[p].spec->name, name) == 0) {
            *population = &run->network->populations[p];
            return RW_OK;
        }
    return rw_fail(RW_ERR_INPUT, "the scenario has no population '%s'", name);
}

rw_err rw_run_count(const rw_run *run, const char *population, uint64_t *count) {
    const rw_population *found = NULL;
    RW_TRY(find_population(run, population, &found));
    *count = found->count;
    return RW_OK;
}

rw_err rw_run_read(const rw_run *run, const char *population, const char *variable, double *values) {
    const rw_population *found = NULL;
    RW_TRY(find_population(run, population, &found));
    const rw_model *model = found->spec->model;
    RW_CHECK(model != NULL, RW_ERR_INPUT, "population '%s' is virtual: its cells have no state", population);
    size_t field = rw_model_field(model, variable);
    bool kept =
        field != RW_NO_FIELD && (model->fields[field].role == RW_STATE || model->fields[field].role == RW_PARAMETER);
    RW_CHECK(kept, RW_ERR_INPUT, "%s, the model of '%s', has no state or parameter '%s'; see `rewire models %s`",
             model->name, population, variable, model->name);
    for (uint64_t i = 0; i < found->count; i++)
        values[i] = rw_block_value(&found->neuron, field, i);
    return RW_OK;
}

/* Makes a course of the scenario the constant `value`, which is kept at values[index]. */
static rw_err set_constant(rw_schedule *course, double **values, size_t n, size_t index, double value) {
    static const uint64_t start = 0;
    if (*values == NULL)
        RW_TRY(RW_NEW(*values, n, "levels that the program has set"));
    (*values)[index] = value;
    *course = (rw_schedule){.count = 1, .step = &start, .value = &(*values)[index]};
    return RW_OK;
}

rw_err rw_run_set_input(rw_run *run, size_t input, double level) {
    const size_t n = run->scenario->n_inputs;
    RW_CHECK(input < n, RW_ERR_INPUT, "input %zu: the scenario has %zu, counted from 0", input, n);
    rw_input_spec *spec = &run->scenario->inputs[input];
    const bool rate = rw_input_is_spikes(spec);
    const double low = rate ? 0.0 : -1e9, high = rate ? 1e7 : 1e9; /* as the scenario's */
    RW_CHECK(level >= low && level <= high, RW_ERR_INPUT, "input %zu: %g %s lies outside of %g to %g", input, level,
             rate ? "Hz" : "pA", low, high);
    RW_TRY(set_constant(&spec->level, &run->levels, n, input, level));
    rw_simulation_redraw_input(run->sim, (uint32_t)input);
    return RW_OK;
}

rw_err rw_run_set_factor(rw_run *run, size_t index, double factor) {
    const size_t n = run->scenario->n_factors;
    RW_CHECK(index < n, RW_ERR_INPUT, "factor %zu: the scenario's blockade has %zu, counted from 0", index, n);
    RW_CHECK(factor >= 0.0 && factor <= 1e6, RW_ERR_INPUT, "factor %zu: %g lies outside of 0 to 1e6", index, factor);
    return set_constant(&run->scenario->factors[index].factor, &run->factors, n, index, factor);
}

static rw_err list_synapses(const rw_run *run, const rw_projection *projection, rw_run_synapse **synapses,
                            uint64_t *n) {
    rw_edge *edges = NULL;
    RW_TRY(rw_simulation_update_weights(run->sim));
    *n = rw_projection_count(&run->network->partition, projection);
    RW_TRY(rw_projection_edges(run->network, projection, &edges));
    rw_err err = RW_NEW(*synapses, *n, "synapses");
    for (uint64_t k = 0; err == RW_OK && k < *n; k++)
        (*synapses)[k] = (rw_run_synapse){.source = edges[k].source,
                                          .target = edges[k].target,
                                          .weight = (double)edges[k].weight,
                                          .delay_ms = edges[k].delay_steps * run->scenario->step_ms};
    rw_free(edges);
    return err;
}

rw_err rw_run_synapses(const rw_run *run, const char *projection, rw_run_synapse **synapses, uint64_t *n) {
    *synapses = NULL;
    *n = 0;
    for (size_t p = 0; p < run->network->n_projections; p++)
        if (strcmp(run->network->projections[p].spec->name, projection) == 0)
            return list_synapses(run, &run->network->projections[p], synapses, n);
    return rw_fail(RW_ERR_INPUT, "the scenario has no projection '%s'", projection);
}

void rw_run_free(void *memory) {
    rw_free(memory);
}

#include "io/sonata/sonata_in.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "config/resolved.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_edge_files.h"
#include "io/sonata/sonata_in_inputs.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_reports.h"
#include "io/sonata/sonata_in_sets.h"
#include "io/sonata/sonata_reader.h"

/* ---- the three files ---- */

/* The file that a member of `from` names. */
static rw_err read_named(rw_sonata_reader *reader, const rw_sonata_json *from, const rw_node *node,
                         rw_sonata_json *json) {
    const char *path;
    RW_TRY(rw_sonata_json_path(reader, from, node, &path));
    return rw_sonata_json_read(reader, json, path);
}

/* config.json names a circuit and a simulation; a simulation may name its circuit; one file may hold everything. */
static rw_err read_files(rw_sonata_reader *reader, const char *path) {
    RW_TRY(rw_sonata_json_read(reader, &reader->main, path));
    const rw_node *simulation = rw_node_get(reader->main.root, "simulation");
    if (simulation != NULL)
        RW_TRY(read_named(reader, &reader->main, simulation, &reader->simulation));
    else
        reader->simulation = reader->main;
    const rw_node *network = rw_node_get(reader->main.root, "network");
    const rw_node *network_of_simulation = rw_node_get(reader->simulation.root, "network");
    if (network != NULL)
        return read_named(reader, &reader->main, network, &reader->circuit);
    if (network_of_simulation != NULL)
        return read_named(reader, &reader->simulation, network_of_simulation, &reader->circuit);
    reader->circuit = reader->main;
    if (rw_node_get(reader->circuit.root, "networks") == NULL)
        return rw_sonata_json_wrong(reader, reader->main.root,
                                    "neither 'network' (a circuit configuration) nor 'networks' is here; a SONATA "
                                    "configuration needs one");
    return RW_OK;
}

/* Node sets stand in a file of their own, or in a configuration. */
static rw_err read_node_sets(rw_sonata_reader *reader) {
    const rw_sonata_json *from[] = {&reader->simulation, &reader->circuit};
    for (size_t k = 0; k < RW_COUNT(from); k++) {
        const rw_node *file = rw_node_get(from[k]->root, "node_sets_file"),
                      *sets = rw_node_get(from[k]->root, "node_sets");
        if (sets != NULL && sets->kind == RW_NODE_MAP) {
            reader->node_sets = (rw_sonata_json){from[k]->directory, sets};
            return RW_OK;
        }
        if (sets != NULL)
            return rw_sonata_json_wrong(reader, sets, "node sets are a map from names to rules");
        if (file != NULL)
            return read_named(reader, from[k], file, &reader->node_sets);
    }
    return RW_OK;
}

/* Which program a circuit was written for does not say what it is: its cells do. */
static rw_err check_simulator(rw_sonata_reader *reader, const rw_sonata_json *json) {
    static const char *const known[] = {"NEST", "NEURON", "CORENEURON"};
    const rw_node *simulator = rw_node_get(json->root, "target_simulator");
    for (size_t k = 0; simulator != NULL && k < RW_COUNT(known); k++) {
        if (simulator->kind == RW_NODE_SCALAR && strcmp(simulator->text, known[k]) == 0)
            return RW_OK;
    }
    return simulator == NULL
               ? RW_OK
               : rw_sonata_json_wrong(reader, simulator,
                                      "circuits of point neurons are read that are for NEST, or for NEURON");
}

/* The cells must be those of the simulator that the circuit is for: parameters have other units elsewhere. */
static rw_err check_cells(rw_sonata_reader *reader, const rw_sonata_json *json) {
    const rw_node *simulator = rw_node_get(json->root, "target_simulator");
    if (simulator == NULL)
        return RW_OK;
    const char *expected = strcmp(simulator->text, "NEST") == 0 ? "nest" : "nrn";
    for (size_t p = 0; p < reader->scenario->n_populations; p++) {
        const rw_sonata_nest *nest = reader->populations[p].nest;
        if (nest != NULL && strcmp(nest->simulator, expected) != 0)
            return rw_sonata_json_wrong(reader, simulator, "cells of population '%s' are %s:%s, which %s does not have",
                                        reader->scenario->populations[p].name, nest->simulator, nest->name,
                                        simulator->text);
    }
    return RW_OK;
}

/* All configuration files, each once. */
static rw_err check_keys(rw_sonata_reader *reader) {
    const rw_sonata_json *files[] = {&reader->main, &reader->circuit, &reader->simulation};
    for (size_t k = 0; k < RW_COUNT(files); k++) {
        bool again = false;
        for (size_t earlier = 0; earlier < k; earlier++)
            again = again || files[earlier]->root == files[k]->root;
        if (!again)
            RW_TRY(rw_sonata_configuration_check(reader, files[k]));
        if (!again)
            RW_TRY(check_simulator(reader, files[k]));
    }
    return RW_OK;
}

/* The cells that are to be simulated: all of them. */
static rw_err check_node_set(rw_sonata_reader *reader) {
    const rw_node *node = rw_node_get(reader->simulation.root, "node_set");
    const rw_sonata_part *parts;
    size_t n, k = 0;
    if (node == NULL)
        return RW_OK;
    RW_TRY(rw_sonata_node_set(reader, node, &parts, &n));
    for (size_t p = 0; p < reader->scenario->n_populations; p++) {
        bool whole = k < n && parts[k].population == p && parts[k].cells.kind == RW_SELECT_ALL;
        k += k < n && parts[k].population == p;
        if (!whole && reader->populations[p].nest != NULL)
            return rw_sonata_json_wrong(reader, node,
                                        "leaves out cells of '%s'; a part of a circuit is not simulated, the whole is",
                                        reader->scenario->populations[p].name);
    }
    return RW_OK;
}

/* ---- run ---- */

static const char *const run_keys[] = {"run.tstop", "run.dt", "run.random_seed"};

static rw_err check_overrides(const rw_sonata_reader *reader) {
    for (size_t k = 0; k < reader->n_overrides; k++) {
        bool known = false;
        double unused;
        for (size_t r = 0; r < RW_COUNT(run_keys); r++)
            known = known || strcmp(reader->overrides[k].key, run_keys[r]) == 0;
        RW_CHECK(known, RW_ERR_INPUT,
                 "--set: %s: of a SONATA configuration, only run.tstop, run.dt and run.random_seed can "
                 "be set",
                 reader->overrides[k].key);
        RW_CHECK(rw_sonata_number(reader->overrides[k].value, &unused), RW_ERR_INPUT,
                 "--set: %s: '%s' is not a plain number; SONATA's times are in ms", reader->overrides[k].key,
                 reader->overrides[k].value);
    }
    return RW_OK;
}

/* run.<key>, or its last override; *value is untouched and *found false if there is neither. */
static rw_err run_number(rw_sonata_reader *reader, const char *full_key, double *value, bool *found) {
    const rw_node *node = rw_node_get(rw_node_get(reader->simulation.root, "run"), full_key + strlen("run."));
    *found = node != NULL;
    if (node != NULL)
        RW_TRY(rw_sonata_json_number(reader, node, value));
    for (size_t k = 0; k < reader->n_overrides; k++) {
        if (strcmp(reader->overrides[k].key, full_key) == 0)
            *found = rw_sonata_number(reader->overrides[k].value, value);
    }
    return RW_OK;
}

static rw_err read_run(rw_sonata_reader *reader) {
    rw_scenario *scenario = reader->scenario;
    double tstart_ms = 0.0, tstop_ms = 0.0, seed = 1.0;
    bool has_tstart, has_tstop, has_dt, has_seed;
    RW_TRY(run_number(reader, "run.tstart", &tstart_ms, &has_tstart));
    if (tstart_ms != 0.0)
        return rw_sonata_json_wrong(reader, rw_node_get(rw_node_get(reader->simulation.root, "run"), "tstart"),
                                    "runs begin at 0 ms");
    RW_TRY(run_number(reader, "run.tstop", &tstop_ms, &has_tstop));
    if (!has_tstop)
        RW_TRY(run_number(reader, "run.duration", &tstop_ms, &has_tstop)); /* another name of it */
    RW_TRY(run_number(reader, "run.dt", &scenario->step_ms, &has_dt));
    RW_TRY(run_number(reader, "run.random_seed", &seed, &has_seed));
    const char *file = reader->simulation.root->mark.file;
    RW_CHECK(has_tstop && has_dt, RW_ERR_INPUT, "%s: run.%s is missing: give the %s in ms", file,
             has_tstop ? "dt" : "tstop", has_tstop ? "step" : "length of the run");
    RW_CHECK(scenario->step_ms >= 1e-6 && scenario->step_ms <= 1e3, RW_ERR_INPUT,
             "%s: run.dt: a step of %g ms is out of range, 1e-6 to 1000 ms", file, scenario->step_ms);
    double steps = round(tstop_ms / scenario->step_ms);
    RW_CHECK(steps >= 1.0 && steps < 0x1p53, RW_ERR_INPUT, "%s: run.tstop: a run of %g ms is out of range", file,
             tstop_ms);
    RW_CHECK(fabs(steps * scenario->step_ms - tstop_ms) <= 1e-9 * tstop_ms, RW_ERR_INPUT,
             "%s: run.tstop: %g ms is not a multiple of run.dt, %g ms", file, tstop_ms, scenario->step_ms);
    RW_CHECK(seed >= 0.0 && seed < 0x1p53 && seed == floor(seed), RW_ERR_INPUT,
             "%s: run.random_seed: %g is not a whole number from 0 to 2^53", file, seed);
    scenario->n_steps = (uint64_t)steps;
    scenario->seed = (uint64_t)seed;
    return RW_OK;
}

/* ---- scenario ---- */

/* The defaults of a YAML scenario: all spikes, snapshots at both ends, 100 points of the series or one a second. */
static rw_err set_records(rw_sonata_reader *reader) {
    rw_scenario *scenario = reader->scenario;
    bool *spikes = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, spikes, scenario->n_populations));
    for (size_t p = 0; p < scenario->n_populations; p++)
        spikes[p] = true;
    double every_ms = fmin(1000.0, (double)scenario->n_steps * scenario->step_ms / 100.0);
    scenario->record.spikes = spikes;
    scenario->record.snapshots = true;
    scenario->record.series_steps = (uint64_t)fmax(1.0, round(every_ms / scenario->step_ms));
    return rw_sonata_read_reports(reader);
}

static rw_err read_all(rw_sonata_reader *reader, const char *path) {
    rw_scenario *scenario = reader->scenario;
    RW_TRY(rw_arena_string(reader->arena, &scenario->path, path));
    scenario->inputs_read.reader = scenario->path;
    RW_TRY(check_overrides(reader));
    RW_TRY(read_files(reader, scenario->path));
    RW_TRY(check_keys(reader));
    RW_TRY(read_node_sets(reader));
    RW_TRY(read_run(reader));
    scenario->title = "SONATA circuit; what its files leave out is as in NEST (synapses: weight 1, delay 1 ms)";
    scenario->max_rate_hz = 1000.0;
    scenario->checkpoint.every_wall_s = RW_CHECKPOINT_WALL_S;
    RW_TRY(rw_sonata_read_nodes(reader));
    RW_TRY(check_cells(reader, &reader->circuit));
    RW_TRY(check_cells(reader, &reader->simulation));
    RW_TRY(rw_sonata_read_edges(reader));
    RW_TRY(check_node_set(reader));
    RW_TRY(rw_sonata_read_inputs(reader));
    RW_TRY(set_records(reader));
    RW_TRY(rw_sonata_idle_tell(reader));
    return rw_scenario_render(scenario);
}

static rw_err read_into(rw_scenario *scenario, const char *path, const rw_override *overrides, size_t n_overrides) {
    rw_sonata_reader reader = {.scenario = scenario, .overrides = overrides, .n_overrides = n_overrides};
    RW_TRY(rw_arena_create(&scenario->arena));
    reader.arena = scenario->arena;
    RW_TRY(RW_ARENA_NEW(reader.arena, reader.diagnostics, 1));
    return read_all(&reader, path);
}

rw_err rw_sonata_read(rw_scenario **scenario, const char *path, const rw_override *overrides, size_t n_overrides) {
    RW_TRY(RW_NEW(*scenario, 1, "scenario"));
    rw_err err = read_into(*scenario, path, overrides, n_overrides);
    if (err != RW_OK)
        rw_scenario_destroy(scenario);
    return err;
}

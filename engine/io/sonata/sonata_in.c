#include "io/sonata/sonata_in.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "config/resolved.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_models.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_projections.h"
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

static rw_err read_node_sets(rw_sonata_reader *reader) {
    const rw_node *of_simulation = rw_node_get(reader->simulation.root, "node_sets_file");
    const rw_node *of_circuit = rw_node_get(reader->circuit.root, "node_sets_file");
    if (of_simulation != NULL)
        return read_named(reader, &reader->simulation, of_simulation, &reader->node_sets);
    return of_circuit != NULL ? read_named(reader, &reader->circuit, of_circuit, &reader->node_sets) : RW_OK;
}

static rw_err check_simulator(rw_sonata_reader *reader, const rw_sonata_json *json) {
    const rw_node *simulator = rw_node_get(json->root, "target_simulator");
    if (simulator == NULL || (simulator->kind == RW_NODE_SCALAR &&
                              (strcmp(simulator->text, "NEST") == 0 || strcmp(simulator->text, "NEURON") == 0)))
        return RW_OK;
    return rw_sonata_json_wrong(reader, simulator,
                                "only circuits of point neurons for NEST, or of artificial cells for NEURON, are read");
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
    double tstop_ms = 0.0, seed = 1.0;
    bool has_tstop, has_dt, has_seed;
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

/* ---- inputs ---- */

/* A path as rw_sonata_load_spikes wants it: relative to the directory of the scenario's file. */
static const char *relative_to(const char *directory, const char *path) {
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 ? path + length : path;
}

static rw_err read_input(rw_sonata_reader *reader, const rw_node *input) {
    const rw_node *type, *module, *file, *cells;
    const char *path;
    size_t p;
    rw_selection selection;
    RW_TRY(rw_sonata_json_need(reader, input, "input_type", RW_NODE_SCALAR, &type));
    RW_TRY(rw_sonata_json_need(reader, input, "module", RW_NODE_SCALAR, &module));
    bool is_h5 = strcmp(module->text, "h5") == 0 || strcmp(module->text, "sonata") == 0;
    if (strcmp(type->text, "spikes") != 0 || !is_h5)
        return rw_sonata_json_wrong(reader, input,
                                    "input of type '%s', module '%s' is not there; only spikes from HDF5 files are "
                                    "(module h5 or sonata)",
                                    type->text, module->text);
    RW_TRY(rw_sonata_json_need(reader, input, "input_file", RW_NODE_SCALAR, &file));
    RW_TRY(rw_sonata_json_path(reader, &reader->simulation, file, &path));
    cells = rw_node_get(input, "node_set");
    if (cells == NULL)
        return rw_sonata_json_wrong(reader, input, "'node_set' is missing: which cells spike?");
    RW_TRY(rw_sonata_node_set(reader, cells, &p, &selection));
    rw_population_spec *population = &reader->scenario->populations[p];
    if (reader->populations[p].nest != NULL)
        return rw_sonata_json_wrong(reader, cells, "cells of '%s' are not virtual; only virtual cells replay spikes",
                                    population->name);
    if (selection.kind != RW_SELECT_ALL)
        return rw_sonata_json_wrong(
            reader, cells, "the node set is a part of '%s'; a spike file drives whole populations", population->name);
    if (population->spikes_file != NULL)
        return rw_sonata_json_wrong(reader, input, "population '%s' has another spike file already", population->name);
    population->spikes_file = relative_to(reader->main.directory, path);
    population->spikes_population = population->name;
    return RW_OK;
}

static rw_err read_inputs(rw_sonata_reader *reader) {
    const rw_node *inputs = rw_node_get(reader->simulation.root, "inputs");
    if (inputs != NULL && inputs->kind != RW_NODE_MAP)
        return rw_sonata_json_wrong(reader, inputs, "inputs are a map from names to what drives the cells");
    for (const rw_node *input = inputs != NULL ? inputs->first : NULL; input != NULL; input = input->next) {
        if (!rw_sonata_json_disabled(input))
            RW_TRY(read_input(reader, input));
    }
    for (size_t p = 0; p < reader->scenario->n_populations; p++) {
        const rw_population_spec *population = &reader->scenario->populations[p];
        if (reader->populations[p].nest == NULL && population->spikes_file == NULL)
            return rw_sonata_json_wrong(reader, inputs != NULL ? inputs : reader->simulation.root,
                                        "virtual population '%s' has no spike file; give it an input of type spikes",
                                        population->name);
    }
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
    RW_TRY(check_simulator(reader, &reader->circuit));
    RW_TRY(check_simulator(reader, &reader->simulation));
    RW_TRY(read_node_sets(reader));
    RW_TRY(read_run(reader));
    scenario->title = "SONATA circuit; what its files leave out is as in NEST (synapses: weight 1, delay 1 ms)";
    scenario->max_rate_hz = 1000.0;
    scenario->checkpoint.every_wall_s = RW_CHECKPOINT_WALL_S;
    RW_TRY(rw_sonata_read_nodes(reader));
    RW_TRY(check_cells(reader, &reader->circuit));
    RW_TRY(check_cells(reader, &reader->simulation));
    RW_TRY(rw_sonata_read_edges(reader));
    RW_TRY(read_inputs(reader));
    RW_TRY(set_records(reader));
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

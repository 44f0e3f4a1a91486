/* The files that SONATA readers start from. Paths are relative, so a result can be moved. */
#include "io/sonata/sonata_config.h"

#include "base/json.h"
#include "base/memory.h"
#include "io/edges/snapshot_recorder.h"
#include "net/selection.h"
#include "sim/clock.h"

static void write_manifest(rw_json *json) {
    rw_json_open_object(json, "manifest");
    rw_json_text(json, "$BASE_DIR", ".");
    rw_json_close_object(json);
}

/* The circuit is the network at the start of the run. */
static rw_err write_circuit(rw_directory *directory, const rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "circuit_config.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    write_manifest(&json);
    rw_json_open_object(&json, "components");
    rw_json_close_object(&json);
    rw_json_open_object(&json, "networks");
    rw_json_open_array(&json, "nodes");
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "nodes_file", "$BASE_DIR/nodes.h5");
    rw_json_text(&json, "node_types_file", "$BASE_DIR/node_types.csv");
    rw_json_open_object(&json, "populations");
    for (size_t i = 0; i < network->n_populations; i++) {
        rw_json_open_object(&json, network->populations[i].spec->name);
        rw_json_text(&json, "type", network->populations[i].spec->model == NULL ? "virtual" : "point_neuron");
        rw_json_close_object(&json);
    }
    rw_json_close_object(&json);
    rw_json_close_object(&json);
    rw_json_close_array(&json);
    rw_json_open_array(&json, "edges");
    if (scenario->record.snapshots) {
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "edges_file", rw_path_of("$BASE_DIR/edges/%s", rw_snapshot_name(0).text).text);
        rw_json_text(&json, "edge_types_file", "$BASE_DIR/edge_types.csv");
        rw_json_open_object(&json, "populations");
        for (size_t i = 0; i < network->n_projections; i++) {
            rw_json_open_object(&json, network->projections[i].spec->name);
            rw_json_text(&json, "type", "chemical");
            rw_json_close_object(&json);
        }
        rw_json_close_object(&json);
        rw_json_close_object(&json);
    }
    rw_json_close_array(&json);
    rw_json_close_object(&json);
    rw_json_text(&json, "node_sets_file", "$BASE_DIR/node_sets.json");
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "circuit_config.json", file);
}

/* The node set of a report: a population, or the set named after the report. */
static const char *report_cells(const rw_scenario *scenario, const rw_report_spec *report) {
    return report->targets.kind == RW_SELECT_ALL ? scenario->populations[report->population].name : report->name;
}

static void write_report(rw_json *json, const rw_scenario *scenario, const rw_report_spec *report) {
    const uint64_t frames = rw_clock_predict(scenario) / report->every_steps + 1;
    const double interval_ms = (double)report->every_steps * scenario->step_ms;
    rw_json_open_object(json, report->name);
    rw_json_text(json, "cells", report_cells(scenario, report));
    rw_json_text(json, "variable_name", report->variable);
    rw_json_text(json, "sections", "soma");
    rw_json_text(json, "type", "compartment");
    rw_json_text(json, "module", "multimeter_report"); /* BMTK asks for it */
    rw_json_text(json, "unit", report->unit);
    rw_json_number(json, "dt", interval_ms);
    rw_json_number(json, "start_time", 0.0);
    rw_json_number(json, "end_time", (double)frames * interval_ms);
    rw_json_text(json, "file_name", rw_path_of("reports/%s.h5", report->name).text);
    rw_json_close_object(json);
}

/* The spikes that virtual cells replay are those of the result; other inputs SONATA cannot say. */
static void write_inputs(rw_json *json, const rw_scenario *scenario) {
    rw_json_open_object(json, "inputs");
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *population = &scenario->populations[p];
        if (population->n_spikes_files == 0 || !scenario->record.spikes[p])
            continue;
        rw_json_open_object(json, population->name);
        rw_json_text(json, "input_type", "spikes");
        rw_json_text(json, "module", "sonata");
        rw_json_text(json, "input_file", "$BASE_DIR/spikes.h5");
        rw_json_text(json, "node_set", population->name);
        rw_json_close_object(json);
    }
    rw_json_close_object(json);
}

static rw_err write_simulation(rw_directory *directory, const rw_scenario *scenario) {
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "simulation_config.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    write_manifest(&json);
    rw_json_text(&json, "network", "$BASE_DIR/circuit_config.json");
    rw_json_text(&json, "node_sets_file", "$BASE_DIR/node_sets.json");
    rw_json_open_object(&json, "run");
    rw_json_number(&json, "tstop", (double)rw_clock_predict(scenario) * scenario->step_ms); /* as of spikes */
    rw_json_number(&json, "dt", scenario->step_ms);
    rw_json_integer(&json, "random_seed", scenario->seed);
    rw_json_close_object(&json);
    rw_json_open_object(&json, "output");
    /* Another simulator that runs this file must not write over the result. */
    rw_json_text(&json, "output_dir", "$BASE_DIR/other_simulator");
    rw_json_truth(&json, "overwrite_output_dir", false);
    rw_json_text(&json, "spikes_file", "spikes.h5");
    rw_json_text(&json, "spikes_sort_order", "by_time");
    rw_json_close_object(&json);
    write_inputs(&json, scenario);
    rw_json_open_object(&json, "reports");
    for (size_t i = 0; i < scenario->record.n_reports; i++)
        write_report(&json, scenario, &scenario->record.reports[i]);
    rw_json_close_object(&json);
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "simulation_config.json", file);
}

/* A report on part of a population has a node set of its own. */
static rw_err write_report_set(rw_json *json, const rw_network *network, size_t index) {
    const rw_report_spec *report = &network->scenario->record.reports[index];
    uint64_t *ids;
    RW_TRY(rw_selection_ids(network->scenario, report->population, &report->targets,
                            rw_substream_of(network->scenario->seed, RW_SUBSTREAM_REPORT_CELLS, (uint32_t)index),
                            &ids));
    rw_json_open_object(json, report->name);
    rw_json_text(json, "population", network->populations[report->population].spec->name);
    rw_json_open_array(json, "node_id");
    for (uint64_t i = 0; i < report->targets.count; i++)
        rw_json_integer(json, NULL, ids[i]);
    rw_json_close_array(json);
    rw_json_close_object(json);
    rw_free(ids);
    return RW_OK;
}

static rw_err write_node_sets(rw_directory *directory, const rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    FILE *file;
    RW_TRY(rw_directory_open_text(directory, "node_sets.json", &file));
    rw_json json = {.file = file};
    rw_json_open_object(&json, NULL);
    for (size_t i = 0; i < network->n_populations; i++) {
        rw_json_open_object(&json, network->populations[i].spec->name);
        rw_json_text(&json, "population", network->populations[i].spec->name);
        rw_json_close_object(&json);
    }
    rw_err err = RW_OK;
    for (size_t i = 0; err == RW_OK && i < scenario->record.n_reports; i++)
        if (scenario->record.reports[i].targets.kind != RW_SELECT_ALL)
            err = write_report_set(&json, network, i);
    if (err != RW_OK) {
        (void)fclose(file); /* it stays .part; the cause is on its way up */
        return err;
    }
    rw_json_close_object(&json);
    return rw_directory_commit_text(directory, "node_sets.json", file);
}

rw_err rw_sonata_config_write(rw_directory *directory, const rw_network *network) {
    RW_TRY(write_circuit(directory, network));
    RW_TRY(write_simulation(directory, network->scenario));
    return write_node_sets(directory, network);
}

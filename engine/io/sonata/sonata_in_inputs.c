#include "io/sonata/sonata_in_inputs.h"

#include <math.h>
#include <string.h>

#include "io/sonata/sonata_in_clamps.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_keys.h"
#include "io/sonata/sonata_in_sets.h"
#include "io/sonata/sonata_in_spikes.h"

/* A path as rw_sonata_load_spikes wants it: relative to the directory of the scenario's file. */
static const char *relative_to(const char *directory, const char *path) {
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 ? path + length : path;
}

/* Only whole trains are replayed. */
static rw_err check_times(rw_sonata_reader *reader, const rw_node *input) {
    const rw_scenario *scenario = reader->scenario;
    const rw_node *delay = rw_node_get(input, "delay"), *duration = rw_node_get(input, "duration");
    double value = 0.0;
    if (delay != NULL)
        RW_TRY(rw_sonata_json_number(reader, delay, &value));
    if (value != 0.0)
        return rw_sonata_json_wrong(reader, delay,
                                    "spikes are replayed from 0 ms on; shift them in their file instead");
    value = HUGE_VAL;
    if (duration != NULL)
        RW_TRY(rw_sonata_json_number(reader, duration, &value));
    if (value < (double)scenario->n_steps * scenario->step_ms * (1.0 - 1e-9))
        return rw_sonata_json_wrong(reader, duration,
                                    "spikes are replayed to the end of the run; leave them out of their file instead");
    return RW_OK;
}

/* Spikes of several inputs add up. */
static rw_err drive(rw_sonata_reader *reader, const rw_node *input, const rw_sonata_part *part, const char *path) {
    rw_population_spec *population = &reader->scenario->populations[part->population];
    if (part->cells.kind != RW_SELECT_ALL)
        return rw_sonata_json_wrong(reader, rw_node_get(input, "node_set"),
                                    "the node set is a part of '%s'; a spike file drives whole populations",
                                    population->name);
    const char **files = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, files, population->n_spikes_files + 1));
    for (size_t k = 0; k < population->n_spikes_files; k++)
        files[k] = population->spikes_files[k];
    files[population->n_spikes_files++] = relative_to(reader->main.directory, path);
    population->spikes_files = files;
    population->spikes_population = population->name;
    return RW_OK;
}

static rw_err read_spikes(rw_sonata_reader *reader, const rw_node *input, const char *module) {
    static const rw_sonata_section section = {
        .read = "input_type module input_file node_set enabled delay duration", .idle = "", .strict = true};
    const rw_node *file, *cells = rw_node_get(input, "node_set");
    const char *path;
    const rw_sonata_part *parts;
    size_t n, n_driven = 0;
    RW_TRY(rw_sonata_section_check(reader, input, &section));
    RW_TRY(rw_sonata_json_need(reader, input, "input_file", RW_NODE_SCALAR, &file));
    RW_TRY(rw_sonata_json_path(reader, &reader->simulation, file, &path));
    RW_TRY(check_times(reader, input));
    if (rw_sonata_spikes_in_text(path) != (strcmp(module, "csv") == 0))
        return rw_sonata_json_wrong(reader, file, "module '%s' is for files that%s end in .csv", module,
                                    strcmp(module, "csv") == 0 ? "" : " do not");
    if (cells == NULL)
        return rw_sonata_json_wrong(reader, input, "'node_set' is missing: which cells spike?");
    RW_TRY(rw_sonata_node_set(reader, cells, &parts, &n));
    for (size_t k = 0; k < n; k++) {
        if (reader->populations[parts[k].population].nest != NULL)
            continue;
        RW_TRY(drive(reader, input, &parts[k], path));
        n_driven++;
    }
    if (n_driven == 0)
        return rw_sonata_json_wrong(reader, cells, "cells of '%s' are not virtual; only virtual cells replay spikes",
                                    reader->scenario->populations[parts[0].population].name);
    return RW_OK;
}

static rw_err read_input(rw_sonata_reader *reader, const rw_node *input) {
    const rw_node *type, *module;
    RW_TRY(rw_sonata_json_need(reader, input, "input_type", RW_NODE_SCALAR, &type));
    RW_TRY(rw_sonata_json_need(reader, input, "module", RW_NODE_SCALAR, &module));
    bool from_file =
        strcmp(module->text, "h5") == 0 || strcmp(module->text, "sonata") == 0 || strcmp(module->text, "csv") == 0;
    if (strcmp(module->text, "IClamp") == 0)
        return rw_sonata_read_clamp(reader, input, type);
    if (strcmp(type->text, "spikes") == 0 && from_file)
        return read_spikes(reader, input, module->text);
    if (strcmp(module->text, "ecephys_probe") == 0 || strcmp(module->text, "nwb") == 0)
        return rw_sonata_json_wrong(
            reader, module, "spikes from NWB files (%s) are not read; write them as SONATA or csv", module->text);
    return rw_sonata_json_wrong(
        reader, module,
        "inputs of type '%s' by module '%s' are not simulated; there are spikes (module h5, sonata "
        "or csv) and current clamps (module IClamp)",
        type->text, module->text);
}

rw_err rw_sonata_read_inputs(rw_sonata_reader *reader) {
    const rw_node *inputs = rw_node_get(reader->simulation.root, "inputs");
    rw_scenario *scenario = reader->scenario;
    if (inputs != NULL && inputs->kind != RW_NODE_MAP)
        return rw_sonata_json_wrong(reader, inputs, "inputs are a map from names to what drives the cells");
    for (const rw_node *input = inputs != NULL ? inputs->first : NULL; input != NULL; input = input->next) {
        if (!rw_sonata_json_disabled(input))
            RW_TRY(read_input(reader, input));
    }
    for (size_t p = 0; p < scenario->n_populations; p++) {
        if (reader->populations[p].nest == NULL && scenario->populations[p].n_spikes_files == 0)
            RW_TRY(rw_scenario_warn(scenario, "population %s: its virtual cells have no input of spikes and are silent",
                                    scenario->populations[p].name));
    }
    return RW_OK;
}

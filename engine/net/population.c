#include "net/population.h"

#include <stdio.h>
#include <string.h>

rw_place rw_place_of(const char *kind, const char *name, rw_mark mark) {
    rw_place place;
    if (mark.file != NULL)
        (void)snprintf(place.text, sizeof place.text, "%s:%u:%u: %s '%s'", mark.file, mark.line, mark.column, kind,
                       name);
    else
        (void)snprintf(place.text, sizeof place.text, "%s '%s'", kind, name);
    return place;
}

static rw_err apply_setting(rw_block *block, const rw_setting *setting, rw_stream stream, uint32_t population) {
    const rw_value *value = &setting->value;
    if (value->kind == RW_CONSTANT) {
        rw_block_fill(block, setting->field, value->a);
        return RW_OK;
    }
    double *values = NULL;
    RW_TRY(rw_block_individual(block, setting->field, &values));
    for (size_t i = block->begin; i < block->end; i++)
        values[i] = rw_value_draw(value, stream, i, population);
    return RW_OK;
}

rw_err rw_block_from_settings(rw_block *block, const rw_network *network, const rw_model *model, uint32_t population,
                              uint32_t part, const rw_setting *settings, size_t n_settings) {
    unsigned char *set = NULL;
    RW_TRY(rw_network_create_block(network, population, model, block));
    rw_err err = RW_NEW(set, model->n_fields, model->name);
    for (size_t i = 0; i < n_settings && err == RW_OK; i++) {
        size_t field = settings[i].field;
        RW_ASSERT(field < model->n_fields && field < 256 && part < 65536);
        set[field] = 1;
        rw_stream stream = rw_stream_of(network->scenario->seed, RW_PURPOSE_PARAMETER, part << 8 | (uint32_t)field);
        err = apply_setting(block, &settings[i], stream, population);
    }
    if (err == RW_OK)
        err = rw_block_finish(block, set);
    rw_free(set);
    if (err != RW_OK)
        rw_block_destroy(block);
    return err;
}

rw_err rw_population_create(rw_network *network, uint32_t index) {
    rw_population *population = &network->populations[index];
    const rw_population_spec *spec = population->spec;
    if (network->scenario->dimensions > 0)
        RW_TRY(rw_population_place(network, index));
    if (spec->model == NULL)
        return RW_OK;
    rw_err err = rw_block_from_settings(&population->neuron, network, spec->model, index, RW_PART_NEURON,
                                        spec->settings, spec->n_settings);
    return err == RW_OK ? err : rw_fail_context(err, "%s", rw_place_of("population", spec->name, spec->mark).text);
}

void rw_population_destroy(rw_population *population, int dimensions) {
    rw_block_destroy(&population->neuron);
    for (size_t r = 0; r < population->n_receptors; r++) {
        rw_block_destroy(&population->receptors[r].block);
        bool *acting = (bool *)(uintptr_t)population->receptors[r].factors; /* and drugs */
        rw_free(acting);
    }
    rw_free(population->receptors);
    for (size_t p = 0; p < population->n_ports; p++)
        rw_free(population->ports[p].sinks);
    rw_free(population->ports);
    for (int d = 0; d < dimensions; d++)
        rw_free(population->position_um[d]);
    *population = (rw_population){0};
}

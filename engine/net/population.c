#include "net/population.h"

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/cell_block.h"
#include "net/positions.h"

rw_err rw_population_create(rw_population *population, const rw_scenario *scenario, const rw_partition *partition,
                            uint32_t index) {
    const rw_population_spec *spec = population->spec;
    if (scenario->dimensions > 0)
        RW_TRY(rw_positions_create(population, scenario, index));
    if (spec->model == NULL)
        return RW_OK;
    rw_err err = rw_cell_block_from_settings(&population->neuron, scenario, partition, index, spec->model,
                                             RW_PART_NEURON, spec->settings, spec->n_settings);
    return err == RW_OK ? err : rw_fail_context(err, "%s", rw_mark_text_of("population", spec->name, spec->mark).text);
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

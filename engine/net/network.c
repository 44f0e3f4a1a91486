#include "net/network.h"

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/building/connect.h"
#include "net/fan_outs.h"
#include "net/ports.h"
#include "net/prediction.h"

static rw_err create_populations(rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    network->n_populations = scenario->n_populations;
    RW_TRY(RW_NEW(network->populations, scenario->n_populations, "populations"));
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *spec = &scenario->populations[p];
        network->populations[p].spec = spec;
        network->populations[p].count = spec->count;
        network->populations[p].first_gid = network->n_neurons;
        RW_CHECK(spec->count <= UINT32_MAX - network->n_neurons, RW_ERR_INPUT,
                 "%s: the network has more than %u neurons; make populations smaller",
                 rw_mark_text_of("population", spec->name, spec->mark).text, UINT32_MAX);
        network->n_neurons += spec->count;
    }
    for (size_t p = 0; p < scenario->n_populations; p++)
        RW_TRY(rw_population_create(&network->populations[p], scenario, &network->partition, (uint32_t)p));
    return RW_OK;
}

static rw_err create_projections(rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    RW_TRY(RW_NEW(network->projections, scenario->n_projections, "projections"));
    network->n_projections = scenario->n_projections;
    for (size_t p = 0; p < scenario->n_projections; p++)
        RW_TRY(rw_projection_create(&network->projections[p], scenario, &network->partition, (uint32_t)p));
    return RW_OK;
}

/* Over the projections that have, or may get, synapses. */
static rw_err span_delays(rw_network *network) {
    network->min_delay = UINT32_MAX;
    network->max_delay = 1;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection *projection = &network->projections[p];
        uint64_t total = 0;
        RW_TRY(rw_projection_total(&network->partition, projection, &total));
        if (!projection->spec->structural && total == 0)
            continue;
        if (projection->min_delay < network->min_delay)
            network->min_delay = projection->min_delay;
        if (projection->max_delay > network->max_delay)
            network->max_delay = projection->max_delay;
    }
    if (network->min_delay == UINT32_MAX)
        network->min_delay = 1;
    return RW_OK;
}

static rw_err create_cells(rw_network *network) {
    RW_TRY(rw_prediction_check(network->scenario, &network->partition));
    RW_TRY(create_populations(network));
    RW_TRY(create_projections(network));
    return rw_ports_create(network);
}

static rw_err build(rw_network *network) {
    RW_TRY(rw_comm_agree(network->partition.comm, create_cells(network)));
    for (size_t p = 0; p < network->n_projections; p++)
        RW_TRY(rw_projection_connect(network, &network->projections[p]));
    return span_delays(network);
}

rw_err rw_network_create(rw_network **network, const rw_scenario *scenario, int n_threads) {
    return rw_network_create_part(network, scenario, rw_comm_alone(), n_threads);
}

rw_err rw_network_create_part(rw_network **network, const rw_scenario *scenario, const rw_comm *comm, int n_threads) {
    *network = NULL;
    rw_network *created = NULL;
    RW_TRY(RW_NEW(created, 1, "network"));
    created->scenario = scenario;
    created->partition = rw_partition_create(comm, n_threads);
    rw_err err = build(created);
    if (err != RW_OK)
        rw_network_destroy(&created);
    *network = created;
    return err;
}

void rw_network_destroy(rw_network **network) {
    rw_network *gone = *network;
    if (gone == NULL)
        return;
    for (size_t p = 0; gone->populations != NULL && p < gone->n_populations; p++)
        rw_population_destroy(&gone->populations[p], gone->scenario->dimensions);
    for (size_t p = 0; gone->projections != NULL && p < gone->n_projections; p++)
        rw_projection_destroy(&gone->projections[p], &gone->partition);
    rw_fan_outs_destroy(gone);
    rw_free(gone->populations);
    rw_free(gone->projections);
    rw_free(gone->input_ports);
    rw_free(gone);
    *network = NULL;
}

#include "sim/structural_plasticity.h"

#include "sim/deletion/loss.h"
#include "sim/deletion/retraction.h"
#include "sim/elements/vacancies.h"

rw_err rw_structural_plasticity_create(rw_structural_plasticity **structural_out, rw_network *network) {
    rw_structural_plasticity *structural = NULL;
    *structural_out = NULL;
    if (network->scenario->n_growth == 0)
        return RW_OK;
    RW_TRY(rw_comm_agree(network->partition.comm, RW_NEW(structural, 1, "structure")));
    structural->network = network;
    rw_err err = rw_structure_create(&structural->structure, network);
    if (err == RW_OK)
        err = rw_comm_agree(network->partition.comm, rw_formation_create(&structural->formation, network));
    if (err != RW_OK)
        rw_structural_plasticity_destroy(&structural);
    *structural_out = structural;
    return err;
}

void rw_structural_plasticity_destroy(rw_structural_plasticity **structural_in) {
    rw_structural_plasticity *structural = *structural_in;
    if (structural == NULL)
        return;
    rw_structure_destroy(&structural->structure);
    rw_formation_destroy(&structural->formation);
    rw_edge_event_log_destroy(&structural->events);
    rw_free(structural);
    *structural_in = NULL;
}

rw_connectivity_update rw_connectivity_update_at(rw_structural_plasticity *structural, uint64_t time) {
    return (rw_connectivity_update){.network = structural->network,
                                    .structure = &structural->structure,
                                    .log = &structural->events,
                                    .plastic_rows = structural->plastic_rows,
                                    .time = time};
}

rw_err rw_update_connectivity(rw_structural_plasticity *structural, uint64_t time) {
    const rw_connectivity_update update = rw_connectivity_update_at(structural, time);
    rw_edge_event_log *events = &structural->events;
    events->n = 0;
    RW_TRY(rw_delete_lost(&update));
    RW_TRY(rw_retract_synapses(&update));
    RW_TRY(rw_comm_agree(structural->network->partition.comm, rw_edge_event_log_sort(events)));
    size_t n_deleted = events->n;
    rw_former_partners *former = &structural->formation.former;
    RW_TRY(rw_comm_agree(structural->network->partition.comm,
                         rw_former_partners_lose(former, structural->network, events->items, n_deleted, time)));
    RW_TRY(rw_form_synapses(&structural->formation, &update, RW_DENDRITE_EXC));
    RW_TRY(rw_form_synapses(&structural->formation, &update, RW_DENDRITE_INH));
    rw_former_partners_join(former, structural->network, events->items, n_deleted, events->n);
    rw_structure_decay_vacant(&structural->structure);
    structural->deleted += n_deleted;
    structural->created += events->n - n_deleted;
    return RW_OK;
}

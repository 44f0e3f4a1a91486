#include "sim/gate.h"

rw_err rw_gate_create(rw_gate *gate, const rw_network *network, const rw_projection *projection) {
    const rw_population *target = &network->populations[projection->target];
    uint64_t n_sources = projection->n_sources;
    const rw_port *port = &target->ports[projection->graded_port];
    const rw_block *block = &target->receptors[port->sinks[0].index].block;
    *gate = (rw_gate){.projection = projection->index, .model = block->model, .step_ms = block->step_ms};
    RW_TRY(RW_NEW(gate->x, block->model->n_fields, "gate"));
    rw_block_chunk(block, 0, gate->x);
    RW_TRY(rw_reserve(&gate->gate, n_sources, sizeof gate->gate[0], "gate"));
    return rw_reserve(&gate->stamp, n_sources, sizeof gate->stamp[0], "gate");
}

void rw_gate_destroy(rw_gate *gate) {
    rw_free(gate->x);
    rw_free(gate->gate);
    rw_free(gate->stamp);
    *gate = (rw_gate){0};
}

float rw_gate_jump(rw_gate *gate, uint64_t id, uint64_t stamp) {
    double elapsed_ms = (double)(stamp - gate->stamp[id]) * gate->step_ms;
    gate->stamp[id] = stamp;
    rw_chunk instance = {.n = 1, .step_ms = gate->step_ms, .x = gate->x};
    return (float)gate->model->receptor.presynaptic_jump(&instance, &gate->gate[id], elapsed_ms);
}

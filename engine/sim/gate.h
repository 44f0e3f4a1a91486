/* A presynaptic gate: one state per source cell of a projection whose receptor saturates at the source. */
#ifndef RW_SIM_GATE_H
#define RW_SIM_GATE_H

#include "net/network.h"

typedef struct {
    uint32_t projection;
    const rw_model *model;
    double **x; /* [n_fields] the receptor's parameters, one instance */
    double step_ms;
    double *gate;    /* [source count] state just after the cell's last spike */
    uint64_t *stamp; /* [source count] of that spike */
} rw_gate;

/* Creates the gate of a projection with a graded port. Errors: RW_ERR_SYSTEM; the gate is then to be destroyed. */
RW_MUST_CHECK rw_err rw_gate_create(rw_gate *gate, const rw_network *network, const rw_projection *projection);

/* Frees the gate; a zeroed gate is fine. */
void rw_gate_destroy(rw_gate *gate);

/* How the gate jumps at a spike of source cell `id` stamped `stamp`. */
float rw_gate_jump(rw_gate *gate, uint64_t id, uint64_t stamp);

#endif

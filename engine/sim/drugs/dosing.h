/* What drugs do to the receptors of a population, step by step. A block on the conductance is part of its factor; a
 * block in the pore depends on each cell's voltage; a kinetic block is a state of each cell. */
#ifndef RW_SIM_DOSING_H
#define RW_SIM_DOSING_H

#include "net/network.h"
#include "sim/drugs/drug_exposure.h"

/* One drug on one receptor instance. */
typedef struct {
    size_t receptor; /* instance */
    size_t drug;
    rw_block block; /* the action's constants; an instance per cell if it has a state, which is checkpointed */
    double *level;  /* [steps of a block] C / K at 0 mV of a block in the pore, umol/l of a kinetic one */
    size_t shape;   /* of a block in the pore or a kinetic one: its voltage dependence */
    double share;   /* of the cells' receptors that are of this subunit */
    double left;    /* what a kinetic block leaves, mean of the cells, as last read by plasticity; 1 before that and
                       without such a block */
} rw_drug_use;

typedef struct {
    rw_drug_use *uses;
    size_t n_uses;
    bool *acts;     /* [n_receptors] in the pore or kinetically */
    double *slopes; /* [n_shapes] 1/mV; block in the pore, or a rate, falls as exp(-slope V) */
    size_t n_shapes;
    double speed;
} rw_dosing;

/* The drugs on a population, for blocks of at most `n_steps`. Errors: RW_ERR_SYSTEM, RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_dosing_create(rw_dosing *dosing, const rw_network *network, uint32_t population,
                                      size_t n_steps);

/* Frees it; a zeroed one is fine. */
void rw_dosing_destroy(rw_dosing *dosing);

/* Size of the buffer of a thread for rw_dosing_voltages and rw_dosing_update, in numbers. */
size_t rw_dosing_scratch(const rw_dosing *dosing);

/* Sets the concentrations conc_uM [n_drugs x stride] of n steps, and multiplies factors [n_receptors x stride]. */
void rw_dosing_fill(rw_dosing *dosing, const double *conc_uM, double *factors, size_t stride, uint32_t n);

/* Once a step and chunk, before rw_dosing_update: the voltage dependence of blocks at V_m [n]. */
void rw_dosing_voltages(const rw_dosing *dosing, const double *V_m, size_t n, double *scratch);

/* Updates receptor `receptor` of `acts` on a chunk that begins at cell `first`, in step `step` of the block. */
void rw_dosing_update(const rw_dosing *dosing, size_t receptor, uint32_t step, uint64_t first, const rw_model *model,
                      const rw_chunk *chunk, const rw_receptor_io *io, double *scratch);

/* Computes the conductance of a receptor under drugs at step 0 of the block without advancing the state of kinetic
 * blocks; `chunk` holds copies of the receptor's states, which it advances, and `io` an empty g_syn and gE_syn. */
void rw_dosing_measure(const rw_dosing *dosing, size_t receptor, uint64_t first, const rw_model *model,
                       const rw_chunk *chunk, const rw_receptor_io *io, double *scratch);

/* Mean share of the cells' receptors that a drug blocks, at their voltages and this concentration. */
double rw_dosing_occupancy(const rw_dosing *dosing, const rw_population *population, size_t use, const rw_drug *drug,
                           double conc_uM);

/* Mg / K_Mg(V) in the pore of an instance of an NMDA receptor, as its own update has it. */
double rw_receptor_magnesium(const rw_block *receptor, uint64_t instance, double V_m);

#endif

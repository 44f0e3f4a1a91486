/* What a model is: a table of its numbers and batched functions over instances. One file in models/ is one model.
 *
 * From the table the engine derives memory, scenario keys, unit and range checks, what can be recorded, HDF5
 * attributes, `rewire models` and the contract tests. A model allocates nothing, has no random generator, and does not
 * know of threads: it receives columns of numbers, x[field][i] for instance i of a chunk, and fills or updates them. */
#ifndef RW_MODEL_MODEL_H
#define RW_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/count.h"
#include "base/vmath.h"
#include "model/drug.h"
#include "model/propagators.h"
#include "model/signal.h"
#include "model/synapse.h"

/* Most instances in one call: a chunk's columns fit in the first-level cache. */
#define RW_CHUNK 256

/* Marks a batched function: compiled for SSE2, AVX2 and AVX-512 and chosen at start; results are bitwise equal. */
#ifdef RW_MULTIVERSION
#define RW_KERNEL __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define RW_KERNEL
#endif

typedef enum {
    RW_NEURON,
    RW_RECEPTOR,
    RW_GROWTH,
    RW_DRUG,
    RW_COMPOUND,
    RW_ACTION,
    RW_SYNAPSE,
    RW_DRIVE,
    RW_SIGNAL
} rw_kind;

typedef enum {
    RW_PARAMETER, /* set by the scenario; one value for all instances or one each */
    RW_DERIVED,   /* computed by derive() from parameters and the step */
    RW_STATE,     /* changes in time; recorded and checkpointed; the scenario may set the initial value */
    RW_INPUT,     /* filled by the engine before each update: I_ext (pA), g_syn (nS), gE_syn (pA = nS mV) */
    RW_PORT       /* filled by the engine: summed weights of the spikes that arrive at the end of this step */
} rw_role;

/* One number of a model. */
typedef struct {
    const char *name; /* published symbol: V_m, tau_m, E_L, ... */
    const char *unit; /* as UDUNITS-2 spells it: mV, ms, nS, pA, pF, "1" */
    rw_role role;
    double value;     /* default */
    double min, max;  /* allowed range of a set value, ends included */
    const char *doc;  /* one sentence */
    const char *like; /* state only: the default is this parameter's value instead (NULL: `value`) */
} rw_field;

/* A batch of instances. */
typedef struct rw_chunk {
    size_t n;                  /* instances, 1 .. RW_CHUNK */
    double step_ms;            /* length of the step */
    double *const *x;          /* x[field][i], i < n; columns never overlap */
    bool homogeneous;          /* every parameter is equal for all instances, and so is what is derived from them */
    const float *const *ports; /* neurons: ports[field][i] of RW_PORT fields, which have no column */
} rw_chunk;

/* Marks the body of a kernel that is compiled twice, for homogeneous cells and for cells that differ:
 * `chunk->homogeneous ? step(chunk, true) : step(chunk, false)`. Parameters of homogeneous cells then stay in
 * registers, where reading a column for each would take more time than the arithmetic. */
#define RW_KERNEL_BODY static inline __attribute__((always_inline))

/* A parameter or derived number inside a kernel. */
typedef struct {
    double one;         /* of all instances, if they are homogeneous */
    const double *each; /* [n] */
    bool homogeneous;
} rw_parameter;

/* The parameter `field` of the chunk; `homogeneous` is the constant with which the kernel's body is compiled. */
RW_KERNEL_BODY rw_parameter rw_parameter_of(const rw_chunk *chunk, size_t field, bool homogeneous) {
    return (rw_parameter){.one = chunk->x[field][0], .each = chunk->x[field], .homogeneous = homogeneous};
}

/* Its value for instance i. */
RW_KERNEL_BODY double rw_at(rw_parameter parameter, size_t i) {
    return parameter.homogeneous ? parameter.one : parameter.each[i];
}

/* Neuron: advances V_m and the rest by one step, adds what arrives at its end, tests the threshold. */
typedef struct {
    /* fired[i] = 1.0 if i spiked at the end of the step, else 0.0; returns how many did. */
    double (*update)(const rw_chunk *chunk, double *fired);
} rw_neuron;

/* Input and output of a receptor. The conductance is its mean over the step: the cell then gets the
 * right charge from currents that decay within few steps, whereas the value at the start would be a few percent too
 * large.
 */
typedef struct {
    const double *V_m; /* [n] mV, at the start of the step */
    float *arrivals;   /* [n] summed weights of the spikes that arrive at the end of the step; read by rw_arrived */
    /* Drug in the open pore, C / K(V), beside magnesium's Mg / K_Mg(V): pore_level x pore_shape[i]; level 0: none. */
    float pore_level;
    const float *pore_shape;   /* [n] */
    double conductance_factor; /* blockade: what is left of the conductance, 1 = no block */
    double *g_syn;             /* [n] nS, mean conductance over the step; written by rw_open */
    double *gE_syn;            /* [n] pA, conductance x reversal potential; likewise */
    bool first;                /* of the cells' receptors: stores in g_syn and gE_syn what the others add to them */
    bool last;                 /* of the readers of `arrivals`: leaves zeros there for the spikes of a later step */
} rw_receptor_io;

/* Instance i has the mean conductance `open` (nS) over the step, with a reversal potential in mV. */
RW_KERNEL_BODY void rw_open(const rw_receptor_io *io, size_t i, double open, double reversal) {
    io->g_syn[i] = io->first ? open : io->g_syn[i] + open;
    io->gE_syn[i] = rw_fma(open, reversal, io->first ? 0.0 : io->gE_syn[i]);
}

/* What arrives at instance i. To be called once for each. */
RW_KERNEL_BODY float rw_arrived(const rw_receptor_io *io, size_t i) {
    float arrived = io->arrivals[i];
    if (io->last)
        io->arrivals[i] = 0.0f;
    return arrived;
}

/* Calls a receptor's body, inlined, with constants that say whether parameters are homogeneous and, if so, whether this
 * is the first receptor and the last reader: its loop then decides nothing. */
RW_KERNEL_BODY void rw_receptor_cases(const rw_chunk *chunk, const rw_receptor_io *io,
                                      void (*body)(const rw_chunk *, const rw_receptor_io *, bool)) {
    rw_receptor_io own = *io;
    if (!chunk->homogeneous) {
        body(chunk, io, false);
    } else if (io->first && io->last) {
        own.first = own.last = true;
        body(chunk, &own, true);
    } else if (io->first) {
        own.first = true;
        own.last = false;
        body(chunk, &own, true);
    } else if (io->last) {
        own.first = false;
        own.last = true;
        body(chunk, &own, true);
    } else {
        own.first = own.last = false;
        body(chunk, &own, true);
    }
}

/* GluN2 subunits of the NMDA receptor. */
typedef enum { RW_GLUN2A, RW_GLUN2B, RW_GLUN2C, RW_GLUN2D, RW_GLUN2_COUNT } rw_glun2;

/* A parameter whose default differs between subunits. */
typedef struct {
    size_t field;
    double value[RW_GLUN2_COUNT];
} rw_glun2_value;

/* Receptor: adds its mean conductance over the step, then advances its state to the end of the step. */
typedef struct {
    const char *weight_unit; /* of a synaptic weight on it: "nS" */
    int inhibitory;          /* 1: its synapses sit on inhibitory dendritic elements */
    void (*update)(const rw_chunk *chunk, const rw_receptor_io *io);
    /* Only for receptors whose gate belongs to the presynaptic cell (NULL otherwise). At a spike of the source,
     * `gate` (its state, 0 at start) has been without a spike for `elapsed_ms`; advances it over the spike and returns
     * by how much it jumped: the weight's multiplier for this spike. x has one instance (n = 1). */
    double (*presynaptic_jump)(const rw_chunk *chunk, double *gate, double elapsed_ms);
    /* Only for NMDA receptors (NULL otherwise), on which drugs act: what their GluN2 subunit decides. Such a receptor
     * takes the drug in its pore into account, and its state `gate` (nS) is the conductance of its open gates, blocked
     * or not. */
    const rw_glun2_value *glun2;
    size_t n_glun2;
    size_t gate;
} rw_receptor;

/* Growth curve: how fast synaptic elements grow or retract at a calcium level. */
typedef struct {
    void (*rate)(const rw_chunk *chunk, const double *calcium, double *dz_dt); /* dz_dt[i] in elements per ms */
} rw_growth;

typedef struct rw_model {
    const char *name; /* as the scenario spells it; equals the file's name */
    rw_kind kind;
    const char *summary;    /* one sentence */
    const char *equations;  /* plain text, one equation a line */
    const char *references; /* author year journal; a number without a source that was read is called an assumption */
    const rw_field *fields;
    size_t n_fields;
    void (*derive)(const rw_chunk *chunk);                   /* NULL if nothing is derived */
    const char *(*invalid)(const rw_chunk *chunk, size_t i); /* NULL, or says in a sentence why instance i cannot be */
    union {
        rw_neuron neuron;
        rw_receptor receptor;
        rw_growth growth;
        rw_kinetics_model drug;
        rw_action action;
        rw_synapse_model synapse;
        rw_drive_model drive;
        rw_signal_model signal;
    };
} rw_model;

#endif

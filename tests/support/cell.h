/* One cell with receptors, driven step by step without a simulator. */
#ifndef RW_TESTS_CELL_H
#define RW_TESTS_CELL_H

#include <string.h>

#include "close.h"
#include "model/block.h"
#include "model/registry.h"

enum { CELL_RECEPTORS = 4, CELL_FIELDS = 128 };

/* A model with one instance, and the buffers that the engine would pass. */
typedef struct {
    rw_block block;
    double *x[CELL_FIELDS];
    double lent[CELL_FIELDS];
    float lent_ports[CELL_FIELDS];
    const float *ports[CELL_FIELDS];
    unsigned char set[CELL_FIELDS];
} single;

typedef struct {
    single neuron;
    single receptors[CELL_RECEPTORS];
    float arrivals[CELL_RECEPTORS]; /* summed weights that arrive at the end of the next step; then 0 again */
    float pore[CELL_RECEPTORS];     /* drug in the pore */
    double factor[CELL_RECEPTORS];  /* blockade, 1 at start */
    size_t n_receptors;
} cell;

static inline single single_create(rw_kind kind, const char *name, double step_ms) {
    const rw_model *model = rw_registry_find(kind, name);
    assert_non_null(model);
    assert_true(model->n_fields <= CELL_FIELDS);
    single s = {0};
    assert_ok(rw_block_create(&s.block, model, 1, step_ms));
    return s;
}

static inline size_t single_field(const single *s, const char *name) {
    size_t field = rw_model_field(s->block.model, name);
    if (field == RW_NO_FIELD)
        fail_msg("%s has no field %s", s->block.model->name, name);
    return field;
}

/* Sets a parameter or state before single_start, or a state, an input or a port later. */
static inline void single_set(single *s, const char *name, double value) {
    size_t field = single_field(s, name);
    rw_role role = s->block.model->fields[field].role;
    s->lent[field] = value;
    s->lent_ports[field] = (float)value;
    s->set[field] = 1;
    if (role != RW_INPUT && role != RW_PORT)
        rw_block_fill(&s->block, field, value);
}

static inline double single_get(const single *s, const char *name) {
    return rw_block_value(&s->block, single_field(s, name), 0);
}

static inline rw_chunk single_chunk(single *s) {
    rw_block_chunk(&s->block, 0, s->x);
    for (size_t field = 0; field < s->block.model->n_fields; field++) {
        s->ports[field] = &s->lent_ports[field];
        if (s->x[field] == NULL)
            s->x[field] = &s->lent[field];
    }
    return (rw_chunk){.n = 1, .step_ms = s->block.step_ms, .x = s->x, .ports = s->ports};
}

static inline void single_start(single *s) {
    assert_ok(rw_block_finish(&s->block, s->set));
}

static inline cell cell_create(const char *neuron, double step_ms) {
    return (cell){.neuron = single_create(RW_NEURON, neuron, step_ms)};
}

static inline single *cell_receptor(cell *c, const char *name) {
    assert_true(c->n_receptors < CELL_RECEPTORS);
    single *receptor = &c->receptors[c->n_receptors];
    *receptor = single_create(RW_RECEPTOR, name, c->neuron.block.step_ms);
    c->factor[c->n_receptors++] = 1.0;
    return receptor;
}

static inline void cell_start(cell *c) {
    single_start(&c->neuron);
    for (size_t i = 0; i < c->n_receptors; i++)
        single_start(&c->receptors[i]);
}

static inline void cell_destroy(cell *c) {
    rw_block_destroy(&c->neuron.block);
    for (size_t i = 0; i < c->n_receptors; i++)
        rw_block_destroy(&c->receptors[i].block);
}

/* One step in the engine's order: receptors give conductance and advance, then the neuron. Returns whether it spiked.
 */
static inline int cell_step(cell *c) {
    double V_m = single_get(&c->neuron, "V_m"), g_syn = 0.0, gE_syn = 0.0, fired = -1.0;
    for (size_t i = 0; i < c->n_receptors; i++) {
        rw_chunk chunk = single_chunk(&c->receptors[i]);
        rw_receptor_io io = {&V_m, &c->arrivals[i], 1.0f, &c->pore[i], c->factor[i], &g_syn, &gE_syn, i == 0, true};
        c->receptors[i].block.model->receptor.update(&chunk, &io);
    }
    if (rw_model_takes_receptors(c->neuron.block.model)) {
        single_set(&c->neuron, "g_syn", g_syn);
        single_set(&c->neuron, "gE_syn", gE_syn);
    }
    rw_chunk chunk = single_chunk(&c->neuron);
    c->neuron.block.model->neuron.update(&chunk, &fired);
    return fired == 1.0;
}

#endif

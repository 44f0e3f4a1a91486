#include "net/mechanism.h"

#include "base/memory.h"
#include "model/block.h"

/* Fills the mechanism's numbers from a block of one instance. */
static rw_err copy_numbers(rw_mechanism *mechanism, const rw_block *block) {
    const rw_model *model = block->model;
    RW_TRY(RW_NEW(mechanism->p, model->n_fields, model->name));
    RW_TRY(RW_NEW(mechanism->start, model->n_fields + 1, model->name));
    for (size_t field = 0; field < model->n_fields; field++) {
        mechanism->p[field] = rw_block_value(block, field, 0);
        if (model->fields[field].role == RW_STATE)
            mechanism->start[mechanism->n_states++] = mechanism->p[field];
    }
    mechanism->n_states += model->kind == RW_SYNAPSE && model->synapse.rule.keeps_given_weight;
    return RW_OK;
}

rw_err rw_mechanism_create(rw_mechanism *mechanism, double step_ms, const rw_model *model, const rw_setting *settings,
                           size_t n_settings) {
    unsigned char *set = NULL;
    rw_block block;
    mechanism->model = model;
    RW_TRY(rw_block_create(&block, model, 1, step_ms));
    rw_err err = RW_NEW(set, model->n_fields, model->name);
    for (size_t k = 0; k < n_settings && err == RW_OK; k++) {
        RW_ASSERT(settings[k].value.kind == RW_CONSTANT);
        set[settings[k].field] = 1;
        rw_block_fill(&block, settings[k].field, settings[k].value.a);
    }
    if (err == RW_OK)
        err = rw_block_finish(&block, set);
    if (err == RW_OK)
        err = copy_numbers(mechanism, &block);
    rw_free(set);
    rw_block_destroy(&block);
    return err;
}

void rw_mechanism_destroy(rw_mechanism *mechanism) {
    rw_free(mechanism->p);
    rw_free(mechanism->start);
    *mechanism = (rw_mechanism){0};
}

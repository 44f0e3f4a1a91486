#include "net/cell_block.h"

#include "base/memory.h"
#include "net/value.h"

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

rw_err rw_cell_block_create(rw_block *block, const rw_scenario *scenario, const rw_partition *partition,
                            uint32_t population, const rw_model *model) {
    uint64_t count = scenario->populations[population].count;
    rw_slice kept = rw_partition_kept_slice(partition, count);
    return rw_comm_rank(partition->comm) == 0
               ? rw_block_create(block, model, count, scenario->step_ms)
               : rw_block_create_part(block, model, count, kept.begin, kept.end, scenario->step_ms);
}

rw_err rw_cell_block_from_settings(rw_block *block, const rw_scenario *scenario, const rw_partition *partition,
                                   uint32_t population, const rw_model *model, uint32_t part,
                                   const rw_setting *settings, size_t n_settings) {
    unsigned char *set = NULL;
    RW_TRY(rw_cell_block_create(block, scenario, partition, population, model));
    rw_err err = RW_NEW(set, model->n_fields, model->name);
    for (size_t i = 0; i < n_settings && err == RW_OK; i++) {
        size_t field = settings[i].field;
        RW_ASSERT(field < model->n_fields && field < RW_PART_INITIAL && part < 65536);
        set[field] = 1;
        rw_stream stream = rw_stream_of(scenario->seed, RW_PURPOSE_PARAMETER, part << 8 | (uint32_t)field);
        err = apply_setting(block, &settings[i], stream, population);
    }
    if (err == RW_OK)
        err = rw_block_finish(block, set);
    rw_free(set);
    if (err != RW_OK)
        rw_block_destroy(block);
    return err;
}

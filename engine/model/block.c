#include "model/block.h"

#include <string.h>

#include "base/memory.h"
#include "model/registry.h"

static bool has_column(rw_role role) {
    return role == RW_PARAMETER || role == RW_DERIVED || role == RW_STATE;
}

static size_t padded(size_t count) {
    return (count + 7) / 8 * 8;
}

/* A column for all instances, with memory for those that are kept here. */
static rw_err create_individual(const rw_block *block, double **values) {
    if (block->part)
        return rw_reserve(values, padded(block->count), sizeof **values, block->model->name);
    return RW_NEW(*values, padded(block->count), block->model->name);
}

/* Allocates the columns of a block and gives them their defaults. */
static rw_err create_columns(rw_block *block) {
    const rw_model *model = block->model;
    rw_err err = RW_NEW(block->columns, model->n_fields, model->name);
    for (size_t field = 0; field < model->n_fields && err == RW_OK; field++) {
        rw_column *column = &block->columns[field];
        if (!has_column(model->fields[field].role))
            continue;
        column->shared = model->fields[field].role != RW_STATE;
        err =
            column->shared ? RW_NEW(column->values, RW_CHUNK, model->name) : create_individual(block, &column->values);
        if (err == RW_OK)
            rw_block_fill(block, field, model->fields[field].value);
    }
    if (err != RW_OK)
        rw_block_destroy(block);
    return err;
}

rw_err rw_block_create(rw_block *block, const rw_model *model, size_t count, double step_ms) {
    *block = (rw_block){.model = model, .count = count, .end = count, .step_ms = step_ms};
    return create_columns(block);
}

rw_err rw_block_create_part(rw_block *block, const rw_model *model, size_t count, size_t begin, size_t end,
                            double step_ms) {
    RW_ASSERT(begin <= end && end <= count);
    *block = (rw_block){.model = model, .count = count, .part = true, .begin = begin, .end = end, .step_ms = step_ms};
    return create_columns(block);
}

void rw_block_destroy(rw_block *block) {
    for (size_t field = 0; block->columns != NULL && field < block->model->n_fields; field++)
        rw_free(block->columns[field].values);
    rw_free(block->columns);
    *block = (rw_block){0};
}

rw_err rw_block_individual(rw_block *block, size_t field, double **values) {
    rw_column *column = &block->columns[field];
    RW_ASSERT(column->values != NULL);
    if (column->shared) {
        double *individual = NULL;
        RW_TRY(create_individual(block, &individual));
        for (size_t i = block->begin; i < block->end; i++)
            individual[i] = column->values[0];
        rw_free(column->values);
        *column = (rw_column){.values = individual, .shared = false};
        block->homogeneous = false;
    }
    *values = column->values;
    return RW_OK;
}

void rw_block_fill(rw_block *block, size_t field, double value) {
    rw_column *column = &block->columns[field];
    size_t first = column->shared ? 0 : block->begin, end = column->shared ? RW_CHUNK : block->end;
    for (size_t i = first; i < end; i++)
        column->values[i] = value;
}

/* States that were not set start at the parameter they are like. */
static void start_states(rw_block *block, const unsigned char *set_mask) {
    const rw_model *model = block->model;
    for (size_t field = 0; field < model->n_fields; field++) {
        const char *like = model->fields[field].like;
        if (like == NULL || (set_mask != NULL && set_mask[field]))
            continue;
        size_t source = rw_model_field(model, like);
        RW_ASSERT(source != RW_NO_FIELD && model->fields[source].role == RW_PARAMETER);
        for (size_t i = block->begin; i < block->end; i++)
            block->columns[field].values[i] = rw_block_value(block, source, i);
    }
}

static bool parameters_shared(const rw_block *block) {
    for (size_t field = 0; field < block->model->n_fields; field++)
        if (block->model->fields[field].role == RW_PARAMETER && !block->columns[field].shared)
            return false;
    return true;
}

static rw_err derive(rw_block *block, bool shared) {
    const rw_model *model = block->model;
    if (model->derive == NULL)
        return RW_OK;
    double **x = NULL;
    rw_err err = RW_NEW(x, model->n_fields, model->name);
    for (size_t field = 0; field < model->n_fields && err == RW_OK && !shared; field++) {
        double *unused;
        if (model->fields[field].role == RW_DERIVED)
            err = rw_block_individual(block, field, &unused);
    }
    size_t begin = shared ? 0 : block->begin, end = shared ? RW_CHUNK : block->end;
    for (size_t first = begin; first < end && err == RW_OK; first += RW_CHUNK) {
        size_t n = end - first < RW_CHUNK ? end - first : RW_CHUNK;
        rw_block_chunk(block, first, x);
        model->derive(&(rw_chunk){.n = n, .step_ms = block->step_ms, .x = x});
    }
    rw_free(x);
    return err;
}

static rw_err check(const rw_block *block, bool shared) {
    const rw_model *model = block->model;
    if (model->invalid == NULL || block->begin == block->end)
        return RW_OK;
    double **x = NULL;
    RW_TRY(RW_NEW(x, model->n_fields, model->name));
    const char *reason = NULL;
    size_t end = shared ? block->begin + 1 : block->end;
    size_t instance = block->begin;
    for (; instance < end && reason == NULL; instance++) {
        size_t first = block->begin + (instance - block->begin) / RW_CHUNK * RW_CHUNK;
        rw_block_chunk(block, first, x);
        size_t n = end - first < RW_CHUNK ? end - first : RW_CHUNK;
        reason = model->invalid(&(rw_chunk){.n = n, .step_ms = block->step_ms, .x = x}, instance - first);
    }
    rw_free(x);
    RW_CHECK(reason == NULL, RW_ERR_INPUT, "%s %s, instance %zu: %s", rw_kind_name(model->kind), model->name,
             instance - 1, reason);
    return RW_OK;
}

rw_err rw_block_finish(rw_block *block, const unsigned char *set_mask) {
    start_states(block, set_mask);
    bool shared = parameters_shared(block);
    RW_TRY(derive(block, shared));
    block->homogeneous = shared;
    return check(block, shared);
}

void rw_block_chunk(const rw_block *block, size_t first, double **x) {
    for (size_t field = 0; field < block->model->n_fields; field++) {
        const rw_column *column = &block->columns[field];
        if (column->values == NULL)
            x[field] = NULL;
        else
            x[field] = column->shared ? column->values : column->values + first;
    }
}

double rw_block_value(const rw_block *block, size_t field, size_t instance) {
    const rw_column *column = &block->columns[field];
    return column->values[column->shared ? 0 : instance];
}

/* The numbers of many instances of one model: one column per field.
 *
 * A parameter that is equal for all instances is stored once, as a column of RW_CHUNK copies that every chunk shares;
 * kernels cannot tell the difference, and the shared column stays in the first-level cache. */
#ifndef RW_MODEL_BLOCK_H
#define RW_MODEL_BLOCK_H

#include <stdbool.h>

#include "base/error.h"
#include "model/model.h"

typedef struct {
    double *values; /* [count], or [RW_CHUNK] equal values when shared */
    bool shared;
} rw_column;

typedef struct {
    const rw_model *model;
    size_t count; /* instances */
    bool part;    /* others have instances, too: only those from `begin` to `end` are kept here, the rest is zero */
    size_t begin, end;
    double step_ms;
    bool homogeneous;   /* all parameter and derived columns are shared; known after rw_block_finish */
    rw_column *columns; /* [model->n_fields]; INPUT and PORT fields have no column; the engine passes buffers */
} rw_block;

/* Creates a block with all parameters and states at their defaults.
 * Errors: RW_ERR_SYSTEM (memory); *block is then empty. */
RW_MUST_CHECK rw_err rw_block_create(rw_block *block, const rw_model *model, size_t count, double step_ms);

/* The same where only the instances `begin` .. `end` - 1 are kept here; those of others take no memory. */
RW_MUST_CHECK rw_err rw_block_create_part(rw_block *block, const rw_model *model, size_t count, size_t begin,
                                          size_t end, double step_ms);

/* Frees the columns; a zeroed block is fine. */
void rw_block_destroy(rw_block *block);

/* Makes a parameter or state column individual (one value per instance) and returns it in *values [count], with the
 * value it had for the instances kept here.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_block_individual(rw_block *block, size_t field, double **values);

/* Sets a parameter or state of all instances that are kept here to one value. */
void rw_block_fill(rw_block *block, size_t field, double value);

/* Computes states that default to a parameter (those not in `set_mask`, a byte per field, may be NULL), then the
 * derived columns, then asks the model whether each instance is valid.
 * Errors: RW_ERR_INPUT with the model's sentence and the instance; RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_block_finish(rw_block *block, const unsigned char *set_mask);

/* Points x[field] at instance `first` of each column (NULL for fields without one). x has model->n_fields entries. */
void rw_block_chunk(const rw_block *block, size_t first, double **x);

/* The value of a parameter, derived number or state of one instance. */
double rw_block_value(const rw_block *block, size_t field, size_t instance);

#endif

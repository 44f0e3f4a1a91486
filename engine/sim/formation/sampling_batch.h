/* Batches in flight: some elements make their attempts side by side, stage by stage, so that what one stage prefetches
 * is in the cache in the next, and arithmetic is vectorised. */
#ifndef RW_SIM_SAMPLING_BATCH_H
#define RW_SIM_SAMPLING_BATCH_H

#include "sim/formation/sampling_table.h"

enum { RW_SAMPLING_BATCH = 64 };

typedef struct {
    uint32_t n;
    /* of an element that is not resolved */
    uint32_t element[RW_SAMPLING_BATCH];
    uint64_t name[RW_SAMPLING_BATCH]; /* in draws */
    uint32_t attempt[RW_SAMPLING_BATCH];
    rw_sampling_table *table[RW_SAMPLING_BATCH];
    /* of its attempt */
    uint32_t random[4][RW_SAMPLING_BATCH];
    double bound[RW_SAMPLING_BATCH]; /* of the kernel in the box drawn */
    uint32_t projection[RW_SAMPLING_BATCH];
    const rw_kernel *kernel[RW_SAMPLING_BATCH];
    const rw_vacant_dendrites *dendrites[RW_SAMPLING_BATCH];
    uint64_t vacancy[RW_SAMPLING_BATCH];
    uint32_t dendrite[RW_SAMPLING_BATCH];
    double from_um[3][RW_SAMPLING_BATCH], to_um[3][RW_SAMPLING_BATCH];
    bool accepted[RW_SAMPLING_BATCH];
} rw_sampling_batch;

/* One attempt of each member of the batch: projection, dendrite, and whether the kernel accepts it. */
void rw_sampling_batch_attempt(rw_sampling_batch *batch, const rw_partner_search *search,
                               const rw_axonal_element *elements);

#endif

#include "sim/formation/sampling_batch.h"

#include "base/philox_batch.h"
#include "net/distance_kernel.h"
#include "net/space.h"

/* rw_draw for the whole batch, rounded up to whole vectors. */
static void draw(rw_sampling_batch *batch, const rw_partner_search *search) {
    enum { WHOLE = 16 };
    uint32_t n = (batch->n + WHOLE - 1) / WHOLE * WHOLE;
    rw_stream first = rw_attempt_stream(search, 0);
    for (uint32_t k = 0; k < n; k++) {
        batch->random[0][k] = first.domain | batch->attempt[k] << 16; /* of rw_attempt_stream */
        batch->random[1][k] = (uint32_t)batch->name[k];
        batch->random[2][k] = (uint32_t)search->step;
        batch->random[3][k] = (uint32_t)(batch->name[k] >> 32) << 16 | ((uint32_t)(search->step >> 32) & 0xFFFFu);
    }
    uint32_t *const words[] = {batch->random[0], batch->random[1], batch->random[2], batch->random[3]};
    rw_philox_for_each(first.key, n, words);
}

/* Draws boxes with 40 bits, and vacancies in them with 32. */
static void draw_vacancies(rw_sampling_batch *batch, const rw_partner_search *search) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_sampling_table *table = batch->table[k];
        const double *cumulative = table->cumulative;
        uint64_t bits = (uint64_t)batch->random[0][k] << 8 | batch->random[3][k] >> 24;
        double x = ((double)(int64_t)bits + 0.5) * 0x1p-40 * cumulative[table->n - 1];
        uint32_t n = table->guide[(uint64_t)batch->random[0][k] * table->n >> 32];
        n += cumulative[n] <= x; /* two branchless steps, where most draws stop */
        n += cumulative[n] <= x;
        while (cumulative[n] <= x)
            n++;
        batch->bound[k] = table->bound[n];
        const uint32_t *p = table->projections;
        for (; n >= search->grid.n_boxes; p++)
            n -= search->grid.n_boxes;
        const rw_projection *projection = &search->network->projections[*p];
        const rw_vacant_dendrites *dendrites = &search->dendrites[projection->target];
        const rw_vacant_box *box = &dendrites->boxes[n];
        batch->projection[k] = *p;
        batch->kernel[k] = &projection->spec->search;
        batch->dendrites[k] = dendrites;
        batch->vacancy[k] = box->first + (batch->random[1][k] * box->vacant >> 32);
        __builtin_prefetch(&dendrites->guide[batch->vacancy[k] >> dendrites->guide_shift]);
    }
}

static void look_up_guide(rw_sampling_batch *batch) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_vacant_dendrites *dendrites = batch->dendrites[k];
        batch->dendrite[k] = dendrites->guide[batch->vacancy[k] >> dendrites->guide_shift];
        __builtin_prefetch(&dendrites->items[batch->dendrite[k]]);
        __builtin_prefetch(&dendrites->items[batch->dendrite[k] + 1].before);
    }
}

static void find_dendrites(rw_sampling_batch *batch, const rw_partner_search *search,
                           const rw_axonal_element *elements) {
    for (uint32_t k = 0; k < batch->n; k++) {
        const rw_vacant_dendrite *dendrites = batch->dendrites[k]->items;
        const rw_axonal_element *element = &elements[batch->element[k]];
        uint32_t n = batch->dendrite[k];
        while (dendrites[n + 1].before <= batch->vacancy[k])
            n++;
        batch->dendrite[k] = n;
        batch->accepted[k] = rw_may_form(&search->network->projections[batch->projection[k]], element, &dendrites[n]);
        for (int d = 0; d < 3; d++) {
            batch->from_um[d][k] = element->at_um[d];
            batch->to_um[d][k] = dendrites[n].at_um[d];
        }
    }
}

/* Accepts a draw with probability kernel / bound. */
static void accept(rw_sampling_batch *batch, const rw_partner_search *search) {
    const double *from_um[] = {batch->from_um[0], batch->from_um[1], batch->from_um[2]};
    const double *to_um[] = {batch->to_um[0], batch->to_um[1], batch->to_um[2]};
    double distance_um[RW_SAMPLING_BATCH], value[RW_SAMPLING_BATCH];
    rw_space_distances(search->network->scenario, from_um, to_um, batch->n, distance_um);
    rw_kernel_values(batch->kernel, distance_um, batch->n, value);
    for (uint32_t k = 0; k < batch->n; k++)
        batch->accepted[k] &= rw_uniform32(batch->random[2][k]) * batch->bound[k] < value[k];
}

void rw_sampling_batch_attempt(rw_sampling_batch *batch, const rw_partner_search *search,
                               const rw_axonal_element *elements) {
    draw(batch, search);
    draw_vacancies(batch, search);
    look_up_guide(batch);
    find_dendrites(batch, search, elements);
    accept(batch, search);
}

#include "sim/elements/growth.h"

#include "base/count.h"

/* z += dz/dt x tick for one chunk of cells. A signal changes how fast elements form, not how fast they go; there are
 * never less than 0. With a target_factor the curve is read at calcium / target_factor, which multiplies all its levels
 * of calcium by the factor. */
static void grow_chunk(rw_elements *elements, const double *calcium, uint64_t first, size_t n, double tick_ms,
                       double target_factor, double **x) {
    double dz_dt[RW_CHUNK], seen[RW_CHUNK];
    rw_block_chunk(&elements->curve, first, x);
    rw_chunk chunk = {.n = n, .step_ms = elements->curve.step_ms, .x = x};
    double formation = 1.0;
    for (size_t k = 0; k < RW_COUNT(elements->formation); k++)
        formation *= elements->formation[k] != NULL ? *elements->formation[k] : 1.0;
    for (size_t i = 0; i < n; i++)
        seen[i] = calcium[first + i] / target_factor;
    elements->spec->model->growth.rate(&chunk, seen, dz_dt);
    for (size_t i = 0; i < n; i++) {
        double z = elements->z[first + i] + tick_ms * (dz_dt[i] > 0.0 ? formation * dz_dt[i] : dz_dt[i]);
        elements->z[first + i] = z > 0.0 ? z : 0.0;
    }
}

/* Most fields of any growth curve; a larger one is a bug that the assertion shows. */
enum { MOST_FIELDS = 32 };

static void grow_cells(rw_structure *structure, rw_cells *cells, uint64_t begin, uint64_t end, uint64_t time) {
    for (uint64_t i = begin; i < end; i++) {
        cells->calcium[i] = cells->calcium[i] * structure->tick_decay + cells->pending[i];
        cells->pending[i] = 0.0;
    }
    for (int e = 0; e < RW_ELEMENT_KINDS; e++) {
        rw_elements *elements = &cells->elements[e];
        if (elements->spec == NULL)
            continue;
        double *x[MOST_FIELDS];
        RW_ASSERT(elements->spec->model->n_fields <= MOST_FIELDS);
        for (uint64_t first = begin; first < end; first += RW_CHUNK) {
            size_t n = end - first < RW_CHUNK ? (size_t)(end - first) : RW_CHUNK;
            grow_chunk(elements, cells->calcium, first, n, structure->tick_ms,
                       rw_schedule_at(&elements->spec->target_factor, time), x);
        }
        for (uint64_t i = begin; cells->dead != NULL && i < end; i++)
            elements->z[i] = cells->dead[i] ? 0.0 : elements->z[i];
    }
}

void rw_structure_grow(rw_structure *structure, int thread, uint64_t time) {
    const rw_network *network = structure->network;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        rw_slice slice = rw_partition_thread_slice(&network->partition, network->populations[p].count, thread);
        if (structure->cells[p].calcium != NULL)
            grow_cells(structure, &structure->cells[p], slice.begin, slice.end, time);
    }
}

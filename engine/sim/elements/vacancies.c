/* Most updates change little, so that the search for the cells that change is most of an update's cost: cells are
 * counted chunk by chunk, and only chunks with any are looked at cell by cell. */
#include "sim/elements/vacancies.h"

#include <math.h>

#include "base/workspace.h"

/* How many of n cells have a vacant element: floor(z) > connected. */
RW_KERNEL static uint32_t count_vacant(const double *z, const uint32_t *connected, uint64_t n) {
    uint32_t count = 0;
#pragma omp simd reduction(+ : count)
    for (uint64_t i = 0; i < n; i++)
        count += z[i] >= connected[i] + 1.0;
    return count;
}

/* Lists those of cells [begin, end) that have any; returns how many. The list has a slot for each, and one more. */
RW_KERNEL static size_t list_vacant(const double *z, const uint32_t *connected, uint64_t begin, uint64_t end,
                                    rw_vacant *list) {
    size_t n = 0;
    for (uint64_t i = begin; i < end; i++) { /* branchless */
        double vacant = floor(z[i]) - connected[i];
        list[n] = (rw_vacant){.id = (uint32_t)i, .vacant = vacant > 0.0 ? (uint32_t)vacant : 0};
        n += vacant > 0.0;
    }
    return n;
}

rw_err rw_structure_list_vacant(const rw_structure *structure, uint32_t population, rw_element element,
                                rw_vacant_list *list) {
    const rw_elements *elements = &structure->cells[population].elements[element];
    rw_slice own =
        rw_partition_own_slice(&structure->network->partition, structure->network->populations[population].count);
    list->n = 0;
    for (uint64_t begin = own.begin, end; elements->spec != NULL && begin < own.end; begin = end) {
        end = own.end - begin < RW_CHUNK ? own.end : begin + RW_CHUNK;
        if (count_vacant(elements->z + begin, elements->connected + begin, end - begin) == 0)
            continue;
        RW_TRY(RW_WORKSPACE_RESERVE(&list->capacity, list->n + RW_CHUNK + 1, "vacant elements",
                                    RW_WORKSPACE_ARRAY(list->items)));
        list->n += list_vacant(elements->z, elements->connected, begin, end, list->items + list->n);
    }
    return RW_OK;
}

/* The vacant elements of n cells. */
RW_KERNEL static uint64_t sum_vacant(const double *z, const uint32_t *connected, uint64_t n) {
    double sum = 0.0; /* of integers: exact in any order */
#pragma omp simd reduction(+ : sum)
    for (uint64_t i = 0; i < n; i++) {
        double vacant = floor(z[i]) - connected[i];
        sum += vacant > 0.0 ? vacant : 0.0;
    }
    return (uint64_t)sum;
}

uint64_t rw_structure_count_vacant(const rw_structure *structure, uint32_t population, rw_element element) {
    const rw_elements *elements = &structure->cells[population].elements[element];
    rw_slice own =
        rw_partition_own_slice(&structure->network->partition, structure->network->populations[population].count);
    return elements->spec == NULL
               ? 0
               : sum_vacant(elements->z + own.begin, elements->connected + own.begin, own.end - own.begin);
}

/* How many of n cells have excess elements. */
RW_KERNEL static uint32_t count_excess(const double *z, const uint32_t *connected, uint64_t n) {
    uint32_t count = 0;
#pragma omp simd reduction(+ : count)
    for (uint64_t i = 0; i < n; i++)
        count += z[i] < connected[i];
    return count;
}

/* Those of this rank. */
static rw_err list_own_excess(rw_slice own, const rw_elements *elements, rw_excess **cells, size_t *n) {
    size_t capacity = 0;
    for (uint64_t begin = own.begin, end; begin < own.end; begin = end) {
        end = own.end - begin < RW_CHUNK ? own.end : begin + RW_CHUNK;
        if (count_excess(elements->z + begin, elements->connected + begin, end - begin) == 0)
            continue;
        RW_TRY(RW_WORKSPACE_RESERVE(&capacity, *n + RW_CHUNK + 1, "excess elements", RW_WORKSPACE_ARRAY(*cells)));
        for (uint64_t i = begin; i < end; i++) { /* branchless */
            (*cells)[*n].cell = i;
            *n += elements->z[i] < elements->connected[i];
        }
    }
    for (size_t k = 0; k < *n; k++) {
        uint64_t cell = (*cells)[k].cell;
        (*cells)[k].excess = (uint64_t)(elements->connected[cell] - floor(elements->z[cell]));
    }
    return RW_OK;
}

rw_err rw_structure_list_excess(const rw_structure *structure, uint32_t population, rw_element element,
                                rw_excess **cells, size_t *n_cells) {
    const rw_network *network = structure->network;
    rw_excess *own = NULL;
    size_t n = 0;
    rw_err err = rw_comm_agree(
        network->partition.comm,
        list_own_excess(rw_partition_own_slice(&network->partition, network->populations[population].count),
                        &structure->cells[population].elements[element], &own, &n));
    if (err == RW_OK)
        err = rw_comm_share(network->partition.comm, own, n, sizeof *own, cells, n_cells);
    rw_free(own);
    return err;
}

RW_KERNEL static void decay(double *z, const uint32_t *connected, uint64_t n, double share) {
#pragma omp simd
    for (uint64_t i = 0; i < n; i++) {
        double vacant = floor(z[i]) - connected[i];
        z[i] -= share * (vacant > 0.0 ? vacant : 0.0);
    }
}

/* The count that decays is the integer one: were it z minus the connected elements, the fraction that still grows would
 * decay too, and slow growth would never reach a whole element. */
void rw_structure_decay_vacant(rw_structure *structure) {
    const rw_network *network = structure->network;
    for (uint32_t p = 0; structure->spec->vacant_decay > 0.0 && p < network->n_populations; p++)
        for (int e = 0; e < RW_ELEMENT_KINDS; e++) {
            rw_elements *elements = &structure->cells[p].elements[e];
            rw_slice own = rw_partition_own_slice(&network->partition, network->populations[p].count);
            if (elements->spec != NULL)
                decay(elements->z + own.begin, elements->connected + own.begin, own.end - own.begin,
                      structure->spec->vacant_decay);
        }
}

/* Which cells have vacant elements, and their decay. Most updates change little, so that looking for these cells is
 * most of what an update costs: they are looked for by the chunk, and only chunks with any are looked at one by one. */
#include <math.h>

#include "sim/elements/structure.h"

/* How many of n cells have a vacant element: floor(z) > connected. */
RW_KERNEL static uint32_t count_vacant(const double *z, const uint32_t *connected, uint64_t n) {
    uint32_t count = 0;
#pragma omp simd reduction(+ : count)
    for (uint64_t i = 0; i < n; i++)
        count += z[i] >= connected[i] + 1.0;
    return count;
}

/* Lists those of cells [begin, end) that have any; says how many. There is room for all, and one more. */
RW_KERNEL static size_t list_vacant(const double *z, const uint32_t *connected, uint64_t begin, uint64_t end,
                                    rw_vacant *list) {
    size_t n = 0;
    for (uint64_t i = begin; i < end; i++) { /* without a branch that nobody could foretell */
        double vacant = floor(z[i]) - connected[i];
        list[n] = (rw_vacant){.id = (uint32_t)i, .vacant = vacant > 0.0 ? (uint32_t)vacant : 0};
        n += vacant > 0.0;
    }
    return n;
}

RW_KERNEL static void decay(double *z, const uint32_t *connected, uint64_t n, double share) {
#pragma omp simd
    for (uint64_t i = 0; i < n; i++) {
        double vacant = floor(z[i]) - connected[i];
        z[i] -= share * (vacant > 0.0 ? vacant : 0.0);
    }
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
        if (list->n + RW_CHUNK + 1 > list->room) {
            size_t room = 2 * list->room + RW_CHUNK + 1;
            RW_TRY(RW_GROW(list->items, list->room, room, "vacant elements"));
            list->room = room;
        }
        list->n += list_vacant(elements->z, elements->connected, begin, end, list->items + list->n);
    }
    return RW_OK;
}

/* A share of every neuron's vacant elements is lost. The count that decays is the integer one: were it z minus the
 * connected ones, the fraction still growing would decay too and slow growth would never reach a whole element. */
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

#include "sim/formation/vacant_dendrites.h"

#include "base/workspace.h"
#include "net/population.h"
#include "net/positions.h"
#include "net/spatial_grid.h"

rw_err rw_vacant_dendrites_set(rw_vacant_dendrites *list, const rw_population *population, const rw_vacant *cells,
                               size_t n) {
    RW_CHECK(n < UINT32_MAX / 2, RW_ERR_SYSTEM, "more than 2^31 cells have vacant elements at once");
    RW_TRY(RW_WORKSPACE_RESERVE(&list->capacity, n + 1, "partner search", RW_WORKSPACE_ARRAY(list->items),
                                RW_WORKSPACE_ARRAY(list->spare), RW_WORKSPACE_ARRAY(list->guide),
                                RW_WORKSPACE_ARRAY(list->keys)));
    list->n = (uint32_t)n;
    for (size_t k = 0; k < n; k++) {
        list->items[k] = (rw_vacant_dendrite){.id = cells[k].id, .vacant = cells[k].vacant};
        rw_population_position(population, cells[k].id, list->items[k].at_um);
    }
    return RW_OK;
}

static void sort_by_box(rw_vacant_dendrites *list, const rw_spatial_grid *grid) {
    rw_vacant_dendrite *from = list->items, *to = list->spare;
    for (uint32_t k = 0; k < list->n; k++)
        list->keys[k] = rw_spatial_grid_box(grid, from[k].at_um);
    rw_counting_sort(list->keys, list->n, grid->n_boxes, list->start);
    for (uint32_t k = 0; k < list->n; k++)
        to[list->keys[k]] = from[k];
    list->spare = from;
    list->items = to;
}

/* Numbers the vacancies of the sorted dendrites, and makes the guide: at most as many entries as dendrites. */
static void number_vacancies(rw_vacant_dendrites *list) {
    uint64_t total = 0;
    for (uint32_t k = 0; k < list->n; k++) {
        list->items[k].before = total;
        total += list->items[k].vacant;
    }
    list->items[list->n] = (rw_vacant_dendrite){.before = total};
    for (list->guide_shift = 0; total >> list->guide_shift > list->n;)
        list->guide_shift++;
    uint64_t entry = 0;
    for (uint32_t k = 0; k < list->n; k++)
        for (; entry << list->guide_shift < list->items[k + 1].before; entry++)
            list->guide[entry] = k;
}

rw_err rw_vacant_dendrites_sort(rw_vacant_dendrites *list, const rw_spatial_grid *grid) {
    RW_TRY(RW_WORKSPACE_RESERVE(&list->boxes_capacity, (size_t)grid->n_boxes + 2, "partner search",
                                RW_WORKSPACE_ARRAY(list->boxes), RW_WORKSPACE_ARRAY(list->start)));
    sort_by_box(list, grid);
    number_vacancies(list);
    for (uint32_t b = 0; b < grid->n_boxes; b++) {
        uint64_t first = list->items[list->start[b]].before;
        uint64_t end = list->items[list->start[b + 1]].before;
        list->boxes[b] = (rw_vacant_box){.first = first, .vacant = end - first};
    }
    return RW_OK;
}

void rw_vacant_dendrites_drop_full(rw_vacant_dendrites *list) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < list->n; k++) { /* branchless */
        list->items[left] = list->items[k];
        left += list->items[k].vacant > 0;
    }
    list->n = left;
}

void rw_vacant_dendrites_destroy(rw_vacant_dendrites *list) {
    rw_free(list->items);
    rw_free(list->boxes);
    rw_free(list->guide);
    rw_free(list->spare);
    rw_free(list->keys);
    rw_free(list->start);
    *list = (rw_vacant_dendrites){0};
}

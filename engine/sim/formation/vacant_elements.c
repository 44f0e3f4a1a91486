#include "sim/formation/vacant_elements.h"

#include <math.h>

#include "base/workspace.h"
#include "net/population.h"
#include "net/positions.h"

/* Boxes for each square root of the elements, and at least. */
enum { BOXES_PER_ROOT = 2, FEWEST_BOXES = 36 };

/* The shortest distance over which a kernel changes; infinity if none does. */
static double shortest_reach(const rw_network *network, bool inhibitory) {
    double shortest = INFINITY;
    for (size_t p = 0; p < network->n_projections; p++) {
        const rw_projection_spec *spec = network->projections[p].spec;
        const rw_kernel *kernel = &spec->search;
        double reach = kernel->kind == RW_KERNEL_NONE ? kernel->cutoff_um : fmin(kernel->sigma_um, kernel->cutoff_um);
        if (spec->structural && spec->inhibitory == inhibitory)
            shortest = fmin(shortest, reach);
    }
    return shortest;
}

rw_spatial_grid rw_search_grid(const rw_network *network, bool inhibitory, uint64_t n) {
    const rw_scenario *scenario = network->scenario;
    uint32_t boxes[3] = {1, 1, 1};
    double reach = shortest_reach(network, inhibitory);
    /* Each box of searching elements lists each box of vacancies, so the number of boxes grows with the square root of
     * the elements to keep the cost of these lists linear. Boxes narrower than an eighth of the reach would hardly make
     * a draw more likely to be accepted. */
    double n_boxes = fmax(BOXES_PER_ROOT * sqrt((double)n), FEWEST_BOXES);
    for (int d = 0; d < scenario->dimensions && !isinf(reach); d++) {
        double per_side = floor(pow(n_boxes + 1.0, 1.0 / scenario->dimensions));
        boxes[d] = (uint32_t)fmax(1.0, fmin(per_side, ceil(8.0 * scenario->size_um[d] / reach)));
    }
    return rw_spatial_grid_create(scenario, boxes, RW_GRID_X_SLOWEST);
}

rw_err rw_vacant_partners_set(rw_vacant_partners *list, const rw_population *population, const rw_vacant *cells,
                              size_t n) {
    RW_CHECK(n < UINT32_MAX / 2, RW_ERR_SYSTEM, "more than 2^31 cells have vacant elements at once");
    RW_TRY(RW_WORKSPACE_RESERVE(&list->capacity, n + 1, "partner search", RW_WORKSPACE_ARRAY(list->items),
                                RW_WORKSPACE_ARRAY(list->spare), RW_WORKSPACE_ARRAY(list->guide),
                                RW_WORKSPACE_ARRAY(list->keys)));
    list->n = (uint32_t)n;
    for (size_t k = 0; k < n; k++) {
        list->items[k] = (rw_vacant_partner){.id = cells[k].id, .vacant = cells[k].vacant};
        rw_population_position(population, cells[k].id, list->items[k].at_um);
    }
    return RW_OK;
}

static void sort_by_box(rw_vacant_partners *list, const rw_spatial_grid *grid) {
    rw_vacant_partner *from = list->items, *to = list->spare;
    for (uint32_t k = 0; k < list->n; k++)
        list->keys[k] = rw_spatial_grid_box(grid, from[k].at_um);
    rw_counting_sort(list->keys, list->n, grid->n_boxes, list->start);
    for (uint32_t k = 0; k < list->n; k++)
        to[list->keys[k]] = from[k];
    list->spare = from;
    list->items = to;
}

/* Numbers the vacancies of the sorted partners, and makes the guide: at most as many entries as partners. */
static void number_vacancies(rw_vacant_partners *list) {
    uint64_t total = 0;
    for (uint32_t k = 0; k < list->n; k++) {
        list->items[k].before = total;
        total += list->items[k].vacant;
    }
    list->items[list->n] = (rw_vacant_partner){.before = total};
    for (list->guide_shift = 0; total >> list->guide_shift > list->n;)
        list->guide_shift++;
    uint64_t entry = 0;
    for (uint32_t k = 0; k < list->n; k++)
        for (; entry << list->guide_shift < list->items[k + 1].before; entry++)
            list->guide[entry] = k;
}

rw_err rw_vacant_partners_reserve(rw_vacant_partners *list, const rw_spatial_grid *grid) {
    return RW_WORKSPACE_RESERVE(&list->boxes_capacity, (size_t)grid->n_boxes + 2, "partner search",
                                RW_WORKSPACE_ARRAY(list->boxes), RW_WORKSPACE_ARRAY(list->start));
}

void rw_vacant_partners_sort(rw_vacant_partners *list, const rw_spatial_grid *grid) {
    sort_by_box(list, grid);
    number_vacancies(list);
    for (uint32_t b = 0; b < grid->n_boxes; b++) {
        uint64_t first = list->items[list->start[b]].before;
        uint64_t end = list->items[list->start[b + 1]].before;
        list->boxes[b] = (rw_vacant_box){.first = first, .vacant = end - first};
    }
}

void rw_vacant_partners_drop_full(rw_vacant_partners *list) {
    uint32_t left = 0;
    for (uint32_t k = 0; k < list->n; k++) { /* branchless */
        list->items[left] = list->items[k];
        left += list->items[k].vacant > 0;
    }
    list->n = left;
}

void rw_vacant_partners_destroy(rw_vacant_partners *list) {
    rw_free(list->items);
    rw_free(list->boxes);
    rw_free(list->guide);
    rw_free(list->spare);
    rw_free(list->keys);
    rw_free(list->start);
    *list = (rw_vacant_partners){0};
}

rw_err rw_searching_elements_add(rw_searching_elements *list, const rw_network *network, uint32_t population,
                                 const rw_vacant *cells, size_t n_cells) {
    size_t n = list->n;
    for (size_t k = 0; k < n_cells; k++)
        n += cells[k].vacant;
    RW_CHECK(n <= UINT32_MAX, RW_ERR_SYSTEM, "more than 2^32 searching elements of a rank are vacant at once");
    RW_TRY(RW_WORKSPACE_RESERVE(&list->capacity, n, "partner search", RW_WORKSPACE_ARRAY(list->items),
                                RW_WORKSPACE_ARRAY(list->spare), RW_WORKSPACE_ARRAY(list->keys),
                                RW_WORKSPACE_ARRAY(list->resolved)));
    for (size_t k = 0; k < n_cells; k++) {
        rw_searching_element element = {.population = population, .id = cells[k].id};
        rw_population_position(&network->populations[population], element.id, element.at_um);
        for (; element.number < cells[k].vacant; element.number++)
            list->items[list->n++] = element;
    }
    return RW_OK;
}

/* How many groups the elements are sorted into: by population and box. */
static uint32_t count_groups(size_t n_populations, const rw_spatial_grid *grid) {
    return (uint32_t)n_populations * grid->n_boxes;
}

rw_err rw_searching_elements_reserve(rw_searching_elements *list, size_t n_populations, const rw_spatial_grid *grid) {
    return RW_WORKSPACE_RESERVE(&list->start_capacity, (size_t)count_groups(n_populations, grid) + 2, "partner search",
                                RW_WORKSPACE_ARRAY(list->start));
}

void rw_searching_elements_sort(rw_searching_elements *list, size_t n_populations, const rw_spatial_grid *grid) {
    for (size_t k = 0; k < list->n; k++) {
        rw_searching_element *element = &list->items[k];
        element->box = rw_spatial_grid_box(grid, element->at_um);
        list->keys[k] = element->population * grid->n_boxes + element->box;
        list->resolved[k] = false;
    }
    rw_counting_sort(list->keys, (uint32_t)list->n, count_groups(n_populations, grid), list->start);
    for (size_t k = 0; k < list->n; k++)
        list->spare[list->keys[k]] = list->items[k];
    rw_searching_element *sorted = list->spare;
    list->spare = list->items;
    list->items = sorted;
}

void rw_searching_elements_drop_resolved(rw_searching_elements *list) {
    size_t left = 0;
    for (size_t k = 0; k < list->n; k++) { /* branchless */
        list->items[left] = list->items[k];
        left += !list->resolved[k];
    }
    list->n = left;
}

void rw_searching_elements_destroy(rw_searching_elements *list) {
    rw_free(list->items);
    rw_free(list->spare);
    rw_free(list->resolved);
    rw_free(list->keys);
    rw_free(list->start);
    *list = (rw_searching_elements){0};
}

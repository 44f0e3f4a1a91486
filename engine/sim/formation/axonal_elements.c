#include "sim/formation/axonal_elements.h"

#include "base/workspace.h"
#include "net/population.h"
#include "net/positions.h"
#include "net/spatial_grid.h"

/* Makes the list long enough for n elements; keeps what it has. */
static rw_err grow(rw_axonal_elements *list, size_t n) {
    size_t capacity = n + n / 2;
    if (n <= list->capacity)
        return RW_OK;
    RW_CHECK(n <= UINT32_MAX, RW_ERR_SYSTEM, "more than 2^32 axonal elements of a rank are vacant at once");
    RW_TRY(RW_GROW(list->items, list->capacity, capacity, "partner search"));
    RW_TRY(RW_GROW(list->spare, list->capacity, capacity, "partner search"));
    RW_TRY(RW_GROW(list->keys, list->capacity, capacity, "partner search"));
    RW_TRY(RW_GROW(list->resolved, list->capacity, capacity, "partner search"));
    list->capacity = capacity;
    return RW_OK;
}

rw_err rw_axonal_elements_add(rw_axonal_elements *list, const rw_network *network, uint32_t population,
                              const rw_vacant *cells, size_t n_cells) {
    size_t n = list->n;
    for (size_t k = 0; k < n_cells; k++)
        n += cells[k].vacant;
    RW_TRY(grow(list, n));
    for (size_t k = 0; k < n_cells; k++) {
        rw_axonal_element element = {.population = population, .id = cells[k].id};
        rw_population_position(&network->populations[population], element.id, element.at_um);
        for (; element.number < cells[k].vacant; element.number++)
            list->items[list->n++] = element;
    }
    return RW_OK;
}

rw_err rw_axonal_elements_sort(rw_axonal_elements *list, uint32_t n_populations, const rw_spatial_grid *grid) {
    uint32_t n_groups = n_populations * grid->n_boxes; /* by population and box */
    RW_TRY(RW_WORKSPACE_RESERVE(&list->start_capacity, (size_t)n_groups + 2, "partner search",
                                RW_WORKSPACE_ARRAY(list->start)));
    for (size_t k = 0; k < list->n; k++) {
        rw_axonal_element *element = &list->items[k];
        element->box = rw_spatial_grid_box(grid, element->at_um);
        list->keys[k] = element->population * grid->n_boxes + element->box;
        list->resolved[k] = false;
    }
    rw_counting_sort(list->keys, (uint32_t)list->n, n_groups, list->start);
    for (size_t k = 0; k < list->n; k++)
        list->spare[list->keys[k]] = list->items[k];
    rw_axonal_element *sorted = list->spare;
    list->spare = list->items;
    list->items = sorted;
    return RW_OK;
}

void rw_axonal_elements_drop_resolved(rw_axonal_elements *list) {
    size_t left = 0;
    for (size_t k = 0; k < list->n; k++) { /* branchless */
        list->items[left] = list->items[k];
        left += !list->resolved[k];
    }
    list->n = left;
}

void rw_axonal_elements_destroy(rw_axonal_elements *list) {
    rw_free(list->items);
    rw_free(list->spare);
    rw_free(list->resolved);
    rw_free(list->keys);
    rw_free(list->start);
    *list = (rw_axonal_elements){0};
}

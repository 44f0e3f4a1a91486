#include "sim/formation/sampling_table.h"

#include <math.h>
#include <string.h>

#include "base/workspace.h"
#include "net/distance_kernel.h"
#include "net/spatial_grid.h"

/* Upper bound of a kernel between points of two boxes that are `apart` boxes apart along each side, as one number. What
 * rounding may do to a position on the edge of a box is far less than `slack`. */
static double bound_kernel(const rw_spatial_grid *grid, const rw_kernel *kernel, uint32_t apart) {
    const double slack = 1e-9;
    double nearest = 0.0;
    for (int d = 2; d >= 0; d--) {
        double k = apart % grid->n[d];
        apart /= grid->n[d];
        double near_um = k > 1.0 ? (k - 1.0) * grid->side_um[d] : 0.0;
        nearest += near_um * near_um;
    }
    return rw_kernel_value(kernel, sqrt(nearest) * (1.0 - slack));
}

void rw_kernel_bounds(const rw_partner_search *search, double *bounds) {
    const rw_network *network = search->network;
    uint32_t n_boxes = search->grid.n_boxes;
    for (size_t p = 0; p < network->n_projections; p++)
        for (uint32_t k = 0; rw_forms_in_search(&network->projections[p], search->inhibitory) && k < n_boxes; k++)
            bounds[p * n_boxes + k] = bound_kernel(&search->grid, &network->projections[p].spec->search, k);
}

static rw_err reserve(rw_sampling_tables *tables, size_t n_projections, size_t n_boxes) {
    RW_TRY(RW_WORKSPACE_RESERVE(&tables->apart_capacity, n_boxes, "partner search",
                                RW_WORKSPACE_ARRAY(tables->apart[0]), RW_WORKSPACE_ARRAY(tables->apart[1]),
                                RW_WORKSPACE_ARRAY(tables->apart[2])));
    for (rw_sampling_table *table = tables->items; table < tables->items + RW_SAMPLING_TABLES; table++)
        RW_TRY(RW_WORKSPACE_RESERVE(&table->capacity, n_projections * n_boxes + 2, "partner search",
                                    RW_WORKSPACE_ARRAY(table->projections), RW_WORKSPACE_ARRAY(table->bound),
                                    RW_WORKSPACE_ARRAY(table->cumulative), RW_WORKSPACE_ARRAY(table->guide)));
    return RW_OK;
}

rw_err rw_sampling_tables_begin(rw_sampling_tables *tables, const rw_partner_search *search, const double *bounds) {
    tables->search = search;
    tables->bounds = bounds;
    for (size_t t = 0; t < RW_SAMPLING_TABLES; t++)
        tables->items[t].population = tables->items[t].box = UINT32_MAX; /* of no element yet */
    return reserve(tables, search->network->n_projections, search->grid.n_boxes);
}

void rw_sampling_tables_destroy(rw_sampling_tables *tables) {
    for (int d = 0; d < 3; d++)
        rw_free(tables->apart[d]);
    for (size_t t = 0; t < RW_SAMPLING_TABLES; t++) {
        rw_free(tables->items[t].projections);
        rw_free(tables->items[t].bound);
        rw_free(tables->items[t].cumulative);
        rw_free(tables->items[t].guide);
    }
    *tables = (rw_sampling_tables){0};
}

/* How far the boxes along each side are from `box`. */
static void measure_apart(rw_sampling_tables *tables, uint32_t box) {
    const rw_spatial_grid *grid = &tables->search->grid;
    uint32_t stride = 1;
    for (int d = 2; d >= 0; d--) {
        uint32_t n = grid->n[d], at = box % n;
        box /= n;
        for (uint32_t k = 0; k < n; k++) {
            uint32_t apart = k > at ? k - at : at - k;
            tables->apart[d][k] = stride * (grid->periodic && n - apart < apart ? n - apart : apart);
        }
        stride *= n;
    }
}

/* The search for a draw between k / n and (k + 1) / n of all begins behind the last box that ends below k / n: boxes
 * end in their order, so that later ones overwrite earlier ones. */
static void make_guide(rw_sampling_table *table) {
    uint32_t n = table->n, first = 0;
    double per_share = (double)n / table->cumulative[n - 1];
    memset(table->guide, 0, ((size_t)n + 2) * sizeof *table->guide);
    for (uint32_t k = 0; k < n; k++)
        table->guide[(uint32_t)(int32_t)(table->cumulative[k] * per_share) + 1] = k + 1;
    for (uint32_t k = 0; k < n; k++)
        table->guide[k] = first = table->guide[k] > first ? table->guide[k] : first;
}

/* Adds the boxes of a projection to a table. */
static void add_boxes(const rw_sampling_tables *tables, rw_sampling_table *table, uint32_t p) {
    const rw_spatial_grid *grid = &tables->search->grid;
    const rw_vacant_partners *partners =
        &tables->search
             ->partners[rw_searched_population(tables->search->by_dendrites, &tables->search->network->projections[p])];
    const rw_vacant_box *boxes = partners->boxes;
    uint32_t *const *apart = tables->apart;
    int inner = grid->n[2] > 1 ? 2 : 1;
    uint32_t row = grid->n[inner], n_rows = grid->n_boxes / row, n = table->n;
    double sum = n > 0 ? table->cumulative[n - 1] : 0.0;
    for (uint32_t r = 0; r < n_rows; r++) {
        const double *bounds = tables->bounds + (size_t)p * grid->n_boxes;
        bounds += inner == 2 ? apart[0][r / grid->n[1]] + apart[1][r % grid->n[1]] : apart[0][r];
        for (uint32_t k = 0; k < row; k++, n++) {
            table->bound[n] = bounds[apart[inner][k]];
            table->cumulative[n] = sum += table->bound[n] * (double)(int64_t)(boxes++)->vacant;
        }
    }
    table->n = n;
    table->n_partners += partners->n;
    table->projections[table->n_projections++] = p;
}

/* Lists what elements of the table's population and box sample from. */
static void fill_table(rw_sampling_tables *tables, rw_sampling_table *table) {
    const rw_network *network = tables->search->network;
    measure_apart(tables, table->box);
    table->n = table->n_projections = 0;
    table->n_partners = 0;
    for (uint32_t p = 0; p < network->n_projections; p++)
        if (rw_searching_population(tables->search->by_dendrites, &network->projections[p]) == table->population &&
            rw_forms_in_search(&network->projections[p], tables->search->inhibitory))
            add_boxes(tables, table, p);
    if (table->n > 0 && table->cumulative[table->n - 1] > 0.0)
        make_guide(table);
    else
        table->n = 0;
}

rw_sampling_table *rw_sampling_tables_find(rw_sampling_tables *tables, const rw_searching_element *element) {
    rw_sampling_table *free = NULL;
    for (size_t t = 0; t < RW_SAMPLING_TABLES; t++) {
        rw_sampling_table *table = &tables->items[t];
        if (table->population == element->population && table->box == element->box)
            return table;
        if (table->users == 0)
            free = table;
    }
    if (free == NULL)
        return NULL;
    free->population = element->population;
    free->box = element->box;
    fill_table(tables, free);
    return free;
}

/* What seekers choose from: boxes of vacant elements, with bounds of the kernel. */
#include <math.h>
#include <string.h>

#include "net/distance_kernel.h"
#include "sim/formation/sampler.h"

/* The most a kernel can be between points of two boxes that are `apart` boxes apart along each side, as one number.
 * What rounding may do to a place on the edge of a box is far less than `slack`. */
static double bound_kernel(const rw_grid *grid, const rw_kernel *kernel, uint32_t apart) {
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
        for (uint32_t k = 0; rw_partner_concerns(&network->projections[p], search->inhibitory) && k < n_boxes; k++)
            bounds[p * n_boxes + k] = bound_kernel(&search->grid, &network->projections[p].spec->search, k);
}

static rw_err create_table(rw_choice_table *table, size_t n_projections, size_t n_boxes) {
    size_t n = n_projections * n_boxes;
    RW_TRY(RW_NEW(table->projections, n_projections, "partner search"));
    RW_TRY(RW_NEW(table->most, n, "partner search"));
    RW_TRY(RW_NEW(table->cumulative, n, "partner search"));
    return RW_NEW(table->guide, n + 2, "partner search");
}

static void destroy_tables(rw_chooser *chooser) {
    for (int d = 0; d < 3; d++)
        rw_free(chooser->apart[d]);
    memset(chooser->apart, 0, sizeof chooser->apart);
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++) {
        rw_free(chooser->tables[t].projections);
        rw_free(chooser->tables[t].most);
        rw_free(chooser->tables[t].cumulative);
        rw_free(chooser->tables[t].guide);
        chooser->tables[t] = (rw_choice_table){0};
    }
    chooser->boxes_room = 0;
}

static rw_err create_tables(rw_chooser *chooser, size_t n_projections, uint32_t n_boxes) {
    if (n_boxes <= chooser->boxes_room)
        return RW_OK;
    destroy_tables(chooser);
    for (int d = 0; d < 3; d++)
        RW_TRY(RW_NEW(chooser->apart[d], n_boxes, "partner search"));
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++)
        RW_TRY(create_table(&chooser->tables[t], n_projections, n_boxes));
    chooser->boxes_room = n_boxes;
    return RW_OK;
}

static rw_err create_list(rw_chooser *chooser, uint64_t n_sites) {
    size_t n = n_sites < RW_MOST_LISTED ? n_sites : RW_MOST_LISTED;
    if (n <= chooser->listed_room)
        return RW_OK;
    rw_free(chooser->listed);
    chooser->listed_room = 0;
    RW_TRY(RW_NEW(chooser->listed, n, "partner search"));
    chooser->listed_room = n;
    return RW_OK;
}

rw_err rw_chooser_begin(rw_chooser *chooser, const rw_partner_search *search, const double *bounds) {
    const rw_network *network = search->network;
    uint64_t n_sites = 0;
    for (size_t p = 0; p < network->n_projections; p++)
        n_sites += search->vacancies[network->projections[p].target].n;
    chooser->search = search;
    chooser->bounds = bounds;
    RW_TRY(create_tables(chooser, network->n_projections, search->grid.n_boxes));
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++)
        chooser->tables[t].population = chooser->tables[t].box = UINT32_MAX; /* of no seeker yet */
    return create_list(chooser, n_sites);
}

void rw_chooser_destroy(rw_chooser *chooser) {
    destroy_tables(chooser);
    rw_free(chooser->listed);
    *chooser = (rw_chooser){0};
}

/* How far the boxes along each side are from `box`. */
static void measure_apart(rw_chooser *chooser, uint32_t box) {
    const rw_grid *grid = &chooser->search->grid;
    uint32_t stride = 1;
    for (int d = 2; d >= 0; d--) {
        uint32_t n = grid->n[d], at = box % n;
        box /= n;
        for (uint32_t k = 0; k < n; k++) {
            uint32_t apart = k > at ? k - at : at - k;
            chooser->apart[d][k] = stride * (grid->periodic && n - apart < apart ? n - apart : apart);
        }
        stride *= n;
    }
}

/* A draw between k / n and (k + 1) / n of all begins behind the last box that ends below k / n: as boxes end in their
 * order, the later overwrites the earlier. */
static void make_guide(rw_choice_table *table) {
    uint32_t n = table->n, first = 0;
    double per_share = (double)n / table->cumulative[n - 1];
    memset(table->guide, 0, ((size_t)n + 2) * sizeof *table->guide);
    for (uint32_t k = 0; k < n; k++)
        table->guide[(uint32_t)(int32_t)(table->cumulative[k] * per_share) + 1] = k + 1;
    for (uint32_t k = 0; k < n; k++)
        table->guide[k] = first = table->guide[k] > first ? table->guide[k] : first;
}

/* Adds the boxes of a projection to a table. */
static void add_boxes(const rw_chooser *chooser, rw_choice_table *table, uint32_t p) {
    const rw_grid *grid = &chooser->search->grid;
    const rw_vacant_dendrites *vacancies = &chooser->search->vacancies[chooser->search->network->projections[p].target];
    const rw_vacant_box *boxes = vacancies->boxes;
    uint32_t *const *apart = chooser->apart;
    int inner = grid->n[2] > 1 ? 2 : 1;
    uint32_t row = grid->n[inner], n_rows = grid->n_boxes / row, n = table->n;
    double sum = n > 0 ? table->cumulative[n - 1] : 0.0;
    for (uint32_t r = 0; r < n_rows; r++) {
        const double *bounds = chooser->bounds + (size_t)p * grid->n_boxes;
        bounds += inner == 2 ? apart[0][r / grid->n[1]] + apart[1][r % grid->n[1]] : apart[0][r];
        for (uint32_t k = 0; k < row; k++, n++) {
            table->most[n] = bounds[apart[inner][k]];
            table->cumulative[n] = sum += table->most[n] * (double)(int64_t)(boxes++)->vacant;
        }
    }
    table->n = n;
    table->n_sites += vacancies->n;
    table->projections[table->n_projections++] = p;
}

/* Lists what seekers of the table's population and box choose from. */
static void fill_table(rw_chooser *chooser, rw_choice_table *table) {
    const rw_network *network = chooser->search->network;
    measure_apart(chooser, table->box);
    table->n = table->n_projections = 0;
    table->n_sites = 0;
    for (uint32_t p = 0; p < network->n_projections; p++)
        if (network->projections[p].source == table->population &&
            rw_partner_concerns(&network->projections[p], chooser->search->inhibitory))
            add_boxes(chooser, table, p);
    if (table->n > 0 && table->cumulative[table->n - 1] > 0.0)
        make_guide(table);
    else
        table->n = 0;
}

rw_choice_table *rw_chooser_table(rw_chooser *chooser, const rw_axonal_element *seeker) {
    rw_choice_table *free = NULL;
    for (size_t t = 0; t < RW_CHOICE_TABLES; t++) {
        rw_choice_table *table = &chooser->tables[t];
        if (table->population == seeker->population && table->box == seeker->box)
            return table;
        if (table->users == 0)
            free = table;
    }
    if (free == NULL)
        return NULL;
    free->population = seeker->population;
    free->box = seeker->box;
    fill_table(chooser, free);
    return free;
}

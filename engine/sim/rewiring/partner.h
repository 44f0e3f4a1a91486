/* Partner search: a vacant axonal element chooses a vacant dendritic element with probability in proportion to
 * kernel(distance) x vacant elements of the dendrite, exactly.
 *
 * Space is cut into cells. For the cells that sources lie in, target cells are chosen in proportion to an upper bound
 * of kernel x vacancies, then a dendrite in the cell in proportion to its vacancies, and the choice is accepted with
 * probability kernel / bound, else repeated. The cost grows with the vacant elements, not with pairs. */
#ifndef RW_SIM_PARTNER_H
#define RW_SIM_PARTNER_H

#include "sim/rewiring/structure.h"

/* Cells of equal size; one cell without space or kernel. */
typedef struct {
    int dimensions;
    uint32_t n[3];     /* cells along each side */
    double side_um[3]; /* of a cell */
    bool periodic;
    uint32_t n_cells;
} rw_grid;

/* A cell of the grid that has vacant elements. */
typedef struct {
    uint32_t cell, at[3]; /* its place along each side */
    uint64_t vacant;
} rw_vacant_cell;

/* The vacant dendritic elements of one population, cell by cell. */
typedef struct {
    uint64_t *ids;        /* [n] dendrites with vacancies, grouped by cell, ascending inside */
    uint64_t *cumulative; /* [n + 1] vacancies before dendrite k */
    uint64_t *cell_start; /* [n_cells + 1] first dendrite of a cell */
    uint32_t *vacant;     /* [population] */
    uint64_t n;
    rw_vacant_cell *cells; /* [n_cells] ascending */
    uint32_t n_cells;
} rw_vacancies;

/* A vacant axonal element looking for a partner. */
typedef struct {
    uint32_t population, cell; /* cell of the grid */
    uint64_t id;
    uint32_t element; /* 0 .. of this axon */
} rw_seeker;

/* What a seeker chose. */
typedef struct {
    uint32_t seeker;     /* index, on the seeker's rank */
    uint32_t projection; /* UINT32_MAX: found none */
    uint32_t population; /* of the target; UINT32_MAX: found none */
    uint64_t target;
    uint32_t key;     /* contest among seekers of one dendrite: smallest wins */
    uint32_t attempt; /* that made the choice */
} rw_proposal;

typedef struct {
    const rw_network *network;
    uint64_t step;
    bool inhibitory;
    uint32_t round;
    rw_grid grid;
    const rw_vacancies *vacancies; /* [n_populations] of all ranks */
} rw_partner_search;

/* Cuts the space for about `n` seekers. */
rw_grid rw_grid_create(const rw_network *network, bool inhibitory, uint64_t n);

/* The cell that a neuron lies in. */
uint32_t rw_grid_cell(const rw_grid *grid, const rw_population *population, uint64_t id);

/* Groups the dendrites with vacant[] > 0 by cell; frees what was there before. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_vacancies_sort(rw_vacancies *vacancies, const rw_grid *grid, const rw_population *population);

/* Leaves those out that have been taken since, where vacant[] only fell. */
void rw_vacancies_narrow(rw_vacancies *vacancies, const rw_grid *grid);

/* Frees the lists; zeroed vacancies are fine. */
void rw_vacancies_destroy(rw_vacancies *vacancies);

/* Puts seekers of known cells in the order (population, cell), those of one cell as they are. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_seekers_sort(rw_seeker *seekers, size_t n, uint32_t n_populations, const rw_grid *grid);

/* Lets every seeker of this rank choose; seekers are sorted by (population, cell, id, element). Whether a choice is
 * connected already, the rank of the target says. Parallel, and the same for any team. Collective.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_partner_propose(const rw_partner_search *search, const rw_seeker *seekers, size_t n,
                                        rw_proposal *proposals);

/* Asks memory for what rw_partner_connected will look at. */
void rw_partner_prefetch(const rw_network *network, const rw_projection *projection, uint64_t source, uint64_t target);

/* Whether the source already has a synapse onto the target, which belongs to this rank. */
bool rw_partner_connected(const rw_network *network, const rw_projection *projection, uint64_t source, uint64_t target);

#endif

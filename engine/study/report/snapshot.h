/* Synapses and cells of a run, as its files hold them, for figures. */
#ifndef RW_STUDY_REPORT_SNAPSHOT_H
#define RW_STUDY_REPORT_SNAPSHOT_H

#include "config/scenario.h"
#include "io/result_in.h"
#include "study/report/figure.h"

/* The run that figures of its connectivity are made of. */
typedef struct {
    rw_figures *figures;
    const rw_result_in *result;
    const rw_scenario *scenario;
    const char *span; /* which run, for captions */
} rw_structure_page;

typedef struct {
    rw_result_numbers source, target, weight;
} rw_snapshot_edges;

typedef struct {
    rw_result_numbers axis[3];
} rw_cell_positions;

/* The synapses of a projection in a snapshot. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_snapshot_edges_read(const rw_structure_page *page, size_t snapshot, const char *projection,
                                            rw_snapshot_edges *edges);

/* Where the cells of a population are, in um; axes that the space does not have are empty. Errors: as above. */
RW_MUST_CHECK rw_err rw_cell_positions_read(const rw_structure_page *page, uint32_t population,
                                            rw_cell_positions *positions);

#endif

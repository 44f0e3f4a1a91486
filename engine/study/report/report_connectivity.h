/* The matrix of connected cells, over time. */
#ifndef RW_STUDY_REPORT_REPORT_CONNECTIVITY_H
#define RW_STUDY_REPORT_REPORT_CONNECTIVITY_H

#include "study/report/snapshot.h"

/* Adds the figure of the matrix of all cells in groups. Errors: RW_ERR_INPUT (damaged files), RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_report_connectivity(const rw_structure_page *page);

#endif

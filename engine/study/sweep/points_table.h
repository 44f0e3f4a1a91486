/* The points of a sweep as a table. */
#ifndef RW_STUDY_SWEEP_POINTS_TABLE_H
#define RW_STUDY_SWEEP_POINTS_TABLE_H

#include "io/table.h"
#include "study/sweep/points.h"

/* The columns that say what each point is: point, arm, parameters, subject and its draws, replicate, seed; block and
 * sample of a Saltelli design. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_points_describe(const rw_sweep_plan *plan, const rw_points *points, rw_table *table);

/* The same table as the text of points.csv, in the plan's arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_points_text(const rw_sweep_plan *plan, const rw_points *points, const char **text);

/* Any table as the text of a CSV file, in its arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_table_text(const rw_table *table, const char **text);

#endif

/* Subsets of a population. */
#ifndef RW_CONFIG_CELL_SELECTION_H
#define RW_CONFIG_CELL_SELECTION_H

#include "config/reader.h"

/* all, {first: n}, {fraction: f} or {ids: [...]} of a population of `count`. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_read_selection(rw_reader *r, const rw_node *node, uint64_t count, rw_selection *selection);

#endif

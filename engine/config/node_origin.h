/* What the files of a circuit say of its cells beside what is simulated. */
#ifndef RW_CONFIG_NODE_ORIGIN_H
#define RW_CONFIG_NODE_ORIGIN_H

#include <stddef.h>
#include <stdint.h>

/* What a circuit's files say of one property of its cells. */
typedef struct {
    const char *name;
    const char *const *text; /* [count] NULL where there is none; NULL: it is numbers */
    const double *number;    /* [count] NaN where there is none; NULL: it is texts */
} rw_node_attribute;

/* What a circuit's files say of the cells of a population, beside what is simulated: it goes into the result. */
typedef struct {
    size_t n_types, n_columns;
    const char *const *columns; /* [n_columns] of the table of node types */
    const char *const *cells;   /* [n_types x n_columns] */
    const uint64_t *type_id;    /* [n_types] */
    const uint32_t *type_row;   /* [count] type of each cell */
    const rw_node_attribute *attributes;
    size_t n_attributes;
} rw_node_origin;

#endif

/* Attribute groups: what a SONATA file says of single nodes or edges.
 *
 * A row of a population belongs to one of the HDF5 groups "0", "1", ... inside it; the datasets <kind>_group_id and
 * <kind>_group_index say to which one and at which place there. Each group has datasets of its own, one value for each
 * of its rows. Texts are datasets of texts, or numbers of texts in @library/<dataset>. */
#ifndef RW_IO_SONATA_SONATA_IN_GROUPS_H
#define RW_IO_SONATA_SONATA_IN_GROUPS_H

#include "io/hdf5/h5_location.h"

/* The groups of one population. */
typedef struct {
    const rw_h5_location *population; /* must stay open */
    const char *kind;                 /* "node" or "edge" */
    uint64_t count;                   /* nodes or edges */
    const char *const *names;         /* [n] of the groups that rows belong to */
    size_t n;
    const uint32_t *of;  /* [count] index into names; NULL: all are in the only group */
    const uint64_t *row; /* [count] place in the group; NULL: their own number */
} rw_sonata_groups;

/* One attribute of all nodes or edges of a population. */
typedef struct {
    const char *name;
    const char *const *text; /* [count] NULL where there is none; NULL if the attribute has no texts */
    const double *number;    /* [count] NaN where there is none; NULL if the attribute has no numbers */
} rw_sonata_attribute;

/* Reads which group each of `count` rows is in; everything goes to the arena. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_load(rw_sonata_groups *groups, rw_arena *arena, const rw_h5_location *population,
                                           const char *kind, uint64_t count);

/* The first group that no row belongs to, whose attributes therefore are of nothing; NULL: there is none.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_unused(const rw_sonata_groups *groups, rw_arena *arena, const char **name);

/* Names of the datasets that any of the groups has directly, or inside `folder` (NULL: directly), ascending.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_columns(const rw_sonata_groups *groups, rw_arena *arena, const char *folder,
                                              const char *const **names, size_t *n_names);

/* Reads attribute `name` from the dataset of this name in every group that has it. A number that is NaN counts as none.
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_read(const rw_sonata_groups *groups, rw_arena *arena, const char *name,
                                           rw_sonata_attribute *attribute);

/* Whether datasets of this name are one-dimensional, with numbers or texts, in all groups that have one. */
bool rw_sonata_groups_readable(const rw_sonata_groups *groups, const char *name);

/* The same of an attribute (inside `folder` unless NULL) that must be finite numbers; *values is NULL if no group has
 * it, and NaN stands where one has not. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_numbers(const rw_sonata_groups *groups, rw_arena *arena, const char *folder,
                                              const char *name, const double **values);

#endif

/* What of a configuration is read: nothing else is passed over in silence. */
#ifndef RW_IO_SONATA_SONATA_IN_KEYS_H
#define RW_IO_SONATA_SONATA_IN_KEYS_H

#include "io/sonata/sonata_reader.h"

/* The keys of one section, as words with blanks between them. */
typedef struct {
    const char *read;   /* keys that are used */
    const char *idle;   /* keys that are known to change nothing here: how another program works, where files go */
    const char *common; /* another list of read keys; NULL: none */
    bool strict;        /* other keys are refused; false: they are told once */
} rw_sonata_section;

/* Refuses keys of a map that look like misspelt ones, and others if the section is strict; the rest is told once, by
 * path. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_section_check(rw_sonata_reader *reader, const rw_node *map,
                                             const rw_sonata_section *section);

/* Checks the keys of a whole configuration file (circuit, simulation, or both in one).
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_configuration_check(rw_sonata_reader *reader, const rw_sonata_json *json);

/* How columns of types and attributes are told apart: `acts` are read; `misnamed` are other programs' words for these;
 * `labels` are known to say nothing that acts. Names that look like one of `acts` are refused too. */
typedef struct {
    const char *acts, *misnamed, *labels;
    bool tells; /* other columns are told; false: any is a label, by which node sets may go */
} rw_sonata_columns;

/* Checks the name of a column or dataset at `place` ("types.csv", "edges.h5: /edges/x/0").
 * Errors: RW_ERR_INPUT, RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_column_check(rw_sonata_reader *reader, const rw_sonata_columns *columns,
                                            const char *place, const char *name);

/* Tells of everything that was found to have no effect, in one warning. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_idle_tell(rw_sonata_reader *reader);

/* Tells of a group that no row belongs to. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_groups_check(rw_sonata_reader *reader, const rw_sonata_groups *groups);

#endif

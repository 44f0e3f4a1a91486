/* Reading a part of a scenario as its table says, with every check that the table knows. */
#ifndef RW_CONFIG_KEY_TABLE_READER_H
#define RW_CONFIG_KEY_TABLE_READER_H

#include "config/key_table.h"

/* Reads the map at `node` (NULL: as if empty, with nothing required) into `object`, entry by entry. What is wrong
 * becomes a diagnostic. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_key_table_read(rw_reader *r, const rw_node *node, const rw_key_table *table, void *object);

/* Reads the value of one entry as its kind says; for functions of entries that do something before or after. */
RW_MUST_CHECK rw_err rw_entry_read_kind(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object);

#endif

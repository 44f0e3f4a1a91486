/* Writing a part of a scenario as its table says: YAML with every default filled in, which reads back to the same. */
#ifndef RW_CONFIG_KEY_TABLE_WRITER_H
#define RW_CONFIG_KEY_TABLE_WRITER_H

#include "config/key_table.h"

/* Writes the keys of a map, one line each. Failures stay in the stream's error flag. */
void rw_key_table_write(FILE *out, const rw_scenario *scenario, const rw_key_table *table, const void *object);

#endif

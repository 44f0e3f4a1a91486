/* What an entry of a table says, in words: for the reference. */
#ifndef RW_CONFIG_DESCRIBE_H
#define RW_CONFIG_DESCRIBE_H

#include "config/key_table.h"

/* A buffer for a description. */
#define RW_DESCRIPTION_SIZE 1024

/* What may stand under the key: "a time, 0.0001 ms to 100 ms". Returns `text`. */
const char *rw_describe_value(const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]);

/* What holds if the key is not there: "0.1 ms", "required". Returns `text`. */
const char *rw_describe_default(const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]);

/* For which choices of the table the key exists, "kind poisson"; NULL: for all. */
const char *rw_describe_choices(const rw_key_table *table, const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]);

#endif

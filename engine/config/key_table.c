#include "config/key_table.h"

#include <string.h>

const rw_entry *rw_key_table_find(const rw_key_table *table, const char *key) {
    for (size_t k = 0; key != NULL && k < table->n_entries; k++)
        if (table->entries[k].name != NULL && strcmp(table->entries[k].name, key) == 0)
            return &table->entries[k];
    return NULL;
}

bool rw_key_table_has(const rw_key_table *table, const char *key) {
    bool has = rw_key_table_find(table, key) != NULL;
    for (size_t k = 0; k < table->n_entries && !has; k++)
        has = table->entries[k].kind == RW_KIND_INLINE && rw_key_table_find(table->entries[k].table, key) != NULL;
    return has;
}

bool rw_entry_applies(const rw_entry *entry, uint32_t choice) {
    return entry->only == 0 || (entry->only & choice) != 0;
}

/* Reference tables: lines of numbers, comments behind '#'. */
#ifndef RW_TESTS_TABLE_H
#define RW_TESTS_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "close.h"

enum { TABLE_ROWS = 2048, TABLE_COLUMNS = 8 };

typedef struct {
    size_t rows, columns;
    double value[TABLE_ROWS][TABLE_COLUMNS];
    size_t n_spikes; /* of a line "# spikes_ms: ..." */
    double spike_ms[64];
} table;

static inline size_t table_numbers(const char *at, double *values, size_t capacity) {
    size_t n = 0;
    for (char *end; n < capacity; n++, at = end) {
        values[n] = strtod(at, &end);
        if (end == at)
            break;
    }
    return n;
}

/* Reads a table of the physics tests; fails the test if it cannot. */
static inline void table_read(table *t, const char *name) {
    char path[1024], line[4096];
    (void)snprintf(path, sizeof path, "%s/tests/physics/references/%s", REWIRE_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    static const char spikes[] = "# spikes_ms:";
    t->rows = t->columns = t->n_spikes = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, spikes, sizeof spikes - 1) == 0)
            t->n_spikes = table_numbers(line + sizeof spikes - 1, t->spike_ms, 64);
        if (line[0] == '#')
            continue;
        assert_true(t->rows < TABLE_ROWS);
        size_t n = table_numbers(line, t->value[t->rows], TABLE_COLUMNS);
        assert_true(n >= 2 && (t->rows == 0 || n == t->columns));
        t->columns = n;
        t->rows++;
    }
    (void)fclose(file);
    assert_true(t->rows > 100);
}

#endif

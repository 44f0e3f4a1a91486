#include "base/nearest.h"

#include <string.h>

enum { MAX_LENGTH = 63 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t rw_edit_distance(const char *a, const char *b) {
    size_t n = least(strlen(a), MAX_LENGTH), m = least(strlen(b), MAX_LENGTH);
    size_t rows[3][MAX_LENGTH + 1]; /* the last three rows of the table of distances between prefixes */
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *rw_nearest(const char *word, const char *const *candidates, size_t n_candidates) {
    size_t near_enough = strlen(word) / 3 > 1 ? strlen(word) / 3 : 1;
    const char *nearest = NULL;
    if (strlen(word) > MAX_LENGTH) /* distances are those of the beginnings */
        return NULL;
    for (size_t i = 0; i < n_candidates; i++) {
        size_t distance = rw_edit_distance(word, candidates[i]);
        if (distance > near_enough)
            continue;
        near_enough = distance;
        if (nearest == NULL || distance < rw_edit_distance(word, nearest))
            nearest = candidates[i];
    }
    return nearest;
}

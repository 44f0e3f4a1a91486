/* "Did you mean ...?": the known word nearest to a misspelt one. */
#ifndef RW_BASE_NEAREST_H
#define RW_BASE_NEAREST_H

#include <stddef.h>

/* Letters to insert, delete, replace or swap with a neighbour to turn a into b; words over 63 letters are cut. */
size_t rw_edit_distance(const char *a, const char *b);

/* The candidate nearest to `word`, or NULL if none is near enough (a third of its letters, at least one) to be meant.
 */
const char *rw_nearest(const char *word, const char *const *candidates, size_t n_candidates);

#endif

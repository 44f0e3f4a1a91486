/* Names and what they stand for; and the nearest right name for a wrong one. */
#ifndef RW_CONFIG_NAMES_H
#define RW_CONFIG_NAMES_H

#include <stdbool.h>

#include "base/memory.h"

#define RW_NO_NAME UINT32_MAX

/* A map from names to numbers. */
typedef struct rw_names rw_names;

/* Creates a map for at most `capacity` names in the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_names_create(rw_names **names, rw_arena *arena, size_t capacity);

/* Adds a name, which must live as long as the map; false if it is there already. */
bool rw_names_add(rw_names *names, const char *name, uint32_t value);

/* Adds a name or changes its number. */
void rw_names_set(rw_names *names, const char *name, uint32_t value);

/* The number of a name, or RW_NO_NAME; names may be NULL. */
uint32_t rw_names_find(const rw_names *names, const char *name);

/* Collects candidates for a name that was misspelt. Begin with {.word = word}. */
typedef struct {
    const char *word;
    const char *nearest; /* NULL: nothing is near */
    size_t distance, n_candidates;
    char known[256]; /* the candidates, as far as they fit */
} rw_suggestion;

/* Adds a candidate. */
void rw_suggestion_offer(rw_suggestion *suggestion, const char *candidate);

/* Writes `did you mean "X"?`, or the list of candidates if none is near, and returns `text`. */
const char *rw_suggestion_text(const rw_suggestion *suggestion, char *text, size_t size);

#endif

#include "config/names.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

struct rw_names {
    size_t n_slots; /* a power of two, at least twice the names */
    const char **name;
    uint32_t *value;
};

rw_err rw_names_create(rw_names **names, rw_arena *arena, size_t capacity) {
    RW_TRY(RW_ARENA_NEW(arena, *names, 1));
    (*names)->n_slots = 8;
    while ((*names)->n_slots < 2 * capacity)
        (*names)->n_slots *= 2;
    RW_TRY(RW_ARENA_NEW(arena, (*names)->name, (*names)->n_slots));
    return RW_ARENA_NEW(arena, (*names)->value, (*names)->n_slots);
}

/* The slot of a name, or the empty slot where it belongs (FNV-1a, linear probing). */
static size_t slot_of(const rw_names *names, const char *name) {
    uint64_t hash = 14695981039346656037u;
    for (const char *at = name; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    size_t slot = (size_t)(hash ^ hash >> 32) & (names->n_slots - 1);
    while (names->name[slot] != NULL && strcmp(names->name[slot], name) != 0)
        slot = (slot + 1) & (names->n_slots - 1);
    return slot;
}

bool rw_names_add(rw_names *names, const char *name, uint32_t value) {
    size_t slot = slot_of(names, name);
    if (names->name[slot] != NULL)
        return false;
    names->name[slot] = name;
    names->value[slot] = value;
    return true;
}

void rw_names_set(rw_names *names, const char *name, uint32_t value) {
    size_t slot = slot_of(names, name);
    names->name[slot] = name;
    names->value[slot] = value;
}

uint32_t rw_names_find(const rw_names *names, const char *name) {
    if (names == NULL)
        return RW_NO_NAME;
    size_t slot = slot_of(names, name);
    return names->name[slot] != NULL ? names->value[slot] : RW_NO_NAME;
}

void rw_suggestion_offer(rw_suggestion *suggestion, const char *candidate) {
    size_t used = strlen(suggestion->known);
    (void)snprintf(suggestion->known + used, sizeof suggestion->known - used, "%s%s",
                   suggestion->n_candidates > 0 ? ", " : "", candidate);
    suggestion->n_candidates++;
    size_t near_enough = strlen(suggestion->word) / 3 > 1 ? strlen(suggestion->word) / 3 : 1;
    size_t distance = rw_edit_distance(suggestion->word, candidate);
    if (distance > near_enough || distance >= strlen(candidate))
        return;
    if (suggestion->nearest == NULL || distance < suggestion->distance) {
        suggestion->nearest = candidate;
        suggestion->distance = distance;
    }
}

const char *rw_suggestion_text(const rw_suggestion *suggestion, char *text, size_t size) {
    if (suggestion->nearest != NULL)
        (void)snprintf(text, size, "did you mean \"%s\"?", suggestion->nearest);
    else if (suggestion->n_candidates == 0)
        (void)snprintf(text, size, "there are none");
    else
        (void)snprintf(text, size, "there %s %s%s", suggestion->n_candidates == 1 ? "is" : "are", suggestion->known,
                       strlen(suggestion->known) + 1 == sizeof suggestion->known ? "..." : "");
    return text;
}

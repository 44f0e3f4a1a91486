#include "graph/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "net/edges/edge.h"

rw_err rw_changes_create(rw_changes *changes, uint64_t n_sources) {
    changes->n_sources = n_sources;
    RW_TRY(RW_NEW(changes->seen, n_sources, "measures"));
    RW_TRY(RW_NEW(changes->seeing, n_sources, "measures"));
    return RW_NEW(changes->before, n_sources, "measures");
}

void rw_changes_destroy(rw_changes *changes) {
    rw_free(changes->seen);
    rw_free(changes->seeing);
    rw_free(changes->before);
    rw_free(changes->lost);
    *changes = (rw_changes){0};
}

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static uint64_t pair_of(uint64_t source, uint64_t target) {
    return target << 32 | source;
}

void rw_changes_begin(rw_changes *changes) {
    if (changes->n_sources > 0)
        memcpy(changes->seeing, changes->seen, changes->n_sources * sizeof *changes->seen);
    if (changes->n_lost > 0)
        qsort(changes->lost, changes->n_lost, sizeof *changes->lost, ascending);
    changes->n = changes->n_new = changes->next = changes->n_since = changes->n_returned = 0;
}

/* Whether a synapse that formed since the reference stands for one that was lost, each of which counts once. Both come
 * in the same order. */
static bool returns(rw_changes *changes, uint64_t pair) {
    while (changes->next < changes->n_lost && changes->lost[changes->next] < pair)
        changes->next++;
    bool found = changes->next < changes->n_lost && changes->lost[changes->next] == pair;
    changes->next += found;
    return found;
}

void rw_changes_take(rw_changes *changes, const rw_edge *edges, uint64_t n) {
    for (uint64_t i = 0; i < n; i++) {
        uint64_t source = edges[i].source;
        uint32_t serial = (uint32_t)edges[i].uid;
        changes->n_new += serial >= changes->seen[source];
        if (serial >= changes->seeing[source])
            changes->seeing[source] = serial + 1;
        if (changes->remembers != 0 && serial >= changes->before[source]) {
            changes->n_since++;
            changes->n_returned += returns(changes, pair_of(source, edges[i].target));
        }
    }
    changes->n += n;
}

void rw_changes_end(rw_changes *changes, bool refer) {
    uint32_t *seen = changes->seeing;
    changes->seeing = changes->seen;
    changes->seen = seen;
    changes->last = changes->n;
    changes->sampled = 1;
    if (!refer || changes->remembers != 0)
        return;
    changes->remembers = 1;
    if (changes->n_sources > 0)
        memcpy(changes->before, seen, changes->n_sources * sizeof *seen);
}

rw_err rw_changes_note(rw_changes *changes, const rw_edge_event *event) {
    if (changes->remembers == 0 || event->created || (uint32_t)event->uid >= changes->before[event->source])
        return RW_OK;
    if (changes->n_lost == changes->lost_capacity) {
        uint64_t capacity = 2 * changes->lost_capacity + 1024;
        RW_TRY(RW_GROW(changes->lost, changes->lost_capacity, capacity, "synapses that were lost"));
        changes->lost_capacity = capacity;
    }
    changes->lost[changes->n_lost++] = pair_of(event->source, event->target);
    return RW_OK;
}

rw_err rw_changes_archive(rw_changes *changes, const rw_archive *archive, const char *path) {
    const struct {
        const char *name;
        uint64_t *value;
    } numbers[] = {{"last", &changes->last},
                   {"sampled", &changes->sampled},
                   {"remembers", &changes->remembers},
                   {"n_lost", &changes->n_lost}};
    for (size_t i = 0; i < RW_COUNT(numbers); i++)
        RW_TRY(rw_archive_number(archive, rw_path_of("%s/%s", path, numbers[i].name).text, numbers[i].value));
    if (!archive->saving && changes->n_lost > changes->lost_capacity) {
        RW_TRY(RW_GROW(changes->lost, changes->lost_capacity, changes->n_lost, "synapses that were lost"));
        changes->lost_capacity = changes->n_lost;
    }
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/seen", path).text, RW_ARCHIVE_U32, changes->n_sources,
                             changes->seen));
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/before", path).text, RW_ARCHIVE_U32, changes->n_sources,
                             changes->before));
    return rw_archive_column(archive, rw_path_of("%s/lost", path).text, RW_ARCHIVE_U64, changes->n_lost, changes->lost);
}

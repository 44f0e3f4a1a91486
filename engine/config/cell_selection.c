#include "config/cell_selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static rw_err read_ids(rw_reader *r, const rw_node *list, uint64_t count, rw_selection *selection) {
    if (!rw_read_list(r, list))
        return RW_OK;
    uint64_t *ids = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, ids, list->count));
    for (const rw_node *item = list->first; item != NULL; item = item->next) {
        if (!rw_read_count(r, item, 0, count - 1, &ids[item->index]))
            return RW_OK;
    }
    if (list->count > 0)
        qsort(ids, list->count, sizeof *ids, ascending);
    for (size_t k = 1; k < list->count; k++) {
        if (ids[k] == ids[k - 1]) {
            rw_node_wrong(r->diagnostics, list, "neuron %llu is in the list twice", (unsigned long long)ids[k]);
            return RW_OK;
        }
    }
    *selection = (rw_selection){RW_SELECT_IDS, list->count, ids};
    return RW_OK;
}

rw_err rw_read_selection(rw_reader *r, const rw_node *node, uint64_t count, rw_selection *selection) {
    static const rw_key keys[] = {{"first", false}, {"fraction", false}, {"ids", false}};
    *selection = (rw_selection){RW_SELECT_ALL, count, NULL};
    if (node == NULL || (node->kind == RW_NODE_SCALAR && strcmp(node->text, "all") == 0))
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count != 1) {
        rw_node_wrong(r->diagnostics, node, "must be all, {first: n}, {fraction: f} or {ids: [...]}");
        return RW_OK;
    }
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    double fraction = 1.0;
    if (strcmp(node->first->key, "ids") == 0)
        return read_ids(r, node->first, count, selection);
    if (strcmp(node->first->key, "first") == 0) {
        selection->kind = RW_SELECT_FIRST;
        (void)rw_read_count(r, node->first, 0, count, &selection->count); /* a wrong one is a diagnostic already */
    } else if (rw_read_number(r, node->first, (rw_quantity){"1", 0.0, 1.0, 0.0}, &fraction)) {
        selection->kind = RW_SELECT_RANDOM;
        selection->count = (uint64_t)round(fraction * (double)count);
    }
    return RW_OK;
}

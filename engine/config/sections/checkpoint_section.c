/* checkpoint: when states are saved, to resume or to branch from. */
#include <string.h>

#include "config/sections/sections.h"

static bool is_none(const rw_node *node) {
    return node->kind == RW_NODE_SCALAR && strcmp(node->text, "none") == 0;
}

/* A wall time, or none. */
static void read_wall(rw_reader *r, const rw_node *node, double *wall_s) {
    if (node != NULL && is_none(node))
        *wall_s = 0.0;
    else
        (void)rw_read_number(r, node, (rw_quantity){"s", 1e-3, 1e9, 0.0}, wall_s);
}

rw_err rw_read_checkpoint(rw_reader *r, const rw_node *node) {
    static const rw_key keys[] = {{"every", false}, {"wall", false}, {"at", false}};
    rw_checkpoint_spec *checkpoint = &r->scenario->checkpoint;
    if (node == NULL)
        return RW_OK;
    checkpoint->none = is_none(node);
    if (checkpoint->none)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be none or a map, for example {wall: 15 min, every: 1 h, at: [2 h]}");
        return RW_OK;
    }
    if (!rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    (void)rw_read_steps(r, rw_node_get(node, "every"), 1, &checkpoint->every_steps);
    read_wall(r, rw_node_get(node, "wall"), &checkpoint->every_wall_s);
    const rw_node *at = rw_node_get(node, "at");
    RW_TRY(rw_read_times(r, at, &checkpoint->at, &checkpoint->n_at));
    if (r->step_known && checkpoint->n_at > 0 && checkpoint->at[checkpoint->n_at - 1] > r->scenario->n_steps)
        rw_node_wrong(r->diagnostics, at->last, "lies after time.until");
    return RW_OK;
}

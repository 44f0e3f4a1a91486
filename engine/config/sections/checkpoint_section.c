#include "config/sections/checkpoint_section.h"

static void check_times(rw_reader *r, const rw_node *node, void *object) {
    const rw_checkpoint_spec *checkpoint = &((rw_scenario *)object)->checkpoint;
    if (node != NULL && r->step_known && checkpoint->n_at > 0 &&
        checkpoint->at[checkpoint->n_at - 1] > r->scenario->n_steps)
        rw_node_wrong(r->diagnostics, node->last, "lies after time.until");
}

static const rw_entry entries[] = {
    {"wall", RW_QUANTITY(rw_scenario, checkpoint.every_wall_s, "s", 1e-3, 1e9), .none = true, .default_text = "15 min",
     .help = "Wall-clock time between saved states."},
    {"every", RW_TIME(rw_scenario, checkpoint.every_steps, 1), .default_words = "not by simulated time",
     .help = "Simulated time between saved states."},
    {"at", RW_TIMES(rw_scenario, checkpoint.at, checkpoint.n_at), .moments = true, .default_words = "none",
     .check = check_times, .help = "Times whose states are kept, to branch from."},
};

const rw_key_table rw_checkpoint_table = {
    .name = "checkpoint",
    .help = "When the state of the run is saved, to resume it or to branch from it. This does not change the results.",
    RW_ENTRIES(entries),
    .flow = true};

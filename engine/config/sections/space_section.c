#include "config/sections/space_section.h"

#include "config/render.h"

static void begin(rw_reader *r, const rw_node *node, void *object) {
    (void)node;
    (void)object;
    r->scenario->dimensions = 2; /* if the size is wrong, that there is a space is right */
}

static rw_err read_size(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_scenario *scenario = object;
    if (!rw_read_list(r, node))
        return RW_OK;
    if (node->count != 2 && node->count != 3) {
        rw_node_wrong(r->diagnostics, node, "must be two or three lengths, for example [1500 um, 1500 um]");
        return RW_OK;
    }
    scenario->dimensions = (int)node->count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        (void)rw_read_number(r, child, (rw_quantity){entry->unit, entry->min, entry->max, 0.0},
                             &scenario->size_um[child->index]);
    return RW_OK;
}

static void write_size(FILE *out, const rw_scenario *scenario, const void *object) {
    (void)object;
    rw_render_lengths(out, scenario->size_um, scenario->dimensions);
}

static const rw_entry entries[] = {
    {"size", RW_LENGTHS(1e-3, 1e9), .required = true, .read = read_size, .write = write_size,
     .help = "Two or three sides."},
    {"periodic", RW_FLAG(rw_scenario, periodic), .default_text = "true",
     .help = "Whether opposite sides of the space are joined."},
};

const rw_key_table rw_space_table = {.name = "space",
                                     .help =
                                         "Where the cells are. Without it cells have no positions and no distances.",
                                     RW_ENTRIES(entries),
                                     .flow = true,
                                     .begin = begin};

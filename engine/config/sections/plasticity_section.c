#include "config/sections/plasticity_section.h"

#include "config/model_settings.h"

static const char *const sites[RW_SITES] = {"source", "synapse", "target"};

rw_err rw_read_plasticity(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_projection_spec *projection = object;
    const rw_node *at[RW_SITES] = {NULL};
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count == 0) {
        rw_node_wrong(r->diagnostics, node, "must be a map of models and their parameters, for example {stdp: {}}");
        return RW_OK;
    }
    rw_model_spec *read = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, read, node->count));
    size_t n = 0;
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        const rw_model *model = rw_find_model(r, child, child->key, true, entry->model_kind);
        if (model == NULL)
            continue;
        const rw_node **taken = &at[model->synapse.site];
        if (*taken != NULL) {
            rw_node_key_wrong(r->diagnostics, child,
                              "acts at the %s, where %s acts already; a projection has one of each",
                              sites[model->synapse.site], (*taken)->key);
            continue;
        }
        *taken = child;
        read[n].model = model;
        RW_TRY(rw_read_settings(r, child, model, NULL, &read[n].settings, &read[n].n_settings));
        rw_check_constants(r, child, read[n].settings, read[n].n_settings,
                           "one set of numbers holds for all synapses of a projection; give constants");
        n++;
    }
    projection->plasticity = read;
    projection->n_plasticity = n;
    return RW_OK;
}

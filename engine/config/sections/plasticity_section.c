/* plasticity: how the synapses of a projection change. */
#include "config/sections/parts.h"
#include "model/registry.h"

static const char *const sites[RW_SITES] = {"source", "synapse", "target"};

/* The synapses of a projection share one set of numbers. */
static void check_constant(rw_reader *r, const rw_node *map, const rw_setting *settings, size_t n) {
    for (size_t k = 0; k < n; k++)
        if (settings[k].value.kind != RW_CONSTANT)
            rw_node_wrong(r->diagnostics, map,
                          "one set of numbers holds for all synapses of a projection; give constants");
}

rw_err rw_read_plasticity(rw_reader *r, const rw_node *node, rw_projection_spec *projection) {
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
        const rw_model *model = rw_find_model(r, child, child->key, true, RW_SYNAPSE);
        if (model == NULL)
            continue;
        const rw_node **taken = &at[model->synapse.site];
        if (*taken != NULL)
            rw_node_key_wrong(r->diagnostics, child,
                              "acts at the %s, where %s acts already; a projection has one of each",
                              sites[model->synapse.site], (*taken)->key);
        else
            read[n++].model = model;
        bool is_first = *taken == NULL;
        *taken = child;
        if (!is_first)
            continue;
        RW_TRY(rw_read_settings(r, child, model, 0.0, NULL, 0, &read[n - 1].settings, &read[n - 1].n_settings));
        check_constant(r, child, read[n - 1].settings, read[n - 1].n_settings);
    }
    projection->plasticity = read;
    projection->n_plasticity = n;
    return RW_OK;
}

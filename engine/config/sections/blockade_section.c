#include "config/sections/blockade_section.h"

#include "config/references.h"

static rw_err read_on(rw_reader *r, const rw_node *on, const rw_entry *entry, void *object) {
    rw_factor_spec *factor = object;
    (void)entry;
    return rw_read_places(r, on, factor->receptor, &factor->on);
}

static bool has_signal(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_factor_spec *)object)->signal != NULL;
}

static const rw_entry entries[] = {
    {"receptor", RW_MODEL_OF(rw_factor_spec, receptor, RW_RECEPTOR), .required = true, .decides = true,
     .help = "Receptor whose conductance is multiplied."},
    {"on", RW_PLACES(rw_factor_spec, on), .default_words = "wherever the receptor is", .depends = true, .read = read_on,
     .help = "Populations onto whose cells, or projections through which it acts."},
    {"factor", RW_COURSE(rw_factor_spec, factor, "1", 0.0, 1e6), .default_text = "1",
     .help = "What the conductance is multiplied by: 1 leaves it, 0 blocks it. Needed without a signal."},
    {"signal", RW_SIGNAL_OF(rw_factor_spec, signal), .default_words = "none",
     .help = "Signal whose slow part G strengthens existing receptors without delay: the factor is multiplied by "
             "1 + gain G."},
    {"gain", RW_QUANTITY(rw_factor_spec, gain, "1", 0.0, 1e6), .default_words = "needed with a signal",
     .shown = has_signal, .help = "How much the signal strengthens them."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    const rw_factor_spec *factor = object;
    const rw_node *gain = rw_node_get(node, "gain");
    bool anywhere = rw_node_get(node, "on") != NULL;
    for (size_t p = 0; p < r->scenario->n_populations; p++)
        anywhere = anywhere || factor->on.on_population[p];
    if ((rw_node_get(node, "signal") != NULL) != (gain != NULL))
        rw_node_wrong(r->diagnostics, node,
                      "signal and gain belong together: the factor is 1 + gain x the slow signal");
    else if (gain == NULL && rw_node_get(node, "factor") == NULL)
        rw_node_key_wrong(r->diagnostics, node, "the key \"factor\" is missing; or a signal and its gain");
    if (!anywhere)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "receptor"),
                      "no population has %s: no projection, input or setting names it", factor->receptor->name);
    return RW_OK;
}

const rw_key_table rw_factor_table = {
    .name = "blockades",
    .help = "Factors on the conductance of receptors. Factors and drugs that act on the same receptor multiply.",
    RW_ENTRIES(entries),
    RW_ITEM(rw_factor_spec),
    .finish = finish};

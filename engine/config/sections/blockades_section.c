/* blockade: a factor on the conductance of one receptor, on some cells or projections. */
#include <math.h>
#include <string.h>

#include "config/sections/parts.h"
#include "config/sections/sections.h"
#include "model/registry.h"

enum { MOST_BLOCKADES = 256 };

bool rw_has_receptor(const rw_population_spec *population, const rw_projection_spec *projection,
                     const rw_model *receptor) {
    if (projection == NULL) {
        for (size_t k = 0; k < population->n_receptors; k++) {
            if (population->receptors[k].model == receptor)
                return true;
        }
        return false;
    }
    for (size_t k = 0; k < projection->n_shares; k++) {
        const rw_share *share = &projection->shares[k];
        if (!share->is_port && population->receptors[share->index].model == receptor)
            return true;
    }
    return false;
}

/* One name in `on`: of a population or of a projection. */
static void read_place(rw_reader *r, const rw_node *node, const rw_model *receptor, bool *on_population,
                       bool *on_projection) {
    const rw_scenario *scenario = r->scenario;
    if (!rw_read_text(r, node))
        return;
    uint32_t population = rw_names_find(r->populations, node->text);
    uint32_t projection = rw_names_find(r->projections, node->text);
    if (population == RW_NO_NAME && projection == RW_NO_NAME) {
        rw_suggestion suggestion = {.word = node->text};
        for (size_t k = 0; k < scenario->n_populations; k++)
            rw_suggestion_offer(&suggestion, scenario->populations[k].name);
        for (size_t k = 0; k < scenario->n_projections; k++) {
            if (scenario->projections[k].name != NULL)
                rw_suggestion_offer(&suggestion, scenario->projections[k].name);
        }
        char text[320];
        rw_node_wrong(r->diagnostics, node, "there is no population or projection \"%.80s\"; %s", node->text,
                      rw_suggestion_text(&suggestion, text, sizeof text));
        return;
    }
    const rw_projection_spec *connects = population == RW_NO_NAME ? &scenario->projections[projection] : NULL;
    uint32_t cells = connects != NULL ? connects->target : population;
    if (receptor != NULL && !rw_has_receptor(&scenario->populations[cells], connects, receptor)) {
        rw_node_wrong(r->diagnostics, node, "nothing acts through %s here: no projection, input or setting names it",
                      receptor->name);
        return;
    }
    *(connects != NULL ? &on_projection[projection] : &on_population[population]) = true;
}

rw_err rw_read_places(rw_reader *r, const rw_node *on, const rw_model *receptor, rw_places *places) {
    const rw_scenario *scenario = r->scenario;
    bool *on_population = NULL, *on_projection = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, on_population, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(r->arena, on_projection, scenario->n_projections));
    *places = (rw_places){on_population, on_projection};
    if (on != NULL && on->kind == RW_NODE_LIST) {
        for (const rw_node *child = on->first; child != NULL; child = child->next)
            read_place(r, child, receptor, on_population, on_projection);
        return RW_OK;
    }
    if (on != NULL) {
        read_place(r, on, receptor, on_population, on_projection);
        return RW_OK;
    }
    for (size_t k = 0; k < scenario->n_populations; k++)
        on_population[k] = receptor == NULL || rw_has_receptor(&scenario->populations[k], NULL, receptor);
    return RW_OK;
}

/* What is not said leaves the conductance as it is. */
static rw_err set_factor(rw_reader *r, rw_schedule *factor) {
    uint64_t *step = NULL;
    double *value = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, step, 1));
    RW_TRY(RW_ARENA_NEW(r->arena, value, 1));
    *value = 1.0;
    *factor = (rw_schedule){.count = 1, .step = step, .value = value};
    return RW_OK;
}

static rw_err read_blockade(rw_reader *r, const rw_node *node, rw_factor_spec *blockade) {
    static const rw_key keys[] = {
        {"receptor", true}, {"on", false}, {"factor", false}, {"signal", false}, {"gain", false}};
    const rw_node *factor = rw_node_get(node, "factor"), *gain = rw_node_get(node, "gain");
    blockade->mark = node->mark;
    (void)rw_read_map(r, node, keys, RW_COUNT(keys));
    const rw_node *receptor = rw_node_get(node, "receptor"), *on = rw_node_get(node, "on");
    if (receptor != NULL)
        blockade->receptor = rw_read_model(r, receptor, RW_RECEPTOR);
    RW_TRY(set_factor(r, &blockade->factor));
    RW_TRY(rw_read_schedule(r, factor, (rw_quantity){"1", 0.0, 1e6, 0.0}, &blockade->factor));
    rw_read_signal_name(r, rw_node_get(node, "signal"), &blockade->signal);
    (void)rw_read_number(r, gain, (rw_quantity){"1", 0.0, 1e6, 0.0}, &blockade->gain);
    if ((rw_node_get(node, "signal") != NULL) != (gain != NULL))
        rw_node_wrong(r->diagnostics, node,
                      "signal and gain belong together: the factor is 1 + gain x the slow signal");
    else if (node->kind == RW_NODE_MAP && factor == NULL && gain == NULL)
        rw_node_key_wrong(r->diagnostics, node, "the key \"factor\" is missing; or a signal and its gain");
    RW_TRY(rw_read_places(r, on, blockade->receptor, &blockade->on));
    bool anywhere = on != NULL;
    for (size_t k = 0; k < r->scenario->n_populations; k++)
        anywhere = anywhere || blockade->on.on_population[k];
    if (blockade->receptor != NULL && !anywhere)
        rw_node_wrong(r->diagnostics, receptor, "no population has %s: no projection, input or setting names it",
                      blockade->receptor->name);
    return RW_OK;
}

rw_err rw_read_blockades(rw_reader *r, const rw_node *node) {
    if (!rw_read_list(r, node))
        return RW_OK;
    if (node->count > MOST_BLOCKADES) {
        rw_node_key_wrong(r->diagnostics, node, "%zu blockades are too many; at most %d", node->count, MOST_BLOCKADES);
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, r->scenario->factors, node->count));
    r->scenario->n_factors = node->count;
    for (const rw_node *child = node->first; child != NULL; child = child->next)
        RW_TRY(read_blockade(r, child, &r->scenario->factors[child->index]));
    return RW_OK;
}

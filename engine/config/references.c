#include "config/references.h"

#include <string.h>

#include "config/shares.h"

bool rw_read_population(rw_reader *r, const rw_node *node, uint32_t *population) {
    if (node == NULL)
        return true;
    if (!rw_read_text(r, node))
        return false;
    uint32_t found = rw_names_find(r->populations, node->text);
    if (found != RW_NO_NAME) {
        *population = found;
        return true;
    }
    rw_suggestion suggestion = {.word = node->text};
    if (r->diagnostics->count < RW_DIAGNOSTICS_MAX) {
        for (size_t k = 0; k < r->scenario->n_populations; k++)
            rw_suggestion_offer(&suggestion, r->scenario->populations[k].name);
    }
    char text[320];
    rw_node_wrong(r->diagnostics, node, "there is no population \"%.60s\"; %s", node->text,
                  rw_suggestion_text(&suggestion, text, sizeof text));
    return false;
}

static void read_projection_name(rw_reader *r, const rw_node *node, bool *of) {
    if (!rw_read_text(r, node))
        return;
    uint32_t index = rw_names_find(r->projections, node->text);
    if (index != RW_NO_NAME) {
        of[index] = true;
        return;
    }
    rw_suggestion suggestion = {.word = node->text};
    char text[320];
    for (size_t k = 0; k < r->scenario->n_projections; k++)
        if (r->scenario->projections[k].name != NULL)
            rw_suggestion_offer(&suggestion, r->scenario->projections[k].name);
    rw_node_wrong(r->diagnostics, node, "there is no projection \"%.80s\"; %s", node->text,
                  rw_suggestion_text(&suggestion, text, sizeof text));
}

void rw_read_projection_names(rw_reader *r, const rw_node *node, bool *of) {
    if (node->kind != RW_NODE_LIST)
        read_projection_name(r, node, of);
    for (const rw_node *child = node->kind == RW_NODE_LIST ? node->first : NULL; child != NULL; child = child->next)
        read_projection_name(r, child, of);
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

void rw_read_signal(rw_reader *r, const rw_node *node, const rw_signal_spec **signal) {
    const rw_scenario *scenario = r->scenario;
    if (node == NULL || !rw_read_text(r, node) || strcmp(node->text, "none") == 0)
        return;
    rw_suggestion suggestion = {.word = node->text};
    char text[320];
    for (size_t s = 0; s < scenario->n_signals && *signal == NULL; s++) {
        rw_suggestion_offer(&suggestion, scenario->signals[s].name);
        if (strcmp(scenario->signals[s].name, node->text) == 0)
            *signal = &scenario->signals[s];
    }
    rw_suggestion_offer(&suggestion, "none");
    if (*signal == NULL)
        rw_node_wrong(r->diagnostics, node, "there is no signal \"%.60s\"; %s", node->text,
                      rw_suggestion_text(&suggestion, text, sizeof text));
}

#include "config/shares.h"

#include <math.h>
#include <string.h>

#include "model/registry.h"

rw_err rw_add_receptor(rw_reader *r, rw_population_spec *population, const rw_model *receptor, size_t *index) {
    size_t k = 0;
    while (k < population->n_receptors && population->receptors[k].model != receptor)
        k++;
    *index = k;
    if (k < population->n_receptors)
        return RW_OK;
    rw_model_spec *grown = NULL;
    RW_TRY(RW_ARENA_NEW(r->arena, grown, k + 1)); /* there are few receptors: copying costs nothing */
    if (k > 0)
        memcpy(grown, population->receptors, k * sizeof *grown);
    grown[k] = (rw_model_spec){.model = receptor, .by_subunit = population->has_glun2};
    population->receptors = grown;
    population->n_receptors = k + 1;
    return RW_OK;
}

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

/* Says which names a population takes. */
static void report_unknown_sink(rw_reader *r, const rw_node *child, const rw_population_spec *population) {
    const rw_model *model = population->model;
    rw_suggestion suggestion = {.word = child->key};
    for (size_t k = 0; k < model->n_fields; k++) {
        if (model->fields[k].role == RW_PORT)
            rw_suggestion_offer(&suggestion, model->fields[k].name);
    }
    for (size_t k = 0; rw_model_takes_receptors(model) && k < rw_registry_count(); k++) {
        if (rw_registry_at(k)->kind == RW_RECEPTOR)
            rw_suggestion_offer(&suggestion, rw_registry_at(k)->name);
    }
    char text[320];
    rw_node_key_wrong(r->diagnostics, child, "%s cells (population %s) have no receptor or port of this name; %s",
                      model->name, population->name, rw_suggestion_text(&suggestion, text, sizeof text));
}

/* Finds a receptor or port by name; *unit is the unit of weights on it, NULL if there is none of that name. */
static rw_err find_sink(rw_reader *r, const rw_node *child, rw_population_spec *population, rw_share *share,
                        const char **unit) {
    const rw_model *model = population->model;
    const rw_model *receptor = rw_model_takes_receptors(model) ? rw_registry_find(RW_RECEPTOR, child->key) : NULL;
    size_t field = rw_model_field(model, child->key);
    *unit = NULL;
    if (receptor != NULL) {
        *unit = receptor->receptor.weight_unit;
        share->is_port = false;
        return rw_add_receptor(r, population, receptor, &share->index);
    }
    if (field != RW_NO_FIELD && model->fields[field].role == RW_PORT) {
        *unit = model->fields[field].unit;
        *share = (rw_share){.is_port = true, .index = field, .share = share->share};
        return RW_OK;
    }
    report_unknown_sink(r, child, population);
    return RW_OK;
}

/* A gate of the source (of the saturating NMDA receptor) needs a source, and there is one weight for it. */
static void check_gates(rw_reader *r, const rw_node *node, const rw_population_spec *population, const rw_share *shares,
                        size_t n_shares, bool from_cells) {
    size_t n_gates = 0;
    for (size_t k = 0; k < n_shares; k++) {
        const rw_model *receptor = shares[k].is_port ? NULL : population->receptors[shares[k].index].model;
        n_gates += receptor != NULL && receptor->receptor.presynaptic_jump != NULL;
    }
    if (n_gates > 0 && !from_cells)
        rw_node_wrong(r->diagnostics, node,
                      "a Poisson input has no source cell, whose gate such a receptor needs; name others");
    else if (n_gates > 1)
        rw_node_wrong(r->diagnostics, node,
                      "two receptors whose gates belong to the source; give each its own projection");
}

rw_err rw_read_shares(rw_reader *r, const rw_node *node, uint32_t population, bool from_cells, const rw_share **shares,
                      size_t *n_shares) {
    rw_population_spec *target = &r->scenario->populations[population];
    if (!target->model_known)
        return RW_OK;
    if (node->kind != RW_NODE_MAP || node->count == 0) {
        rw_node_wrong(r->diagnostics, node,
                      "must be a map of receptors or ports and their shares of the weight, for example "
                      "{ampa: 1, nmda: 0.4}");
        return RW_OK;
    }
    if (target->model == NULL) {
        rw_node_key_wrong(r->diagnostics, node, "population %s only replays spikes: nothing acts on its cells",
                          target->name);
        return RW_OK;
    }
    rw_share *read = NULL;
    size_t before = r->diagnostics->count;
    RW_TRY(RW_ARENA_NEW(r->arena, read, node->count));
    const char *common = NULL;
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        const char *own = NULL;
        read[child->index].share = 1.0;
        (void)rw_read_number(r, child, (rw_quantity){"1", 0.0, 1e6, 0.0}, &read[child->index].share);
        RW_TRY(find_sink(r, child, target, &read[child->index], &own));
        if (common != NULL && own != NULL && strcmp(common, own) != 0)
            rw_node_key_wrong(r->diagnostics, child, "takes weights in %s, but %s takes %s: give each its own entry",
                              own, node->first->key, common);
        common = common == NULL ? own : common;
    }
    if (r->diagnostics->count == before)
        check_gates(r, node, target, read, node->count, from_cells);
    if (r->diagnostics->count > before)
        return RW_OK;
    *shares = read;
    *n_shares = node->count;
    return RW_OK;
}

/* The unit of weights on these shares; NULL if there are none. */
static const char *unit_of(const rw_population_spec *population, const rw_share *shares, size_t n_shares) {
    if (n_shares == 0)
        return NULL;
    return shares[0].is_port ? population->model->fields[shares[0].index].unit
                             : population->receptors[shares[0].index].model->receptor.weight_unit;
}

const char *rw_shares_unit(const rw_population_spec *population, const rw_share *shares, size_t n_shares) {
    return n_shares > 0 ? unit_of(population, shares, n_shares) : "1";
}

rw_quantity rw_weight_quantity(const rw_scenario *scenario, uint32_t population, const rw_share *shares,
                               size_t n_shares, bool drawn) {
    double largest = drawn ? INFINITY : 1e12;
    bool conductance = false;
    for (size_t k = 0; k < n_shares; k++)
        conductance = conductance || !shares[k].is_port;
    return (rw_quantity){unit_of(&scenario->populations[population], shares, n_shares), conductance ? 0.0 : -largest,
                         largest, 0.0};
}

bool rw_shares_inhibit(const rw_population_spec *population, const rw_share *shares, size_t n_shares) {
    bool all = n_shares > 0;
    for (size_t k = 0; k < n_shares; k++)
        all = all && (shares[k].is_port ? strcmp(population->model->fields[shares[k].index].name, "inh") == 0
                                        : population->receptors[shares[k].index].model->receptor.inhibitory != 0);
    return all;
}

/* Receptor instances and ports: which projections and inputs act on a cell in the same way share one of each. */
#include <string.h>

#include "net/population.h"

/* What acts on receptor `spec` of the population under `projection` (-1: none): [n_factors], then [n_drugs]. */
static void list_acting(const rw_network *network, uint32_t population, size_t spec, int64_t projection, bool *acting) {
    const rw_scenario *scenario = network->scenario;
    const rw_model *model = network->populations[population].spec->receptors[spec].model;
    for (size_t f = 0; f < scenario->n_factors; f++)
        acting[f] =
            scenario->factors[f].receptor == model && rw_places_have(&scenario->factors[f].on, population, projection);
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        const rw_places *places = rw_drug_places(&scenario->drugs[d], model);
        acting[scenario->n_factors + d] = places != NULL && rw_places_have(places, population, projection);
    }
}

/* Whether a receptor of a population is split by subunit. */
static bool is_split(const rw_population_spec *population, size_t spec) {
    return population->has_glun2 && population->receptors[spec].model->receptor.glun2 != NULL;
}

/* Share of a receptor's weight that goes to a subunit; all of it goes to RW_GLUN2_COUNT if they are not told apart. */
static double subunit_share(const rw_population_spec *population, size_t spec, rw_glun2 subunit) {
    if (is_split(population, spec))
        return subunit < RW_GLUN2_COUNT ? population->glun2[subunit] : 0.0;
    return subunit < RW_GLUN2_COUNT ? 0.0 : 1.0;
}

/* What the scenario sets of a receptor, and what its subunit does beyond that. Free *settings with rw_free. */
static rw_err subunit_settings(const rw_model_spec *receptor, rw_glun2 subunit, rw_setting **settings, size_t *n) {
    const rw_receptor *model = &receptor->model->receptor;
    RW_TRY(RW_NEW(*settings, receptor->n_settings + model->n_glun2, "receptors"));
    *n = receptor->n_settings;
    if (*n > 0)
        memcpy(*settings, receptor->settings, *n * sizeof **settings);
    for (size_t k = 0; k < model->n_glun2 && subunit < RW_GLUN2_COUNT; k++) {
        bool set = false;
        for (size_t s = 0; s < receptor->n_settings; s++)
            set = set || receptor->settings[s].field == model->glun2[k].field;
        if (!set)
            (*settings)[(*n)++] =
                (rw_setting){model->glun2[k].field, {.kind = RW_CONSTANT, .a = model->glun2[k].value[subunit]}};
    }
    return RW_OK;
}

rw_err rw_receptor_typical(rw_block *block, const rw_scenario *scenario, const rw_population_spec *population,
                           size_t receptor, rw_glun2 subunit) {
    const rw_model_spec *spec = &population->receptors[receptor];
    rw_setting *settings = NULL;
    size_t n = 0;
    RW_TRY(subunit_settings(spec, subunit, &settings, &n));
    rw_err err = rw_block_create(block, spec->model, 1, scenario->step_ms);
    for (size_t k = 0; k < n && err == RW_OK; k++) {
        const rw_value *value = &settings[k].value;
        rw_block_fill(block, settings[k].field, value->kind == RW_UNIFORM ? 0.5 * (value->a + value->b) : value->a);
    }
    if (err == RW_OK)
        err = rw_block_finish(block, NULL);
    if (err != RW_OK)
        rw_block_destroy(block);
    rw_free(settings);
    return err;
}

/* Adds an instance of receptor `spec` and takes over `acting`. */
static rw_err add_instance(const rw_network *network, uint32_t index, size_t spec, rw_glun2 subunit,
                           const bool *acting) {
    rw_population *population = &network->populations[index];
    const rw_model_spec *receptor = &population->spec->receptors[spec];
    RW_TRY(RW_GROW(population->receptors, population->n_receptors, population->n_receptors + 1, "receptors"));
    rw_receptor_instance *instance = &population->receptors[population->n_receptors];
    rw_setting *settings = NULL;
    size_t n_settings = 0;
    RW_TRY(subunit_settings(receptor, subunit, &settings, &n_settings));
    rw_err err = rw_block_from_settings(&instance->block, network, receptor->model, index,
                                        RW_PART_RECEPTOR + (uint32_t)spec, settings, n_settings);
    rw_free(settings);
    if (err != RW_OK)
        return rw_fail_context(err, "%s",
                               rw_place_of("population", population->spec->name, population->spec->mark).text);
    instance->spec = spec;
    instance->subunit = subunit;
    instance->factors = acting;
    instance->drugs = acting != NULL ? acting + network->scenario->n_factors : NULL;
    population->n_receptors++;
    return RW_OK;
}

/* The instance of receptor `spec` that `projection` (-1: an input) acts on; adds it if it is new. */
static rw_err find_instance(const rw_network *network, uint32_t index, size_t spec, rw_glun2 subunit,
                            int64_t projection, size_t *found) {
    const rw_population *population = &network->populations[index];
    const size_t n_acting = network->scenario->n_factors + network->scenario->n_drugs;
    bool *acting = NULL;
    RW_TRY(RW_NEW(acting, n_acting, "blockades"));
    list_acting(network, index, spec, projection, acting);
    for (size_t r = 0; r < population->n_receptors; r++) {
        const rw_receptor_instance *instance = &population->receptors[r];
        if (instance->spec == spec && instance->subunit == subunit &&
            (n_acting == 0 || memcmp(instance->factors, acting, n_acting * sizeof *acting) == 0)) {
            rw_free(acting);
            *found = r;
            return RW_OK;
        }
    }
    *found = population->n_receptors;
    rw_err err = add_instance(network, index, spec, subunit, acting);
    if (err != RW_OK)
        rw_free(acting);
    return err;
}

static bool sink_before(const rw_sink *a, const rw_sink *b) {
    return a->is_field != b->is_field ? a->is_field : a->index < b->index;
}

static bool same_sinks(const rw_port *port, const rw_sink *sinks, size_t n) {
    if (port->n_sinks != n)
        return false;
    for (size_t s = 0; s < n; s++)
        if (port->sinks[s].is_field != sinks[s].is_field || port->sinks[s].index != sinks[s].index ||
            port->sinks[s].share != sinks[s].share || port->sinks[s].graded != sinks[s].graded)
            return false;
    return true;
}

/* The port with exactly these sinks; adds it if it is new. No sinks: RW_NO_PORT. */
static rw_err find_port(rw_population *population, const rw_sink *sinks, size_t n, uint32_t *found) {
    *found = RW_NO_PORT;
    if (n == 0)
        return RW_OK;
    for (size_t p = 0; p < population->n_ports; p++) {
        if (same_sinks(&population->ports[p], sinks, n)) {
            *found = (uint32_t)p;
            return RW_OK;
        }
    }
    RW_TRY(RW_GROW(population->ports, population->n_ports, population->n_ports + 1, "ports"));
    rw_port *port = &population->ports[population->n_ports];
    RW_TRY(RW_NEW(port->sinks, n, "ports"));
    memcpy(port->sinks, sinks, n * sizeof *sinks);
    port->n_sinks = n;
    *found = (uint32_t)population->n_ports++;
    return RW_OK;
}

/* Puts a sink at its place in the order. */
static void insert_sink(rw_sink *sinks, size_t *n_sinks, rw_sink sink) {
    size_t at = (*n_sinks)++;
    for (; at > 0 && sink_before(&sink, &sinks[at - 1]); at--)
        sinks[at] = sinks[at - 1];
    sinks[at] = sink;
}

/* The sinks of some shares in a fixed order; shares of 0 have no effect and get none.
 * sinks [n_shares x (RW_GLUN2_COUNT + 1)]. */
static rw_err list_sinks(const rw_network *network, uint32_t index, const rw_share *shares, size_t n_shares,
                         int64_t projection, rw_sink *sinks, size_t *n_sinks) {
    const rw_population *population = &network->populations[index];
    size_t n = 0;
    for (size_t s = 0; s < n_shares; s++) {
        if (shares[s].share == 0.0)
            continue;
        rw_sink sink = {.is_field = shares[s].is_port, .index = shares[s].index, .share = shares[s].share};
        if (sink.is_field) {
            insert_sink(sinks, &n, sink);
            continue;
        }
        size_t spec = shares[s].index;
        sink.graded = population->spec->receptors[spec].model->receptor.presynaptic_jump != NULL;
        for (rw_glun2 subunit = RW_GLUN2A; subunit <= RW_GLUN2_COUNT; subunit++) {
            sink.share = shares[s].share * subunit_share(population->spec, spec, subunit);
            if (sink.share == 0.0)
                continue;
            RW_TRY(find_instance(network, index, spec, subunit, projection, &sink.index));
            insert_sink(sinks, &n, sink);
        }
    }
    *n_sinks = n;
    return RW_OK;
}

/* Moves the graded sinks behind the others; returns how many are not graded. */
static size_t split_graded(rw_sink *sinks, size_t n) {
    size_t plain = 0;
    for (size_t s = 0; s < n; s++) {
        rw_sink sink = sinks[s];
        if (sink.graded)
            continue;
        for (size_t at = s; at > plain; at--)
            sinks[at] = sinks[at - 1];
        sinks[plain++] = sink;
    }
    return plain;
}

/* Whether all sinks are one receptor, or its subunits: they share a gate. */
static bool same_receptor(const rw_population *population, const rw_sink *sinks, size_t n) {
    for (size_t s = 1; s < n; s++)
        if (population->receptors[sinks[s].index].spec != population->receptors[sinks[0].index].spec)
            return false;
    return true;
}

static rw_err connect_projection(rw_network *network, rw_projection *projection) {
    const rw_projection_spec *spec = projection->spec;
    rw_population *target = &network->populations[projection->target];
    rw_sink *sinks = NULL;
    size_t n = 0;
    RW_TRY(RW_NEW(sinks, spec->n_shares * (RW_GLUN2_COUNT + 1), "ports"));
    rw_err err = list_sinks(network, projection->target, spec->shares, spec->n_shares, projection->index, sinks, &n);
    size_t plain = err == RW_OK ? split_graded(sinks, n) : 0;
    if (err == RW_OK && plain < n && !same_receptor(target, sinks + plain, n - plain))
        err = rw_fail(RW_ERR_INPUT,
                      "%s acts on several receptors whose gate belongs to the source; give each its own projection",
                      rw_place_of("projection", spec->name, spec->mark).text);
    if (err == RW_OK)
        err = find_port(target, sinks, plain, &projection->port);
    if (err == RW_OK)
        err = find_port(target, sinks + plain, n - plain, &projection->graded_port);
    rw_free(sinks);
    return err;
}

static rw_err connect_input(rw_network *network, size_t input) {
    const rw_input_spec *spec = &network->scenario->inputs[input];
    rw_population *target = &network->populations[spec->target];
    network->input_ports[input] = RW_NO_PORT;
    if (spec->kind != RW_INPUT_POISSON)
        return RW_OK;
    rw_sink *sinks = NULL;
    size_t n = 0;
    RW_TRY(RW_NEW(sinks, spec->n_shares * (RW_GLUN2_COUNT + 1), "ports"));
    rw_err err = list_sinks(network, spec->target, spec->shares, spec->n_shares, -1, sinks, &n);
    if (err == RW_OK && split_graded(sinks, n) < n)
        err =
            rw_fail(RW_ERR_INPUT,
                    "%s: a Poisson input has no source cell, so it cannot act on a receptor whose gate belongs to the "
                    "source; name another receptor",
                    rw_place_of("input to", target->spec->name, spec->mark).text);
    if (err == RW_OK)
        err = find_port(target, sinks, n, &network->input_ports[input]);
    rw_free(sinks);
    return err;
}

rw_err rw_network_create_ports(rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        for (size_t spec = 0; spec < network->populations[p].spec->n_receptors; spec++) {
            size_t unused;
            for (rw_glun2 subunit = RW_GLUN2A; subunit <= RW_GLUN2_COUNT; subunit++)
                if (subunit_share(network->populations[p].spec, spec, subunit) > 0.0)
                    RW_TRY(find_instance(network, p, spec, subunit, -1, &unused));
        }
    }
    for (size_t p = 0; p < network->n_projections; p++)
        RW_TRY(connect_projection(network, &network->projections[p]));
    RW_TRY(RW_NEW(network->input_ports, scenario->n_inputs, "inputs"));
    for (size_t i = 0; i < scenario->n_inputs; i++)
        RW_TRY(connect_input(network, i));
    return RW_OK;
}

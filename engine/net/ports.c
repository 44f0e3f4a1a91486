#include "net/ports.h"

#include <string.h>

#include "base/memory.h"
#include "config/mark_text.h"
#include "net/receptor_instances.h"

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

/* Inserts a sink in the order. */
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
            sink.share = shares[s].share * rw_receptor_subunit_share(population->spec, spec, subunit);
            if (sink.share == 0.0)
                continue;
            RW_TRY(rw_receptor_instances_find(network, index, spec, subunit, projection, &sink.index));
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
                      rw_mark_text_of("projection", spec->name, spec->mark).text);
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
    if (!rw_input_is_spikes(spec))
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
                    rw_mark_text_of("input to", target->spec->name, spec->mark).text);
    if (err == RW_OK)
        err = find_port(target, sinks, n, &network->input_ports[input]);
    rw_free(sinks);
    return err;
}

rw_err rw_ports_create(rw_network *network) {
    const rw_scenario *scenario = network->scenario;
    for (uint32_t p = 0; p < network->n_populations; p++) {
        for (size_t spec = 0; spec < network->populations[p].spec->n_receptors; spec++) {
            size_t unused;
            for (rw_glun2 subunit = RW_GLUN2A; subunit <= RW_GLUN2_COUNT; subunit++)
                if (rw_receptor_subunit_share(network->populations[p].spec, spec, subunit) > 0.0)
                    RW_TRY(rw_receptor_instances_find(network, p, spec, subunit, -1, &unused));
        }
    }
    for (size_t p = 0; p < network->n_projections; p++)
        RW_TRY(connect_projection(network, &network->projections[p]));
    RW_TRY(RW_NEW(network->input_ports, scenario->n_inputs, "inputs"));
    for (size_t i = 0; i < scenario->n_inputs; i++)
        RW_TRY(connect_input(network, i));
    return RW_OK;
}

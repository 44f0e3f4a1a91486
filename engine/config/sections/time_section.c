#include "config/sections/time_section.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/sections/clock_section.h"

static void step_is_known(rw_reader *r, const rw_node *node, void *object) {
    (void)node;
    (void)object;
    r->step_known = true;
}

/* A duration in the largest unit of which it has a whole number, at least one. */
static void print_duration(char *text, size_t size, double ms) {
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"d", 86400e3}, {"h", 3600e3}, {"min", 60e3}, {"s", 1e3}};
    for (size_t k = 0; k < RW_COUNT(units); k++)
        if (ms >= units[k].ms && fabs(ms / units[k].ms - round(ms / units[k].ms)) < 1e-9) {
            (void)snprintf(text, size, "%.12g %s", round(ms / units[k].ms), units[k].unit);
            return;
        }
    (void)snprintf(text, size, "%.12g ms", ms);
}

/* time.scale and time.drug_speed, which earlier versions had: the same run in the words of time.clock. */
static bool replaced(rw_reader *r, const rw_node *key) {
    const rw_node *until = rw_node_get(key->parent, "until");
    const bool scale = strcmp(key->key, "scale") == 0;
    double factor = NAN, until_ms = NAN;
    char problem[320], now[64] = "(its value times the factor)";
    if (!scale && strcmp(key->key, "drug_speed") != 0)
        return false;
    if (key->kind == RW_NODE_SCALAR)
        (void)rw_units_parse(r->units, key->text, "1", &factor, problem, sizeof problem);
    if (until != NULL && until->kind == RW_NODE_SCALAR)
        (void)rw_units_parse(r->units, until->text, "ms", &until_ms, problem, sizeof problem);
    if (until_ms * factor > 0.0)
        print_duration(now, sizeof now, until_ms * factor);
    if (isnan(factor))
        factor = 3600.0;
    rw_node_key_wrong(
        r->diagnostics, key,
        "is replaced by time.clock: write `until: %s, clock: {factor: %.12g}`. All times of the scenario "
        "are then biological%s",
        now, factor,
        scale ? ": those that were the network's (structure.every, record, checkpoint, courses of inputs) "
                "become as many times longer"
              : ", also structure.every and the rates of growth and loss: drug and synapses have one clock");
    return true;
}

static bool is_slow(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->clock.slow;
}

static const rw_entry entries[] = {
    {"step", RW_QUANTITY(rw_scenario, step_ms, "ms", 1e-4, 100.0), .default_text = "0.1 ms", .check = step_is_known,
     .help = "The step of the network; every other time is a multiple of it."},
    {"until", RW_TIME(rw_scenario, n_steps, 1), .required = true, .help = "How long the run is, in biological time."},
    {"clock", RW_MAP_IF(rw_scenario, clock.slow, &rw_clock_table), .shown = is_slow,
     .default_words = "network and biology have one speed", .form = "a tolerance, such as `2 %`, or `{factor: 3600}`",
     .help = "How much faster biology passes than the network runs."},
};

const rw_key_table rw_time_table = {.name = "time",
                                    .help = "How long the run is, and how fast biology passes in it.",
                                    RW_ENTRIES(entries),
                                    .flow = true,
                                    .replaced = replaced};

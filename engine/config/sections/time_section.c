#include "config/sections/time_section.h"

#include "config/key_table_reader.h"

static void step_is_known(rw_reader *r, const rw_node *node, void *object) {
    (void)node;
    (void)object;
    r->step_known = true;
}

static rw_err read_drug_speed(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    r->scenario->drug_speed = r->scenario->time_scale;
    return rw_entry_read_kind(r, node, entry, object);
}

static void check_drug_speed(rw_reader *r, const rw_node *node, void *object) {
    const rw_scenario *scenario = object;
    if (node != NULL && rw_node_get(r->map, "scale") != NULL && scenario->drug_speed != scenario->time_scale)
        rw_node_wrong(r->diagnostics, node,
                      "differs from time.scale, which is the clock of drugs, signals, growth, loss and stress");
}

static bool is_scaled(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->time_scale != 1.0;
}

static bool has_drugs(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->n_drugs > 0;
}

static const rw_entry entries[] = {
    {"step", RW_QUANTITY(rw_scenario, step_ms, "ms", 1e-4, 100.0), .default_text = "0.1 ms", .check = step_is_known,
     .help = "The step of the network; every other time of the network is a multiple of it."},
    {"until", RW_TIME(rw_scenario, n_steps, 1), .required = true, .help = "How long the run is."},
    {"scale", RW_QUANTITY(rw_scenario, time_scale, "1", 1e-3, 1e9), .default_text = "1", .shown = is_scaled,
     .help = "Seconds of biology in one second of the network, for everything slow: drugs, signals, growth, loss, "
             "pruning and stress."},
    {"drug_speed", RW_QUANTITY(rw_scenario, drug_speed, "1", 1e-3, 1e9), .default_words = "scale",
     .read = read_drug_speed, .check = check_drug_speed, .shown = has_drugs,
     .help = "The same for drugs alone; beside scale it must equal scale."},
};

const rw_key_table rw_time_table = {.name = "time",
                                    .help = "How long the run is, and how fast biology passes in it.",
                                    RW_ENTRIES(entries),
                                    .flow = true};

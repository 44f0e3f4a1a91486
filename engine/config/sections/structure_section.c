#include "config/sections/structure_section.h"

#include <math.h>

#include "config/key_table_reader.h"
#include "config/sections/clock_section.h"

static bool anything_rewires(const rw_scenario *scenario) {
    for (size_t k = 0; k < scenario->n_projections; k++)
        if (scenario->projections[k].structural)
            return true;
    return false;
}

/* The largest divisor of `every` steps that is at most 10 ms long. */
static uint64_t default_growth_every(const rw_scenario *scenario, uint64_t every) {
    uint64_t divisor = (uint64_t)fmax(1.0, floor(10.0 / scenario->step_ms * (1.0 + 1e-9)));
    while (divisor > 1 && every % divisor != 0)
        divisor--;
    return divisor;
}

static void begin(rw_reader *r, const rw_node *node, void *object) {
    (void)node;
    ((rw_scenario *)object)->structure.every_steps = rw_clock_default_interval(r->scenario);
}

static rw_err read_growth_every(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_structure_spec *structure = &((rw_scenario *)object)->structure;
    structure->growth_every_steps = default_growth_every(r->scenario, structure->every_steps);
    return rw_entry_read_kind(r, node, entry, object);
}

static void check_growth_every(rw_reader *r, const rw_node *node, void *object) {
    const rw_structure_spec *structure = &((rw_scenario *)object)->structure;
    if (node != NULL && structure->every_steps % structure->growth_every_steps != 0)
        rw_node_wrong(r->diagnostics, node, "must divide structure.every, so that both meet");
}

static const rw_entry entries[] = {
    {"every", RW_TIME(rw_scenario, structure.every_steps, 1),
     .default_words = "1 s, rounded to steps; with time.clock its interval, or 10 min",
     .help = "Time between updates of the connectivity."},
    {"growth_every", RW_TIME(rw_scenario, structure.growth_every_steps, 1),
     .default_words = "the longest divisor of every up to 10 ms", .read = read_growth_every,
     .check = check_growth_every,
     .help = "Time of the network between evaluations of the growth curves; divides every."},
    {"tau_Ca", RW_QUANTITY(rw_scenario, structure.tau_Ca_ms, "ms", 1e-3, 1e12), .default_text = "10 s",
     .help = "Time constant with which a cell's calcium decays, of the network."},
    {"beta_Ca", RW_QUANTITY(rw_scenario, structure.beta_Ca, "1", 1e-12, 1e12), .default_text = "0.001",
     .help = "Calcium that a spike adds."},
    {"vacant_decay", RW_QUANTITY(rw_scenario, structure.vacant_decay, "1", 0.0, 1.0), .default_text = "0.1",
     .help = "Share of its vacant elements that a cell loses in each update."},
};

const rw_key_table rw_structure_table = {
    .name = "structure",
    .help = "When the network rewires. Each spike raises a cell's calcium by beta_Ca, which decays with tau_Ca; growth "
            "turns calcium into synaptic elements. At each update, synapses whose elements were retracted are deleted, "
            "and vacant "
            "axonal and dendritic elements are paired by the projections that have rewire.",
    RW_ENTRIES(entries),
    .begin = begin};

rw_err rw_read_structure(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_structure_spec *structure = &r->scenario->structure;
    const rw_node *growth = rw_node_get(r->root, "growth"), *said = rw_node_get(r->root, "structure");
    bool needed = (growth != NULL && growth->count > 0) || anything_rewires(r->scenario);
    if (said != NULL && !needed) {
        rw_node_key_wrong(r->diagnostics, said, "nothing is structural: it needs growth: or a projection with rewire:");
        return RW_OK;
    }
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    if (!needed)
        structure->every_steps = structure->growth_every_steps = 0;
    return RW_OK;
}

bool rw_structure_is_shown(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->structure.every_steps > 0;
}

void rw_check_ages(rw_reader *r) {
    const double most_updates = 16777216.0; /* a synapse keeps the number of its update as a float */
    rw_scenario *scenario = r->scenario;
    const rw_structure_spec *structure = &scenario->structure;
    bool any = false;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        rw_projection_spec *projection = &scenario->projections[p];
        projection->dated =
            projection->structural &&
            (isfinite(projection->loss.age_ms) || projection->prune.weight > 0.0 || scenario->record.n_survival > 0);
        any = any || projection->dated;
    }
    if (any && structure->every_steps > 0 && (double)scenario->n_steps / (double)structure->every_steps > most_updates)
        rw_diagnostics_add(r->diagnostics, (rw_mark){.file = scenario->path, .line = 1, .column = 1}, "structure.every",
                           "ages of synapses are counted in updates of connectivity, at most %.0f; make it longer",
                           most_updates);
}

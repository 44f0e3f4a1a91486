#include "config/sections/clock_section.h"

#include <math.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/render.h"
#include "config/scenario_warn.h"

static uint64_t common_multiple(uint64_t a, uint64_t b) {
    uint64_t x = a, y = b;
    while (y != 0) {
        uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return a / x * b;
}

uint64_t rw_clock_unit(const rw_scenario *scenario) {
    uint64_t tick = scenario->structure.growth_every_steps;
    bool aligned = false;
    for (size_t i = 0; i < scenario->n_inputs; i++)
        aligned = aligned || scenario->inputs[i].kind == RW_INPUT_SESSION ||
                  (scenario->inputs[i].kind == RW_INPUT_POISSON && scenario->inputs[i].level.count > 1);
    return common_multiple(tick > 0 ? tick : 1, aligned ? RW_CLOCK_ALIGNMENT : 1);
}

uint64_t rw_clock_round(uint64_t length, uint64_t unit, double factor) {
    const double units = round((double)length / (factor * (double)unit));
    const double most = floor((double)length / (double)unit);
    return (uint64_t)fmax(1.0, fmin(units, most)) * unit;
}

uint64_t rw_clock_default_interval(const rw_scenario *scenario) {
    const double slow_ms = 600e3, fast_ms = 1000.0;
    if (scenario->clock.interval_steps > 0)
        return scenario->clock.interval_steps;
    return (uint64_t)fmax(1.0, round((scenario->clock.slow ? slow_ms : fast_ms) / scenario->step_ms));
}

static rw_err check_window(rw_reader *r, const rw_node *node, void *object) {
    const rw_window_spec *window = object;
    if (r->step_known && window->until_step <= window->from_step)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "until"), "must be later than from");
    return RW_OK;
}

static const rw_entry window_entries[] = {
    {"from", RW_TIME(rw_window_spec, from_step, 0), .required = true, .help = "Its begin."},
    {"until", RW_TIME(rw_window_spec, until_step, 1), .required = true, .help = "Its end."},
};

static const rw_key_table window_table = {.name = "real_time",
                                          .help = "A window in which biology has the speed of the network.",
                                          RW_ENTRIES(window_entries),
                                          RW_ITEM(rw_window_spec),
                                          .flow = true,
                                          .ends = "until",
                                          .finish = check_window};

static void write_windows(FILE *out, const rw_scenario *scenario, const void *object) {
    (void)object;
    for (size_t k = 0; k < scenario->clock.n_real_time; k++) {
        (void)fputs(k == 0 ? "[{from: " : ", {from: ", out);
        rw_render_steps(out, scenario->step_ms, scenario->clock.real_time[k].from_step);
        (void)fputs(", until: ", out);
        rw_render_steps(out, scenario->step_ms, scenario->clock.real_time[k].until_step);
        (void)fputc('}', out);
    }
    (void)fputc(']', out);
}

static bool has_windows(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->clock.n_real_time > 0;
}

static bool is_chosen(const rw_scenario *scenario, const void *object) {
    (void)object;
    return scenario->clock.tolerance > 0.0;
}

static bool is_fixed(const rw_scenario *scenario, const void *object) {
    return !is_chosen(scenario, object);
}

/* The quantities of a tolerance; bit k of `of` is word k. */
static const char *const quantities[] = {"rates", "signals", "synapses"};

static void add_quantity(rw_reader *r, const rw_node *node, unsigned *of) {
    for (size_t k = 0; node->kind == RW_NODE_SCALAR && k < RW_COUNT(quantities); k++)
        if (strcmp(node->text, quantities[k]) == 0) {
            *of |= 1u << k;
            return;
        }
    rw_node_wrong(r->diagnostics, node, "must be rates, signals, synapses, or a list of them");
}

static rw_err read_quantities(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_clock_spec *clock = &((rw_scenario *)object)->clock;
    (void)entry;
    clock->of = node == NULL ? RW_CLOCK_RATES | RW_CLOCK_SYNAPSES : 0;
    if (node == NULL)
        return RW_OK;
    if (node->kind != RW_NODE_LIST)
        add_quantity(r, node, &clock->of);
    else if (node->count == 0)
        rw_node_wrong(r->diagnostics, node, "must name at least one of rates, signals, synapses");
    else
        for (const rw_node *child = node->first; child != NULL; child = child->next)
            add_quantity(r, child, &clock->of);
    return RW_OK;
}

static void write_quantities(FILE *out, const rw_scenario *scenario, const void *object) {
    const char *comma = "[";
    (void)object;
    for (size_t k = 0; k < RW_COUNT(quantities); k++)
        if ((scenario->clock.of & 1u << k) != 0) {
            (void)fprintf(out, "%s%s", comma, quantities[k]);
            comma = ", ";
        }
    (void)fputc(']', out);
}

static const rw_entry entries[] = {
    {"tolerance", RW_QUANTITY(rw_scenario, clock.tolerance, "1", 1e-5, 1.0), .default_words = "the factor is given",
     .shown = is_chosen,
     .help = "Relative error that the clock aims to stay below. Before each interval the run chooses the largest "
             "factor that "
             "its estimates of the errors allow: small around a dose, large in quiet weeks. The estimates stand in "
             "series.h5."},
    {"of", RW_OTHER, .default_words = "[rates, synapses]", .form = "`[rates, signals, synapses]`, or one of them",
     .schema =
         "{\"anyOf\": [{\"enum\": [\"rates\", \"signals\", \"synapses\"]}, {\"type\": \"array\", \"items\": {\"enum\": "
         "[\"rates\", \"signals\", \"synapses\"]}}]}",
     .read = read_quantities, .write = write_quantities, .shown = is_chosen,
     .help =
         "What the tolerance is for: firing rates (as far as they lag behind what drives them), the factor of growth "
         "signals on formation, the number of synapses."},
    {"slowest", RW_QUANTITY(rw_scenario, clock.slowest, "1", 1.0, 1e9), .default_text = "1", .shown = is_chosen,
     .help = "Smallest factor that a tolerance chooses."},
    {"fastest", RW_QUANTITY(rw_scenario, clock.fastest, "1", 1.0, 1e9),
     .default_words = "20000, or as much as intervals and samples allow", .shown = is_chosen,
     .help = "Largest factor that a tolerance chooses."},
    {"factor", RW_QUANTITY(rw_scenario, clock.factor, "1", 1.0, 1e9), .default_words = "chosen by the tolerance",
     .shown = is_fixed, .help = "Seconds of biology for which a second of the network stands, where it is not chosen."},
    {"interval", RW_TIME(rw_scenario, clock.interval_steps, 1),
     .default_words = "structure.every, or 10 min where nothing rewires",
     .help = "The factor may change at multiples of it. The same as structure.every."},
    {"real_time", RW_LIST(rw_scenario, clock.real_time, clock.n_real_time, &window_table, 10000),
     .default_words = "none", .shown = has_windows, .write = write_windows,
     .help = "Windows in which the factor is 1, for example around a recording of membrane potentials. Pulses and "
             "replayed spikes have theirs without being named."},
};

/* Either a factor or a tolerance. */
static rw_err check_choice(rw_reader *r, const rw_node *node, void *object) {
    rw_clock_spec *clock = &((rw_scenario *)object)->clock;
    const rw_node *factor = rw_node_get(node, "factor");
    if (clock->tolerance > 0.0 && factor != NULL)
        rw_node_wrong(r->diagnostics, factor,
                      "is given beside a tolerance, which chooses it; leave one of them out, or say fastest: %.12g",
                      clock->factor);
    else if (clock->tolerance == 0.0 && factor == NULL)
        rw_node_wrong(r->diagnostics, node, "needs a tolerance, such as 2 %%, or a factor");
    else if (clock->fastest > 0.0 && clock->fastest < clock->slowest)
        rw_node_wrong(r->diagnostics, rw_node_get(node, "fastest"), "must be at least slowest, %.12g", clock->slowest);
    return RW_OK;
}

const rw_key_table rw_clock_table = {
    .name = "clock",
    .help = "A slow clock: a second of the network stands for many seconds of biology. Then every time in the scenario "
            "is biological, except the time constants and delays of cells, receptors and synapses, the width and hold "
            "of inputs, structure.growth_every, tau_Ca, and the interval of reports.",
    RW_ENTRIES(entries),
    .flow = true,
    .shorthand = "tolerance",
    .finish = check_choice};

/* A time between samples must be longer than what a step of the network stands for. */
static void check_period(rw_reader *r, const char *section, const char *name, uint64_t steps) {
    const rw_scenario *scenario = r->scenario;
    const rw_node *node = rw_node_get(rw_node_get(r->root, section), name), *every = rw_node_get(node, "every");
    const double least = 2.0 * scenario->clock.factor; /* the factor is rounded to whole growth ticks */
    if (steps == 0 || (double)steps >= least)
        return;
    node = every != NULL ? every : node != NULL ? node : rw_node_get(r->root, "time");
    rw_node_wrong(
        r->diagnostics, node,
        "the interval, %.12g ms, must be at least %.12g ms, because a step of the network stands for %.12g ms "
        "of biology",
        (double)steps * scenario->step_ms, least * scenario->step_ms, 0.5 * least * scenario->step_ms);
}

static void check_interval(rw_reader *r) {
    rw_scenario *scenario = r->scenario;
    rw_clock_spec *clock = &scenario->clock;
    const rw_node *time = rw_node_get(r->root, "time"), *map = rw_node_get(time, "clock");
    const rw_node *said = rw_node_get(map, "interval"), *node = said != NULL ? said : map;
    const uint64_t every = scenario->structure.every_steps, unit = rw_clock_unit(scenario);
    if (said != NULL && every > 0 && every != clock->interval_steps) {
        rw_node_wrong(r->diagnostics, said,
                      "differs from structure.every, %.12g ms; the clock goes from update to update, so leave one out",
                      (double)every * scenario->step_ms);
        return;
    }
    clock->interval_steps = every > 0 ? every : rw_clock_default_interval(scenario);
    if (clock->interval_steps % unit != 0)
        rw_node_wrong(
            r->diagnostics, node,
            "the interval (structure.every), %.12g ms, must be a multiple of %.12g ms, which holds whole growth "
            "ticks (structure.growth_every) and, with sessions or Poisson input of a changing rate, %d steps",
            (double)clock->interval_steps * scenario->step_ms, (double)unit * scenario->step_ms, RW_CLOCK_ALIGNMENT);
    if (clock->interval_steps > UINT32_MAX)
        rw_node_wrong(r->diagnostics, node, "the interval (structure.every), %.12g ms, must be at most %.12g ms",
                      (double)clock->interval_steps * scenario->step_ms, (double)UINT32_MAX * scenario->step_ms);
    if ((double)clock->interval_steps / clock->factor < 0.5 * (double)unit)
        rw_node_wrong(
            r->diagnostics, rw_node_get(map, "factor") != NULL ? rw_node_get(map, "factor") : node,
            "is too large: the interval (structure.every) of %.12g ms would be less than half of %.12g ms of "
            "the network, which holds whole growth ticks (structure.growth_every) and, with sessions or Poisson input "
            "of a changing rate, %d steps; update less often, or let growth_every be shorter",
            (double)clock->interval_steps * scenario->step_ms, (double)unit * scenario->step_ms, RW_CLOCK_ALIGNMENT);
}

static void check_kept_states(rw_reader *r) {
    const rw_scenario *scenario = r->scenario;
    const rw_node *times = rw_node_get(rw_node_get(r->root, "checkpoint"), "at");
    for (size_t k = 0; k < scenario->checkpoint.n_at; k++)
        if (scenario->checkpoint.at[k] % scenario->clock.interval_steps != 0)
            rw_node_wrong(r->diagnostics, times,
                          "with time.clock states are kept between two intervals of it: each must be a multiple of "
                          "%.12g ms (structure.every, or time.clock.interval)",
                          (double)scenario->clock.interval_steps * scenario->step_ms);
}

/* The largest factor where none is said: one growth tick for an interval, two steps between samples. */
static void set_fastest(rw_scenario *scenario) {
    rw_clock_spec *clock = &scenario->clock;
    const double usual = 20000.0;
    const uint64_t every[] = {scenario->record.series_steps,
                              scenario->record.snapshots ? scenario->record.snapshot_steps : 0,
                              scenario->record.measures.every_steps, scenario->checkpoint.every_steps};
    const uint64_t interval =
        scenario->structure.every_steps > 0 ? scenario->structure.every_steps : rw_clock_default_interval(scenario);
    if (clock->fastest == 0.0) {
        clock->fastest = fmin(usual, (double)interval / (double)rw_clock_unit(scenario));
        for (size_t k = 0; k < RW_COUNT(every); k++)
            clock->fastest = every[k] > 0 ? fmin(clock->fastest, 0.5 * (double)every[k]) : clock->fastest;
        clock->fastest = fmax(clock->fastest, clock->slowest);
    }
    clock->factor = clock->fastest;
}

/* A factor is told to be another if what runs differs from it by more than a twentieth; rates and series, which count
 * seconds of the network, would be misread. */
static rw_err warn_of_rounding(rw_scenario *scenario) {
    const rw_clock_spec *clock = &scenario->clock;
    const uint64_t unit = rw_clock_unit(scenario), length = clock->interval_steps;
    const double runs = (double)length / (double)rw_clock_round(length, unit, clock->factor);
    if (clock->tolerance > 0.0 || fabs(runs / clock->factor - 1.0) <= 0.05)
        return RW_OK;
    return rw_scenario_warn(
        scenario,
        "time.clock.factor: not %.12g but %.6g is what runs, because an interval (structure.every) of %.12g ms takes a "
        "multiple of %.12g ms of the network, which holds whole growth ticks (structure.growth_every) and, with "
        "sessions "
        "or Poisson input of a changing rate, %d steps; ask for this factor, update less often, or let growth_every be "
        "shorter",
        clock->factor, runs, (double)length * scenario->step_ms, (double)unit * scenario->step_ms, RW_CLOCK_ALIGNMENT);
}

rw_err rw_check_clock(rw_reader *r) {
    rw_scenario *scenario = r->scenario;
    if (!scenario->clock.slow || r->diagnostics->count > 0)
        return RW_OK;
    if (scenario->clock.tolerance > 0.0)
        set_fastest(scenario);
    check_interval(r);
    check_kept_states(r);
    check_period(r, "record", "series", scenario->record.series_steps);
    check_period(r, "record", "snapshots", scenario->record.snapshots ? scenario->record.snapshot_steps : 0);
    check_period(r, "record", "measures", scenario->record.measures.every_steps);
    check_period(r, "checkpoint", "every", scenario->checkpoint.every_steps);
    return r->diagnostics->count == 0 ? warn_of_rounding(scenario) : RW_OK;
}

#include "config/sections/signals_section.h"

#include "config/key_table_reader.h"
#include "config/model_settings.h"
#include "config/schedule.h"

static const char of_a_population[] = "one set of numbers holds for a whole population; give constants";

static rw_err finish_drive(rw_reader *r, const rw_node *node, void *object) {
    const rw_signal_spec *signal = object;
    rw_check_constants(r, node, signal->drive_settings, signal->n_drive_settings, of_a_population);
    return RW_OK;
}

static const rw_key_table drive_table;
static const rw_entry drive_entries[] = {
    {"model", RW_MODEL_OF(rw_signal_spec, drive, RW_DRIVE), .required = true,
     .help = "disinhibition: the population fires above its own baseline; direct: its own NMDA receptors are blocked, "
             "whatever its firing; slow_onset: independent of both, a rise over weeks."},
    {NULL, RW_INLINE_SETTINGS(rw_signal_spec, drive_settings, n_drive_settings, drive, &drive_table)},
};

static const rw_key_table drive_table = {.name = "drive",
                                         .help = "What drives the signal. `drive: direct` is short for `drive: {model: "
                                                 "direct}`; the parameters of the model are written beside it.",
                                         RW_ENTRIES(drive_entries),
                                         .shorthand = "model",
                                         .finish = finish_drive};

static void check_population(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *population = &r->scenario->populations[((const rw_signal_spec *)object)->population];
    if (population->model == NULL && population->model_known)
        rw_node_wrong(r->diagnostics, node, "cells of model spikes have no state that could drive growth");
}

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    const rw_signal_spec *signal = object;
    rw_check_constants(r, node, signal->settings, signal->n_settings, of_a_population);
    return RW_OK;
}

static const rw_entry entries[] = {
    {"of", RW_POPULATION(rw_signal_spec, population), .required = true, .check = check_population,
     .help = "Population that drives it."},
    {"drive", RW_MAP(&drive_table), .required = true, .help = "What drives it."},
    {"model", RW_MODEL_OF(rw_signal_spec, model, RW_SIGNAL), .required = true,
     .help = "How the drive becomes a factor on formation."},
    {NULL, RW_INLINE_SETTINGS(rw_signal_spec, settings, n_settings, model, &rw_signal_table)},
    {"blocked", RW_COURSE(rw_signal_spec, blocked, "1", 0.0, 1.0), .default_text = "0",
     .help = "Share of its translation that is blocked, as rapamycin does, over biological time."},
};

const rw_key_table rw_signal_table = {
    .name = "signals",
    .help = "A signal turns what happens to a population into a factor on the formation of synaptic elements, hours to "
            "days later: "
            "drive u, fast signal B (BDNF, mTOR; hours), slow signal G (proteins; days), and after a lag a growth that "
            "is 1 + a G times as fast. Rules of growth take it by its name.",
    RW_ENTRIES(entries),
    RW_ITEM_BY_NAME(rw_signal_spec),
    .finish = finish};

#include "study/report/report_drugs.h"

#include <stdio.h>
#include <string.h>

/* "pv, nmda 2C" of ketamine_nmda_2C: the name of the drug is omitted if there is only one. */
static rw_err name_member(const rw_run_page *page, const char *object, const char *name, const char **label) {
    const char *drug = page->result->n_drugs == 1 ? page->result->drugs[0] : "";
    const size_t length = strlen(drug);
    char plain[200];
    const bool own = length > 0 && strncmp(name, drug, length) == 0 && name[length] == '_';
    (void)snprintf(plain, sizeof plain, "%s", name + (own ? length + 1 : 0));
    for (char *c = plain; *c != '\0'; c++)
        *c = (char)(*c == '_' ? ' ' : *c);
    return rw_figures_text(page->figures, label, "%s, %s", object, plain);
}

/* The receptors of a population that drugs block, as lines in the order of their names. */
static rw_err add_occupancies(const rw_run_page *page, rw_figure *figure, const char *population, int *colour) {
    const rw_path folder = rw_series_folder(RW_SERIES_OCCUPANCY, population);
    const char *const *names = NULL;
    size_t n = 0;
    RW_TRY(rw_result_in_datasets(page->result, "series.h5", folder.text, &names, &n));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(name_member(page, population, names[i], &label));
        RW_TRY(rw_run_page_series(page, figure, rw_path_of("%s/%s", folder.text, names[i]).text, label, (*colour)++,
                                  false));
    }
    return RW_OK;
}

/* A drug at the receptor, and each of its substances in plasma. */
static rw_err add_levels(const rw_run_page *page, rw_figure *figure, const char *drug, int *colour) {
    const char *const *substances = NULL, *label = NULL;
    size_t n = 0;
    RW_TRY(rw_figures_text(page->figures, &label, "%s at the receptor", drug));
    RW_TRY(
        rw_run_page_series(page, figure, rw_series_path(RW_SERIES_AT_RECEPTOR, drug).text, label, (*colour)++, false));
    RW_TRY(
        rw_result_in_groups(page->result, "series.h5", rw_series_folder(RW_SERIES_PLASMA, drug).text, &substances, &n));
    for (size_t i = 0; i < n; i++) {
        RW_TRY(rw_figures_text(page->figures, &label, "%s in plasma", substances[i]));
        RW_TRY(rw_run_page_series(page, figure, rw_series_path_with(RW_SERIES_PLASMA, drug, &substances[i], 1).text,
                                  label, (*colour)++, true));
    }
    return RW_OK;
}

rw_err rw_report_drugs(const rw_run_page *page) {
    const rw_result_in *r = page->result;
    rw_figure *figure = NULL;
    int colour = 0;
    if (r->n_drugs == 0)
        return RW_OK;
    RW_TRY(rw_run_page_begin_series(
        page, "level", RW_SERIES_AT_RECEPTOR, "Drug levels",
        "Unbound drug at the receptor, with its metabolites by their affinity; dashed: total in plasma.", &figure));
    for (size_t d = 0; d < r->n_drugs; d++)
        RW_TRY(add_levels(page, figure, r->drugs[d], &colour));
    RW_TRY(rw_run_page_begin_series(
        page, "occupancy", RW_SERIES_OCCUPANCY, NULL,
        "Share of receptors that the drug blocks, by population, receptor and GluN2 subunit; lines of equal subunits "
        "may lie on each other.",
        &figure));
    colour = 0;
    for (size_t p = 0; p < r->n_populations; p++)
        RW_TRY(add_occupancies(page, figure, r->populations[p], &colour));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

static rw_err rhythm_figure(const rw_run_page *page) {
    rw_figure *figure = NULL;
    RW_TRY(rw_run_page_begin_series(
        page, "rhythms", RW_SERIES_GAMMA_RELATIVE, "Gamma and alpha",
        "Power of the excitatory rate, 30-80 Hz and 8-12 Hz, over its mean before the first dose or blockade: a "
        "measure of the acute state of this network, and none of people.",
        &figure));
    RW_TRY(rw_run_page_series(page, figure, rw_series_path(RW_SERIES_GAMMA_RELATIVE, "").text, "gamma", 0, false));
    RW_TRY(rw_run_page_series(page, figure, rw_series_path(RW_SERIES_ALPHA_RELATIVE, "").text, "alpha", 1, false));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

static rw_err glutamate_figure(const rw_run_page *page) {
    rw_figure *figure = NULL;
    RW_TRY(rw_run_page_begin_series(page, "glutamate", RW_SERIES_GLUTAMATE, NULL,
                                    "Spikes per excitatory cell, less a first-order uptake with 100 ms.", &figure));
    RW_TRY(rw_run_page_series(page, figure, rw_series_path(RW_SERIES_GLUTAMATE, "").text, "glutamate", 0, false));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

static rw_err nmda_charge_figure(const rw_run_page *page) {
    static const char *const nmda[] = {"nmda"};
    const rw_result_in *r = page->result;
    rw_figure *figure = NULL;
    RW_TRY(rw_run_page_begin_series(page, "charge_nmda", RW_SERIES_CHARGE, "Charge through NMDA receptors",
                                    "Mean of the cells, of all steps since the last sample, positive inward.",
                                    &figure));
    for (size_t p = 0; p < r->n_populations; p++)
        RW_TRY(rw_run_page_series(page, figure, rw_series_path_with(RW_SERIES_CHARGE, r->populations[p], nmda, 1).text,
                                  r->populations[p], (int)p, false));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

rw_err rw_report_acute(const rw_run_page *page) {
    const rw_result_in *r = page->result;
    if (r->n_drugs + r->n_blockades == 0)
        return RW_OK;
    RW_TRY(rhythm_figure(page));
    RW_TRY(glutamate_figure(page));
    RW_TRY(rw_run_page_series_figure(page, "ei_ratio", RW_SERIES_EI_RATIO, NULL, r->populations, r->n_populations,
                                     "Ratio of the mean currents at each sample, both as absolute values.", NULL));
    return nmda_charge_figure(page);
}

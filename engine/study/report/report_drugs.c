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

/* Datasets of a group as lines, in the order of their names. */
static rw_err add_members(const rw_run_page *page, rw_figure *figure, const char *group, const char *object,
                          const char *inside, int *colour) {
    const char *const *names = NULL;
    size_t n = 0;
    RW_TRY(rw_result_in_datasets(page->result, "series.h5", rw_path_of("/%s/%s/%s", group, object, inside).text, &names,
                                 &n));
    for (size_t i = 0; i < n; i++) {
        const char *label = NULL;
        RW_TRY(name_member(page, object, names[i], &label));
        RW_TRY(rw_run_page_series(page, figure, rw_path_of("/%s/%s/%s/%s", group, object, inside, names[i]).text, label,
                                  (*colour)++, false));
    }
    return RW_OK;
}

/* A drug at the receptor, and each of its substances in plasma. */
static rw_err add_levels(const rw_run_page *page, rw_figure *figure, const char *drug, int *colour) {
    const char *const *substances = NULL, *label = NULL;
    const rw_path group = rw_path_of("/drugs/%s", drug);
    size_t n = 0;
    RW_TRY(rw_figures_text(page->figures, &label, "%s at the receptor", drug));
    RW_TRY(rw_run_page_series(page, figure, rw_path_of("%s/at_receptor", group.text).text, label, (*colour)++, false));
    RW_TRY(rw_result_in_groups(page->result, "series.h5", group.text, &substances, &n));
    for (size_t i = 0; i < n; i++) {
        RW_TRY(rw_figures_text(page->figures, &label, "%s in plasma", substances[i]));
        RW_TRY(rw_run_page_series(page, figure, rw_path_of("%s/%s/plasma", group.text, substances[i]).text, label,
                                  (*colour)++, true));
    }
    return RW_OK;
}

rw_err rw_report_drugs(const rw_run_page *page) {
    const rw_result_in *r = page->result;
    rw_figure *figure = NULL;
    int colour = 0;
    if (r->n_drugs == 0)
        return RW_OK;
    RW_TRY(rw_run_page_begin(page, "level", "Drug levels", (rw_axis){.label = "concentration", .unit = "umol/l"},
                             "Unbound drug at the receptor, with its metabolites by their affinity; dashed: total in "
                             "plasma. Unless it is called biological, time is the network's; the drug's may run faster "
                             "(time.drug_speed).",
                             &figure));
    for (size_t d = 0; d < r->n_drugs; d++)
        RW_TRY(add_levels(page, figure, r->drugs[d], &colour));
    RW_TRY(
        rw_run_page_begin(page, "occupancy", "Receptors blocked", (rw_axis){.label = "share blocked", .unit = "1"},
                          "Share of receptors that the drug blocks, by population, receptor and GluN2 subunit; lines "
                          "of equal subunits may lie on each other.",
                          &figure));
    colour = 0;
    for (size_t p = 0; p < r->n_populations; p++)
        RW_TRY(add_members(page, figure, "populations", r->populations[p], "occupancy", &colour));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

rw_err rw_report_acute(const rw_run_page *page) {
    const rw_result_in *r = page->result;
    rw_figure *figure = NULL;
    if (r->n_drugs + r->n_blockades == 0)
        return RW_OK;
    RW_TRY(
        rw_run_page_begin(page, "rhythms", "Gamma and alpha", (rw_axis){.label = "power over baseline", .unit = "1"},
                          "Power of the excitatory rate, 30-80 Hz and 8-12 Hz, over its mean before the first dose or "
                          "blockade: a measure of the acute state of this network, and none of people.",
                          &figure));
    RW_TRY(rw_run_page_series(page, figure, "/network/gamma_relative", "gamma", 0, false));
    RW_TRY(rw_run_page_series(page, figure, "/network/alpha_relative", "alpha", 1, false));
    rw_run_page_drop_empty(page, &figure);
    RW_TRY(rw_run_page_begin(page, "glutamate", "Glutamate outside the cells, a proxy",
                             (rw_axis){.label = "spikes per cell", .unit = "1"},
                             "Spikes per excitatory cell, less a first-order uptake with 100 ms.", &figure));
    RW_TRY(rw_run_page_series(page, figure, "/network/glutamate", "glutamate", 0, false));
    rw_run_page_drop_empty(page, &figure);
    RW_TRY(rw_run_page_series_figure(page, "ei_ratio", "Excitation over inhibition",
                                     (rw_axis){.label = "excitatory / inhibitory current", .unit = "1"}, "populations",
                                     r->populations, r->n_populations, "ei_ratio",
                                     "Ratio of the mean currents at each sample, both as absolute values.", NULL));
    return rw_run_page_series_figure(page, "charge_nmda", "Charge through NMDA receptors",
                                     (rw_axis){.label = "charge per sample", .unit = "pC"}, "populations",
                                     r->populations, r->n_populations, "charge/nmda",
                                     "Mean of the cells, of all steps since the last sample, positive inward.", NULL);
}

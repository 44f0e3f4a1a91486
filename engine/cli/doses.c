#include "cli/doses.h"

#include <stdio.h>

#include "cli/format.h"
#include "model/registry.h"

/* A concentration as total drug: 1.06 uM = 253 ng/ml. */
static void print_plasma(const rw_course *course, size_t species) {
    const rw_model *compound = rw_drug_compound(&course->drug, species);
    double g_per_mol = compound->fields[rw_model_field(compound, "molar_mass")].value;
    const rw_peak *peak = &course->plasma[species];
    (void)printf("#     %-20s peak in plasma %.4g uM = %.4g ng/ml at %s\n", compound->name, peak->value,
                 peak->value * g_per_mol, rw_format_duration(3600.0 * peak->at_h).text);
}

static void print_receptor(const rw_scenario *scenario, const rw_course *course, size_t index) {
    const rw_course_receptor *r = &course->receptors[index];
    (void)printf("#     %-14s %-16s 2%c %5.2f  %8.1f %% %8.1f %%   at %.4g mV\n",
                 scenario->populations[r->population].name, r->model->name, 'A' + (int)r->subunit, r->share,
                 100.0 * r->peak, 100.0 * r->mean, r->V_m);
}

/* A factor and a drug on the same receptor multiply; this may be intended, or the same block given twice. */
static bool meets_factor(const rw_scenario *scenario, const rw_drug_spec *spec) {
    for (size_t f = 0; f < scenario->n_factors; f++) {
        const rw_factor_spec *factor = &scenario->factors[f];
        const rw_places *places = rw_drug_places(spec, factor->receptor);
        for (size_t p = 0; places != NULL && p < scenario->n_populations; p++)
            if (places->on_population[p] && factor->on.on_population[p])
                return true;
    }
    return false;
}

/* A warning if the run is too short for some doses; NULL: none. This may be intended, or a wrong unit. */
static const char *late_doses(const rw_scenario *scenario, const rw_drug_spec *spec, char text[120]) {
    const double end_ms = 3.6e6 * rw_drug_hours(scenario, scenario->n_steps);
    uint64_t late = 0, all = 0;
    for (size_t d = 0; d < spec->n_doses; d++)
        for (size_t i = 0; i < spec->doses[d].n_at; i++)
            for (uint64_t k = 0; k < spec->doses[d].times; k++, all++)
                late += spec->doses[d].at_ms[i] + (double)k * spec->doses[d].every_ms >= end_ms;
    if (late == 0)
        return NULL;
    (void)snprintf(text, 120, "has %llu of %llu doses after the end of the run, which are not given",
                   (unsigned long long)late, (unsigned long long)all);
    return text;
}

static void print_warnings(const rw_scenario *scenario, const rw_drug_spec *spec) {
    const char *warning = rw_drug_warning(spec);
    if (warning != NULL)
        (void)printf("#   warning: %s %s\n", spec->name, warning);
    if (meets_factor(scenario, spec))
        (void)printf("#   warning: %s acts where a blockade has a factor too; they multiply. Is the same block said "
                     "twice?\n",
                     spec->name);
    char text[120];
    if (late_doses(scenario, spec, text) != NULL)
        (void)printf("#   warning: %s %s\n", spec->name, text);
}

static void print_course(const rw_scenario *scenario, const rw_course *course) {
    const rw_drug_spec *spec = course->drug.spec;
    (void)printf("#   %s: %s with %s, action %s", spec->name, spec->compound->name, spec->model->name,
                 spec->action->name);
    if (spec->subject > 0)
        (void)printf(", person %llu", (unsigned long long)spec->subject);
    (void)printf("\n");
    for (size_t s = 0; s < rw_drug_species(&course->drug); s++)
        print_plasma(course, s);
    (void)printf("#     %-20s peak %.4g uM at %s\n", "at the receptor", course->level.value,
                 rw_format_duration(3600.0 * course->level.at_h).text);
    (void)printf("#     %-14s %-16s subunit  %10s %10s   blocked in cells at rest\n", "population", "receptor", "peak",
                 "mean");
    for (size_t r = 0; r < course->n_receptors; r++)
        print_receptor(scenario, course, r);
    print_warnings(scenario, spec);
}

rw_err rw_doses_print(const rw_scenario *scenario) {
    if (scenario->n_drugs == 0)
        return RW_OK;
    (void)printf("\n# Drugs over the run of %s:\n",
                 rw_format_duration(3600.0 * rw_drug_hours(scenario, scenario->n_steps)).text);
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        rw_course course;
        RW_TRY(rw_course_create(&course, scenario, d));
        print_course(scenario, &course);
        rw_course_destroy(&course);
    }
    return RW_OK;
}

static void write_peak(rw_json *json, const char *name, const rw_peak *peak) {
    rw_json_open_object(json, NULL);
    rw_json_text(json, "name", name);
    rw_json_number(json, "peak_uM", peak->value);
    rw_json_number(json, "peak_at_h", peak->at_h);
    rw_json_close_object(json);
}

static void write_course(rw_json *json, const rw_scenario *scenario, const rw_course *course) {
    const rw_drug_spec *spec = course->drug.spec;
    char text[120];
    const char *late = late_doses(scenario, spec, text);
    const char *warning = rw_drug_warning(spec);
    rw_json_open_object(json, NULL);
    rw_json_text(json, "name", spec->name);
    rw_json_text(json, "warning",
                 warning != NULL                ? warning
                 : meets_factor(scenario, spec) ? "acts where a blockade has a factor too"
                 : late != NULL                 ? late
                                                : "");
    rw_json_open_array(json, "levels");
    for (size_t s = 0; s < rw_drug_species(&course->drug); s++)
        write_peak(json, rw_drug_compound(&course->drug, s)->name, &course->plasma[s]);
    write_peak(json, "at_receptor", &course->level);
    rw_json_close_array(json);
    rw_json_open_array(json, "blocked");
    for (size_t r = 0; r < course->n_receptors; r++) {
        const rw_course_receptor *receptor = &course->receptors[r];
        char subunit[3] = {'2', (char)('A' + (int)receptor->subunit), '\0'};
        rw_json_open_object(json, NULL);
        rw_json_text(json, "population", scenario->populations[receptor->population].name);
        rw_json_text(json, "receptor", receptor->model->name);
        rw_json_text(json, "subunit", subunit);
        rw_json_number(json, "share", receptor->share);
        rw_json_number(json, "peak", receptor->peak);
        rw_json_number(json, "mean", receptor->mean);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
    rw_json_close_object(json);
}

rw_err rw_doses_write(rw_json *json, const rw_scenario *scenario) {
    rw_err err = RW_OK;
    rw_json_open_array(json, "drugs");
    for (size_t d = 0; d < scenario->n_drugs && err == RW_OK; d++) {
        rw_course course;
        err = rw_course_create(&course, scenario, d);
        if (err != RW_OK)
            break;
        write_course(json, scenario, &course);
        rw_course_destroy(&course);
    }
    rw_json_close_array(json);
    return err;
}

/* The section drugs of a resolved scenario. */
#include "config/render.h"

static void render_dose(FILE *out, const rw_dose_spec *dose) {
    (void)fputs("      - {dose: ", out);
    rw_render_number(out, dose->amount_mg, dose->per_kg ? "mg/kg" : "mg");
    (void)fprintf(out, ", form: %s, route: ", dose->salt ? "salt" : "base");
    rw_render_text(out, dose->route);
    if (dose->over_ms > 0.0) {
        (void)fputs(", over: ", out);
        rw_render_number(out, dose->over_ms, "ms");
    }
    (void)fputs(", at: [", out);
    for (size_t k = 0; k < dose->n_at; k++) {
        (void)fputs(k > 0 ? ", " : "", out);
        rw_render_number(out, dose->at_ms[k], "ms");
    }
    (void)fputc(']', out);
    if (dose->every_ms > 0.0) {
        (void)fputs(", every: ", out);
        rw_render_number(out, dose->every_ms, "ms");
        (void)fprintf(out, ", times: %llu", (unsigned long long)dose->times);
    }
    (void)fputs("}\n", out);
}

/* What was set in an action; the rest is the compound's or the action's own. */
static void render_action(FILE *out, const rw_drug_spec *drug) {
    (void)fprintf(out, "    action:\n      model: %s\n", drug->action->name);
    if (drug->assay != RW_MG_NO_MATTER)
        (void)fprintf(out, "      constants: %s\n", drug->assay == RW_IN_MG ? "in_mg" : "mg_free");
    for (size_t k = 0; k < drug->n_action_settings; k++) {
        const rw_field *field = &drug->action->fields[drug->action_settings[k].field];
        (void)fprintf(out, "      %s: ", field->name);
        rw_render_value(out, &drug->action_settings[k].value, field->unit);
        (void)fputc('\n', out);
    }
}

/* Where it acts, and the receptor if there is only one: the others have no say in the places then. */
static void render_places(FILE *out, const rw_scenario *scenario, const rw_drug_spec *drug) {
    const rw_model *receptor = NULL;
    size_t n_receptors = 0, n = 0;
    for (size_t b = 0; b < scenario->n_blockades; b++)
        if (scenario->blockades[b].drug == drug) {
            receptor = scenario->blockades[b].receptor;
            n_receptors++;
        }
    if (n_receptors == 1)
        (void)fprintf(out, "    receptor: %s\n", receptor->name);
    (void)fputs("    on: [", out);
    for (size_t k = 0; k < scenario->n_populations + scenario->n_projections; k++) {
        bool is_population = k < scenario->n_populations, acts = false;
        size_t index = is_population ? k : k - scenario->n_populations;
        for (size_t b = 0; b < scenario->n_blockades; b++) {
            const rw_blockade_spec *blockade = &scenario->blockades[b];
            acts = acts || (blockade->drug == drug &&
                            (is_population ? blockade->on_population[index] : blockade->on_projection[index]));
        }
        if (!acts)
            continue;
        (void)fputs(n++ > 0 ? ", " : "", out);
        rw_render_text(out, is_population ? scenario->populations[index].name : scenario->projections[index].name);
    }
    (void)fputs("]\n", out);
}

static void render_drug(FILE *out, const rw_scenario *scenario, const rw_drug_spec *drug) {
    (void)fputs("  ", out);
    rw_render_text(out, drug->name);
    (void)fprintf(out, ":\n    compound: %s\n    model: %s\n", drug->compound->name, drug->model->name);
    if (drug->model->n_fields > 0) {
        (void)fputs("    set:\n", out);
        rw_render_fields(out, "      ", drug->model, drug->settings, drug->n_settings, scenario->path, false);
    }
    (void)fputs("    constants:\n", out);
    rw_render_fields(out, "      ", drug->compound, drug->constants, drug->n_constants, scenario->path, false);
    (void)fputs("    body_mass: ", out);
    rw_render_number(out, drug->body_mass_kg, "kg");
    (void)fprintf(out, "\n    subject: %llu\n    cohort: %llu\n", (unsigned long long)drug->subject,
                  (unsigned long long)drug->cohort);
    if (drug->model->drug.flows == NULL) {
        (void)fputs("    level: ", out);
        rw_render_schedule(out, scenario->step_ms, &drug->level, "umol/l");
        (void)fputc('\n', out);
    } else {
        (void)fprintf(out, "    doses:%s\n", drug->n_doses == 0 ? " []" : "");
        for (size_t k = 0; k < drug->n_doses; k++)
            render_dose(out, &drug->doses[k]);
    }
    render_action(out, drug);
    render_places(out, scenario, drug);
}

void rw_render_drugs(FILE *out, const rw_scenario *scenario) {
    if (scenario->n_drugs == 0)
        return;
    (void)fputs("drugs:\n", out);
    for (size_t k = 0; k < scenario->n_drugs; k++)
        render_drug(out, scenario, &scenario->drugs[k]);
}

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

/* Where it acts, as it was said. */
static void render_where(FILE *out, const rw_scenario *scenario, const rw_drug_spec *drug) {
    if (drug->receptor != NULL)
        (void)fprintf(out, "    receptor: %s\n", drug->receptor->name);
    if (drug->where == RW_DRUG_ANYWHERE)
        return;
    (void)fputs("    on: ", out);
    if (drug->where == RW_DRUG_PLACES)
        rw_render_places(out, scenario, &drug->on);
    else
        (void)fputs(drug->where == RW_DRUG_INTERNEURONS ? "interneurons" : "principal_cells", out);
    (void)fputc('\n', out);
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
    render_where(out, scenario, drug);
}

void rw_render_drugs(FILE *out, const rw_scenario *scenario) {
    if (scenario->n_drugs == 0)
        return;
    (void)fputs("drugs:\n", out);
    for (size_t k = 0; k < scenario->n_drugs; k++)
        render_drug(out, scenario, &scenario->drugs[k]);
}

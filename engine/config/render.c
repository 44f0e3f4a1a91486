#include "config/render.h"

#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_word(const char *text) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789.-";
    return text[0] != '\0' && text[0] != '-' && text[0] != '.' && text[strspn(text, letters)] == '\0' &&
           strcmp(text, "null") != 0;
}

void rw_render_text(FILE *out, const char *text) {
    if (is_word(text)) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '"' || byte == '\\')
            (void)fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F)
            (void)fprintf(out, "\\x%02x", byte);
        else
            (void)fputc(byte, out);
    }
    (void)fputc('"', out);
}

void rw_render_path(FILE *out, const rw_scenario *scenario, const char *file) {
    char folder[PATH_MAX], *full = NULL;
    if (file[0] != '/' && scenario->path != NULL && strlen(scenario->path) < sizeof folder) {
        memcpy(folder, scenario->path, strlen(scenario->path) + 1);
        full = realpath(dirname(folder), NULL);
    }
    char path[2 * PATH_MAX];
    (void)snprintf(path, sizeof path, "%s%s%s", full != NULL ? full : "", full != NULL ? "/" : "", file);
    rw_render_text(out, path);
    free(full);
}

void rw_render_number(FILE *out, double number, const char *unit) {
    char text[RW_NUMBER_SIZE];
    (void)fputs(rw_number_print(text, number), out);
    if (strcmp(unit, "1") != 0)
        (void)fprintf(out, " %s", unit);
}

void rw_render_steps(FILE *out, double step_ms, uint64_t steps) {
    rw_render_number(out, rw_number_tidy((double)steps * step_ms), "ms");
}

void rw_render_value(FILE *out, const rw_value *value, const char *unit) {
    static const char *const kinds[] = {[RW_UNIFORM] = "uniform", [RW_NORMAL] = "normal", [RW_LOGNORMAL] = "lognormal"};
    if (value->kind == RW_TABLE) {
        (void)fputs("null", out);
        return;
    }
    if (value->kind == RW_CONSTANT) {
        rw_render_number(out, value->a, unit);
        return;
    }
    (void)fprintf(out, "{%s: [", kinds[value->kind]);
    rw_render_number(out, value->a, unit);
    (void)fputs(", ", out);
    rw_render_number(out, value->b, unit);
    (void)fputc(']', out);
    if (isfinite(value->min)) {
        (void)fputs(", min: ", out);
        rw_render_number(out, value->min, unit);
    }
    if (isfinite(value->max)) {
        (void)fputs(", max: ", out);
        rw_render_number(out, value->max, unit);
    }
    (void)fputc('}', out);
}

static bool differs_between_subunits(const rw_model *model, size_t field) {
    for (size_t k = 0; model->kind == RW_RECEPTOR && k < model->receptor.n_glun2; k++)
        if (model->receptor.glun2[k].field == field)
            return true;
    return false;
}

void rw_render_fields(FILE *out, int indent, const rw_model *model, const rw_setting *settings, size_t n,
                      bool by_subunit) {
    for (size_t field = 0; field < model->n_fields; field++) {
        const rw_field *f = &model->fields[field];
        if (f->role != RW_PARAMETER && f->role != RW_STATE)
            continue;
        const rw_value *value = NULL;
        for (size_t k = 0; k < n; k++)
            value = settings[k].field == field ? &settings[k].value : value;
        if (value == NULL && f->like != NULL) {
            (void)fprintf(out, "%*s# %s: as %s\n", indent, "", f->name, f->like);
            continue;
        }
        if (value == NULL && by_subunit && differs_between_subunits(model, field)) {
            (void)fprintf(out, "%*s# %s: that of each subunit\n", indent, "", f->name);
            continue;
        }
        if (value != NULL && value->kind == RW_TABLE) {
            (void)fprintf(out, "%*s# %s: one number for each, in `nodes`\n", indent, "", f->name);
            continue;
        }
        (void)fprintf(out, "%*s%s: ", indent, "", f->name);
        if (value != NULL)
            rw_render_value(out, value, f->unit);
        else
            rw_render_number(out, f->value, f->unit);
        (void)fputc('\n', out);
    }
}

void rw_render_schedule(FILE *out, double step_ms, const rw_schedule *schedule, const char *unit) {
    if (schedule->count == 1) {
        rw_render_number(out, schedule->value[0], unit);
        return;
    }
    (void)fputs(schedule->linear ? "{table: [" : "{steps: [", out);
    for (size_t k = 0; k < schedule->count; k++) {
        (void)fputs(k > 0 ? ", [" : "[", out);
        rw_render_steps(out, step_ms, schedule->step[k]);
        (void)fputs(", ", out);
        rw_render_number(out, schedule->value[k], unit);
        (void)fputc(']', out);
    }
    (void)fputs("]}", out);
}

void rw_render_selection(FILE *out, const rw_selection *selection, uint64_t count) {
    if (selection->kind == RW_SELECT_ALL) {
        (void)fputs("all", out);
    } else if (selection->kind == RW_SELECT_FIRST) {
        (void)fprintf(out, "{first: %llu}", (unsigned long long)selection->count);
    } else if (selection->kind == RW_SELECT_RANDOM) {
        (void)fputs("{fraction: ", out);
        rw_render_number(out, (double)selection->count / (double)count, "1");
        (void)fputc('}', out);
    } else {
        (void)fputs("{ids: [", out);
        for (uint64_t k = 0; k < selection->count; k++)
            (void)fprintf(out, "%s%llu", k > 0 ? ", " : "", (unsigned long long)selection->ids[k]);
        (void)fputs("]}", out);
    }
}

void rw_render_lengths(FILE *out, const double *lengths_um, int n) {
    (void)fputc('[', out);
    for (int k = 0; k < n; k++) {
        (void)fputs(k > 0 ? ", " : "", out);
        rw_render_number(out, lengths_um[k], "um");
    }
    (void)fputc(']', out);
}

void rw_render_shares(FILE *out, const rw_population_spec *population, const rw_share *shares, size_t n_shares) {
    (void)fputc('{', out);
    for (size_t k = 0; k < n_shares; k++) {
        (void)fprintf(out, "%s%s: ", k > 0 ? ", " : "",
                      shares[k].is_port ? population->model->fields[shares[k].index].name
                                        : population->receptors[shares[k].index].model->name);
        rw_render_number(out, shares[k].share, "1");
    }
    (void)fputc('}', out);
}

void rw_render_places(FILE *out, const rw_scenario *scenario, const rw_places *places) {
    const char *gap = "";
    (void)fputc('[', out);
    for (size_t k = 0; k < scenario->n_populations + scenario->n_projections; k++) {
        bool is_population = k < scenario->n_populations;
        size_t index = is_population ? k : k - scenario->n_populations;
        const bool *on = is_population ? places->on_population : places->on_projection;
        if (on == NULL || !on[index])
            continue;
        (void)fputs(gap, out);
        rw_render_text(out, is_population ? scenario->populations[index].name : scenario->projections[index].name);
        gap = ", ";
    }
    (void)fputc(']', out);
}

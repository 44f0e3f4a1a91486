/* The scenario as it takes effect, written as a scenario. */
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "config/render.h"

static void render_head(FILE *out, const rw_scenario *scenario) {
    (void)fputs("rewire: 1\n", out);
    if (scenario->title != NULL && scenario->title[0] != '\0') {
        (void)fputs("title: ", out);
        rw_render_text(out, scenario->title);
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "seed: %llu\ntime: {step: ", (unsigned long long)scenario->seed);
    rw_render_number(out, scenario->step_ms, "ms");
    (void)fputs(", until: ", out);
    rw_render_steps(out, scenario->step_ms, scenario->n_steps);
    if (scenario->time_scale != 1.0) {
        (void)fputs(", scale: ", out);
        rw_render_number(out, scenario->time_scale, "1");
    }
    if (scenario->n_drugs > 0) {
        (void)fputs(", drug_speed: ", out);
        rw_render_number(out, scenario->drug_speed, "1");
    }
    (void)fputs("}\n", out);
    if (scenario->dimensions > 0) {
        (void)fputs("space: {size: [", out);
        for (int k = 0; k < scenario->dimensions; k++) {
            (void)fputs(k > 0 ? ", " : "", out);
            rw_render_number(out, scenario->size_um[k], "um");
        }
        (void)fputs("], periodic: ", out);
        rw_render_flag(out, scenario->periodic);
        (void)fputs("}\n", out);
    }
    (void)fputs("stop: {rate_above: ", out);
    rw_render_number(out, scenario->max_rate_hz, "Hz");
    (void)fputs("}\n", out);
}

/* The spikes file, by its full path, so that the resolved scenario can stand anywhere. */
static void render_spikes_file(FILE *out, const rw_scenario *scenario, const char *file) {
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

static void render_population(FILE *out, const rw_scenario *scenario, const rw_population_spec *population) {
    const char *file = population->mark.file != NULL ? population->mark.file : scenario->path;
    (void)fputs("  ", out);
    rw_render_text(out, population->name);
    (void)fprintf(out, ":\n    model: %s\n    count: %llu\n",
                  population->model != NULL ? population->model->name : "spikes",
                  (unsigned long long)population->count);
    if (population->position == RW_POSITION_TABLE)
        (void)fprintf(out, "    # positions: from %s\n", file);
    else if (scenario->dimensions > 0)
        (void)fprintf(out, "    positions: %s\n", rw_position_names[population->position]);
    if (population->spikes_file != NULL) {
        (void)fputs("    file: ", out);
        render_spikes_file(out, scenario, population->spikes_file);
        (void)fputc('\n', out);
    }
    if (population->spikes_population != NULL) {
        (void)fputs("    file_population: ", out);
        rw_render_text(out, population->spikes_population);
        (void)fputc('\n', out);
    }
    if (population->model == NULL)
        return;
    if (population->has_glun2) {
        (void)fputs("    glun2: {", out);
        for (size_t k = 0; k < RW_GLUN2_COUNT; k++) {
            (void)fprintf(out, "%s%c: ", k > 0 ? ", " : "", (int)('A' + k));
            rw_render_number(out, population->glun2[k], "1");
        }
        (void)fputs("}\n", out);
    }
    (void)fputs("    set:\n", out);
    rw_render_fields(out, "      ", population->model, population->settings, population->n_settings, file, false);
    if (population->n_receptors > 0)
        (void)fputs("    receptors:\n", out);
    for (size_t k = 0; k < population->n_receptors; k++) {
        const rw_model_spec *receptor = &population->receptors[k];
        (void)fprintf(out, "      %s:\n", receptor->model->name);
        rw_render_fields(out, "        ", receptor->model, receptor->settings, receptor->n_settings, file,
                         population->has_glun2);
    }
}

static void render_connect(FILE *out, const rw_projection_spec *projection, const char *file) {
    if (projection->rule == RW_CONNECT_TABLE) {
        (void)fprintf(out, "    # connect: %llu synapses from %s\n", (unsigned long long)projection->table.count, file);
        return;
    }
    (void)fprintf(out, "    connect: {rule: %s", rw_connect_rule_names[projection->rule]);
    if (projection->rule == RW_CONNECT_PAIRWISE_BERNOULLI || projection->rule == RW_CONNECT_DISTANCE) {
        (void)fputs(", p: ", out);
        rw_render_number(out, projection->p, "1");
    }
    if (projection->rule == RW_CONNECT_FIXED_INDEGREE || projection->rule == RW_CONNECT_FIXED_OUTDEGREE ||
        projection->rule == RW_CONNECT_FIXED_TOTAL_NUMBER)
        (void)fprintf(out, ", n: %llu", (unsigned long long)projection->n);
    if (projection->rule == RW_CONNECT_DISTANCE) {
        (void)fputs(", ", out);
        rw_render_kernel(out, &projection->kernel);
    }
    (void)fprintf(out, ", autapses: %s, multapses: %s}\n", projection->autapses ? "true" : "false",
                  projection->multapses ? "true" : "false");
}

/* The weight of new synapses, and how synapses are lost. */
static void render_turnover(FILE *out, const rw_scenario *scenario, const rw_projection_spec *projection) {
    const char *unit =
        rw_shares_unit(&scenario->populations[projection->target], projection->shares, projection->n_shares);
    (void)fputs(", weight: ", out);
    rw_render_value(out, &projection->new_weight, unit);
    if (projection->loss.rate_per_ms > 0.0) {
        (void)fputs(", loss: {rate: ", out);
        rw_render_number(out, projection->loss.rate_per_ms, "1/ms");
        if (isfinite(projection->loss.weight)) {
            (void)fputs(", weight: ", out);
            rw_render_number(out, projection->loss.weight, unit);
        }
        if (isfinite(projection->loss.age_ms)) {
            (void)fputs(", age: ", out);
            rw_render_number(out, projection->loss.age_ms, "ms");
        }
        (void)fputc('}', out);
    }
    if (projection->prune.weight > 0.0) {
        (void)fputs(", prune: {weight: ", out);
        rw_render_number(out, projection->prune.weight, unit);
        (void)fputs(", age: ", out);
        rw_render_steps(out, scenario->step_ms * scenario->time_scale, projection->prune.age_steps);
        (void)fputc('}', out);
    }
    if (projection->stress.fraction > 0.0) {
        (void)fputs(", stress: {from: ", out);
        rw_render_steps(out, scenario->step_ms * scenario->time_scale, projection->stress.from_step);
        (void)fputs(", until: ", out);
        rw_render_steps(out, scenario->step_ms * scenario->time_scale, projection->stress.until_step);
        (void)fputs(", fraction: ", out);
        rw_render_number(out, projection->stress.fraction, "1");
        (void)fputc('}', out);
    }
}

static void render_projection(FILE *out, const rw_scenario *scenario, const rw_projection_spec *projection) {
    const rw_population_spec *target = &scenario->populations[projection->target];
    const char *file = projection->mark.file != NULL ? projection->mark.file : scenario->path;
    (void)fputs("  - name: ", out);
    rw_render_text(out, projection->name);
    (void)fputs("\n    from: ", out);
    rw_render_text(out, scenario->populations[projection->source].name);
    (void)fputs("\n    to: ", out);
    rw_render_text(out, target->name);
    (void)fputc('\n', out);
    render_connect(out, projection, file);
    if (projection->rule != RW_CONNECT_TABLE) {
        (void)fputs("    weight: ", out);
        rw_render_value(out, &projection->weight, rw_shares_unit(target, projection->shares, projection->n_shares));
        (void)fputs("\n    delay: ", out);
        rw_render_value(out, &projection->delay_ms, "ms");
        (void)fputc('\n', out);
    }
    (void)fputs("    receptors: ", out);
    rw_render_shares(out, target, projection->shares, projection->n_shares);
    (void)fprintf(out, "\n    inhibitory: %s\n", projection->inhibitory ? "true" : "false");
    if (projection->structural) {
        (void)fputs("    rewire: {", out);
        rw_render_kernel(out, &projection->search);
        render_turnover(out, scenario, projection);
        (void)fputs("}\n", out);
    }
    if (projection->n_plasticity > 0)
        (void)fputs("    plasticity:\n", out);
    for (size_t k = 0; k < projection->n_plasticity; k++) {
        const rw_model_spec *spec = &projection->plasticity[k];
        (void)fprintf(out, "      %s:\n", spec->model->name);
        rw_render_fields(out, "        ", spec->model, spec->settings, spec->n_settings, file, false);
    }
}

static void render_network(FILE *out, const rw_scenario *scenario) {
    (void)fputs("populations:\n", out);
    for (size_t k = 0; k < scenario->n_populations; k++)
        render_population(out, scenario, &scenario->populations[k]);
    (void)fprintf(out, "projections:%s\n", scenario->n_projections == 0 ? " []" : "");
    for (size_t k = 0; k < scenario->n_projections; k++)
        render_projection(out, scenario, &scenario->projections[k]);
}

/* rate, amplitude or mean. */
static void render_level(FILE *out, double step_ms, const rw_input_spec *input, const char *unit) {
    bool plain = input->scale.kind == RW_CONSTANT && input->scale.a == 1.0;
    if (plain)
        rw_render_schedule(out, step_ms, &input->level, unit);
    else
        rw_render_value(out, &input->scale, unit);
}

static void render_times(FILE *out, double step_ms, const uint64_t *steps, size_t count) {
    (void)fputc('[', out);
    for (size_t k = 0; k < count; k++) {
        (void)fputs(k > 0 ? ", " : "", out);
        rw_render_steps(out, step_ms, steps[k]);
    }
    (void)fputc(']', out);
}

static void render_input(FILE *out, const rw_scenario *scenario, const rw_input_spec *input) {
    static const char *const levels[] = {"rate", "amplitude", "mean", "amplitude"};
    const rw_population_spec *target = &scenario->populations[input->target];
    (void)fputs("  - to: ", out);
    rw_render_text(out, target->name);
    (void)fprintf(out, "\n    kind: %s\n    %s: ", rw_input_kind_names[input->kind], levels[input->kind]);
    render_level(out, scenario->step_ms, input, input->kind == RW_INPUT_POISSON ? "Hz" : "pA");
    if (input->kind == RW_INPUT_POISSON) {
        (void)fputs("\n    weight: ", out);
        rw_render_number(out, input->weight, rw_shares_unit(target, input->shares, input->n_shares));
        (void)fputs("\n    receptors: ", out);
        rw_render_shares(out, target, input->shares, input->n_shares);
    } else if (input->kind == RW_INPUT_NOISE) {
        (void)fputs("\n    std: ", out);
        rw_render_number(out, input->std_pA, "pA");
        (void)fputs("\n    hold: ", out);
        rw_render_steps(out, scenario->step_ms, input->hold_steps);
    } else if (input->kind == RW_INPUT_PULSE) {
        (void)fputs("\n    at: ", out);
        render_times(out, scenario->step_ms, input->onset_step, input->n_onsets);
        (void)fputs("\n    width: ", out);
        rw_render_steps(out, scenario->step_ms, input->width_steps);
    }
    (void)fputs("\n    targets: ", out);
    rw_render_selection(out, &input->targets, target->count);
    (void)fputc('\n', out);
}

static void render_factor(FILE *out, const rw_scenario *scenario, const rw_factor_spec *factor) {
    (void)fprintf(out, "  - receptor: %s\n    on: ", factor->receptor->name);
    rw_render_places(out, scenario, &factor->on);
    (void)fputs("\n    factor: ", out);
    rw_render_schedule(out, scenario->step_ms, &factor->factor, "1");
    (void)fputc('\n', out);
    if (factor->signal == NULL)
        return;
    (void)fputs("    signal: ", out);
    rw_render_text(out, factor->signal->name);
    (void)fputs("\n    gain: ", out);
    rw_render_number(out, factor->gain, "1");
    (void)fputc('\n', out);
}

static void render_growth(FILE *out, const rw_scenario *scenario, const rw_growth_spec *growth) {
    char on[256];
    (void)snprintf(on, sizeof on, "%s.%s", scenario->populations[growth->population].name,
                   rw_element_names[growth->element]);
    (void)fputs("  - on: ", out);
    rw_render_text(out, on);
    (void)fprintf(out, "\n    model: %s\n", growth->model->name);
    rw_render_fields(out, "    ", growth->model, growth->settings, growth->n_settings, scenario->path, false);
    if (growth->signal != NULL) {
        (void)fputs("    signal: ", out);
        rw_render_text(out, growth->signal->name);
        (void)fputc('\n', out);
    }
    (void)fputs("    target_factor: ", out);
    rw_render_schedule(out, scenario->step_ms, &growth->target_factor, "1");
    (void)fputs("\n    initial: ", out);
    rw_render_value(out, &growth->initial, "1");
    (void)fputc('\n', out);
}

static void render_dynamics(FILE *out, const rw_scenario *scenario) {
    const rw_structure_spec *structure = &scenario->structure;
    (void)fprintf(out, "inputs:%s\n", scenario->n_inputs == 0 ? " []" : "");
    for (size_t k = 0; k < scenario->n_inputs; k++)
        render_input(out, scenario, &scenario->inputs[k]);
    (void)fprintf(out, "blockade:%s\n", scenario->n_factors == 0 ? " []" : "");
    for (size_t k = 0; k < scenario->n_factors; k++)
        render_factor(out, scenario, &scenario->factors[k]);
    rw_render_drugs(out, scenario);
    rw_render_signals(out, scenario);
    (void)fprintf(out, "growth:%s\n", scenario->n_growth == 0 ? " []" : "");
    for (size_t k = 0; k < scenario->n_growth; k++)
        render_growth(out, scenario, &scenario->growth[k]);
    rw_render_lesions(out, scenario);
    if (structure->every_steps == 0)
        return;
    (void)fputs("structure:\n  every: ", out);
    rw_render_steps(out, scenario->step_ms, structure->every_steps);
    (void)fputs("\n  growth_every: ", out);
    rw_render_steps(out, scenario->step_ms, structure->growth_every_steps);
    (void)fputs("\n  tau_Ca: ", out);
    rw_render_number(out, structure->tau_Ca_ms, "ms");
    (void)fputs("\n  beta_Ca: ", out);
    rw_render_number(out, structure->beta_Ca, "1");
    (void)fputs("\n  vacant_decay: ", out);
    rw_render_number(out, structure->vacant_decay, "1");
    (void)fputc('\n', out);
}

static void render_reports(FILE *out, const rw_scenario *scenario) {
    const rw_record_spec *record = &scenario->record;
    (void)fprintf(out, "  reports:%s\n", record->n_reports == 0 ? " []" : "");
    for (size_t k = 0; k < record->n_reports; k++) {
        const rw_report_spec *report = &record->reports[k];
        const rw_population_spec *population = &scenario->populations[report->population];
        (void)fputs("    - {name: ", out);
        rw_render_text(out, report->name);
        (void)fputs(", of: ", out);
        rw_render_text(out, population->name);
        (void)fputs(", variable: ", out);
        rw_render_text(out, report->variable);
        (void)fputs(", every: ", out);
        rw_render_steps(out, scenario->step_ms, report->every_steps);
        (void)fputs(", targets: ", out);
        rw_render_selection(out, &report->targets, population->count);
        (void)fputs("}\n", out);
    }
}

static void render_record(FILE *out, const rw_scenario *scenario) {
    const rw_record_spec *record = &scenario->record;
    size_t recorded = 0;
    for (size_t k = 0; k < scenario->n_populations; k++)
        recorded += record->spikes != NULL && record->spikes[k];
    (void)fputs("record:\n  spikes: ", out);
    if (recorded == scenario->n_populations || recorded == 0) {
        (void)fputs(recorded == 0 ? "none" : "all", out);
    } else {
        const char *gap = "[";
        for (size_t k = 0; k < scenario->n_populations; k++) {
            if (!record->spikes[k])
                continue;
            (void)fputs(gap, out);
            rw_render_text(out, scenario->populations[k].name);
            gap = ", ";
        }
        (void)fputc(']', out);
    }
    (void)fputs("\n  snapshots: ", out);
    if (!record->snapshots) {
        (void)fputs("none", out);
    } else if (record->snapshot_steps == 0) {
        (void)fputs("{}", out);
    } else {
        (void)fputs("{every: ", out);
        rw_render_steps(out, scenario->step_ms, record->snapshot_steps);
        (void)fputc('}', out);
    }
    (void)fputs("\n  series: ", out);
    if (record->series_steps == 0) {
        (void)fputs("none\n", out);
    } else {
        (void)fputs("{every: ", out);
        rw_render_steps(out, scenario->step_ms, record->series_steps);
        (void)fputs("}\n", out);
    }
    if (record->n_survival > 0) {
        (void)fputs("  survival: ", out);
        render_times(out, scenario->step_ms, record->survival_steps, record->n_survival);
        (void)fputc('\n', out);
    }
    rw_render_measures(out, scenario);
    render_reports(out, scenario);
}

/* On one line, by which a resumed run knows what may differ. */
static void render_checkpoint(FILE *out, const rw_scenario *scenario) {
    const rw_checkpoint_spec *checkpoint = &scenario->checkpoint;
    if (checkpoint->none) {
        (void)fputs("checkpoint: none\n", out);
        return;
    }
    (void)fputs("checkpoint: {wall: ", out);
    if (checkpoint->every_wall_s > 0.0)
        rw_render_number(out, checkpoint->every_wall_s, "s");
    else
        (void)fputs("none", out);
    if (checkpoint->every_steps > 0) {
        (void)fputs(", every: ", out);
        rw_render_steps(out, scenario->step_ms, checkpoint->every_steps);
    }
    for (size_t k = 0; k < checkpoint->n_at; k++) {
        (void)fputs(k == 0 ? ", at: [" : ", ", out);
        rw_render_steps(out, scenario->step_ms, checkpoint->at[k]);
    }
    (void)fputs(checkpoint->n_at > 0 ? "]}\n" : "}\n", out);
}

rw_err rw_scenario_render(rw_scenario *scenario) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "resolved scenario: not enough memory");
    render_head(out, scenario);
    render_network(out, scenario);
    render_dynamics(out, scenario);
    render_record(out, scenario);
    render_checkpoint(out, scenario);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    rw_err err = failed ? rw_fail(RW_ERR_SYSTEM, "resolved scenario: not enough memory")
                        : rw_arena_string(scenario->arena, &scenario->resolved_text, text);
    free(text);
    return err;
}

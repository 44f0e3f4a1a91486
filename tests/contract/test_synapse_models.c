/* Every model of plasticity gives finite numbers for any allowed parameters and any course of spikes. */
#include "base/random.h"
#include "close.h"
#include "model/registry.h"

enum { FIELDS = 64, SETS = 300, EVENTS = 200 };

static double uniform(uint64_t who, uint64_t when) {
    return rw_uniform32(rw_draw(rw_stream_of(12, RW_PURPOSE_SELECTION, 2), who, when).word[0]);
}

/* An end of the range, the default, or anything between. */
static double some_value(const rw_field *field, uint64_t who, uint64_t when) {
    double kind = uniform(who, 2 * when), u = uniform(who, 2 * when + 1);
    if (kind < 0.1)
        return kind < 0.05 ? field->min : field->max;
    if (kind < 0.4)
        return field->value;
    return field->min > 0.0 ? field->min * pow(field->max / field->min, u) : field->min + u * (field->max - field->min);
}

/* Numbers of a model that it accepts, and its initial states. */
static void draw_numbers(const rw_model *model, uint64_t set, double *p, double *state) {
    double *x[FIELDS];
    for (size_t f = 0; f < model->n_fields; f++)
        x[f] = &p[f];
    rw_chunk one = {.n = 1, .step_ms = 0.1, .x = x};
    for (uint64_t attempt = 0; attempt < 1000; attempt++) {
        size_t n = 0;
        for (size_t f = 0; f < model->n_fields; f++) {
            p[f] = some_value(&model->fields[f], set, attempt * FIELDS + f);
            if (model->fields[f].role == RW_STATE)
                state[n++] = p[f] = model->fields[f].value;
        }
        if (model->derive != NULL)
            model->derive(&one);
        if (model->invalid == NULL || model->invalid(&one, 0) == NULL)
            return;
    }
    fail_msg("%s refuses a thousand sets of parameters in their ranges", model->name);
}

static double waiting_ms(uint64_t set, uint64_t event) {
    double u = uniform(set, 100000 + event);
    return u < 0.05 ? 1e9 : 0.1 * pow(1e5, uniform(set, 200000 + event));
}

static void run_release(const rw_model *model, const double *p, double *state, uint64_t set) {
    for (uint64_t event = 0; event < EVENTS; event++) {
        double released = model->synapse.release(p, state, event == 0 ? INFINITY : waiting_ms(set, event));
        if (!(released >= 0.0 && released <= 1.0))
            fail_msg("%s releases %g", model->name, released);
    }
}

static void run_rule(const rw_model *model, const double *p, const double *start, uint64_t set) {
    const rw_synapse_rule *rule = &model->synapse.rule;
    rw_plastic_synapse s = {.weight = 1.0, .state = {start[0], start[1]}};
    if (rule->keeps_given_weight)
        s.state[1] = 1.0;
    if (rule->start != NULL)
        rule->start(p, &s);
    for (uint64_t event = 0; event < EVENTS; event++) {
        rw_encounter e = {.admitted = uniform(set, 300000 + event)};
        for (int k = 0; k < RW_TRACES; k++) {
            e.pre[k] = 5.0 * uniform(set, 400000 + 4 * event + (uint64_t)k);
            e.post[k] = 5.0 * uniform(set, 400002 + 4 * event + (uint64_t)k);
        }
        if (rule->between != NULL)
            rule->between(p, &e, fmin(1000.0, waiting_ms(set, event)),
                          rw_draw(rw_stream_of(13, RW_PURPOSE_SELECTION, 2), set, event), &s);
        if (rule->on_pre != NULL)
            (uniform(set, 500000 + event) < 0.5 ? rule->on_pre : rule->on_post)(p, &e, &s);
        s.weight = fmin(fmax(s.weight, 0.0), 1e30); /* as the engine does below; rules without a bound may grow */
        if (!isfinite(s.weight) || !isfinite(s.state[0]) || !isfinite(s.state[1]))
            fail_msg("%s: weight %g, states %g, %g", model->name, s.weight, s.state[0], s.state[1]);
    }
}

static void run_tick(const rw_model *model, const double *p, double *state, uint64_t set) {
    for (uint64_t event = 0; event < EVENTS; event++) {
        model->synapse.tick(p, state, floor(20.0 * uniform(set, 600000 + event)), 100.0);
        if (!(state[0] > 0.0 && isfinite(state[0])))
            fail_msg("%s: factor %g", model->name, state[0]);
    }
}

static void numbers_stay_finite_for_any_allowed_parameters(void **state) {
    (void)state;
    size_t sites[RW_SITES] = {0};
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        if (model->kind != RW_SYNAPSE)
            continue;
        sites[model->synapse.site]++;
        for (uint64_t set = 0; set < SETS; set++) {
            double p[FIELDS] = {0.0}, start[FIELDS] = {0.0};
            draw_numbers(model, set, p, start);
            if (model->synapse.site == RW_AT_SOURCE)
                run_release(model, p, start, set);
            else if (model->synapse.site == RW_AT_SYNAPSE)
                run_rule(model, p, start, set);
            else
                run_tick(model, p, start, set);
        }
    }
    for (int site = 0; site < RW_SITES; site++)
        assert_true(sites[site] > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_stay_finite_for_any_allowed_parameters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

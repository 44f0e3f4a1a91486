/* Every registered model computes as the engine assumes: finite, instance by instance, in its own columns only. */
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "close.h"
#include "model/block.h"
#include "model/registry.h"

enum { FIELDS = 128, GUARD = 16, STEPS = 100, SIDES = 5 };

/* Many instances of a model in columns of its own, each followed by guard values, and what the engine would lend. */
typedef struct {
    const rw_model *model;
    size_t n;
    double step_ms;
    bool homogeneous; /* its parameters are, and kernels may say so */
    double *x[FIELDS];
    double *side[SIDES]; /* V_m or calcium; arrivals; what voltage does; fired, g_syn or dz_dt; gE_syn */
} batch;

enum { SIDE_IN, SIDE_ARRIVALS, SIDE_SHAPE, SIDE_OUT, SIDE_OUT_E };

static double uniform(uint64_t who, uint64_t when, double low, double high) {
    rw_bits bits = rw_draw(rw_stream_of(11, RW_PURPOSE_SELECTION, 1), who, when);
    return low + (high - low) * rw_uniform32(bits.word[0]);
}

/* A value in the field's range: an end or the default now and then, else evenly on the scale that the range suggests.
 */
static double random_value(const rw_field *field, uint64_t who, uint64_t when) {
    double u = uniform(who, 3 * when, 0.0, 1.0), kind = uniform(who, 3 * when + 1, 0.0, 1.0);
    if (kind < 0.05)
        return field->min;
    if (kind < 0.1)
        return field->max;
    if (kind < 0.4)
        return field->value;
    if (field->min > 0.0)
        return fmin(field->max, field->min * pow(field->max / field->min, u));
    if (field->max - field->min < 500.0)
        return field->min + (field->max - field->min) * u;
    double size = 1e-3 * pow(field->max * 1e3, u); /* wide ranges around 0: every order of magnitude alike */
    return uniform(who, 3 * when + 2, 0.0, 1.0) < 0.5 ? fmax(field->min, -size) : size;
}

/* Random parameters of one instance that the model accepts; counts what it refuses. */
static void random_instance(const rw_model *model, double step_ms, uint64_t who, double *values) {
    double *x[FIELDS];
    for (size_t f = 0; f < model->n_fields; f++)
        x[f] = &values[f];
    rw_chunk one = {.n = 1, .step_ms = step_ms, .x = x};
    for (uint64_t attempt = 0; attempt < 1000; attempt++) {
        for (size_t f = 0; f < model->n_fields; f++)
            values[f] = model->fields[f].role == RW_PARAMETER
                            ? random_value(&model->fields[f], who, attempt * FIELDS + f)
                            : 0.0;
        if (model->derive != NULL)
            model->derive(&one);
        if (model->invalid == NULL || model->invalid(&one, 0) == NULL)
            return;
    }
    fail_msg("%s refuses a thousand sets of parameters in their ranges", model->name);
}

/* Finite, so that arithmetic on a guard changes it. */
static double guard(size_t k) {
    return -3.25e17 - 1e15 * (double)k;
}

static double *guarded(size_t n) {
    double *column = NULL;
    assert_ok(RW_NEW(column, n + GUARD, "test"));
    for (size_t k = 0; k < GUARD; k++)
        column[n + k] = guard(k);
    return column;
}

static void assert_guards(const batch *b, const double *column, const char *name) {
    for (size_t k = 0; k < GUARD; k++)
        if (column[b->n + k] != guard(k))
            fail_msg("%s writes %s past its instances", b->model->name, name);
}

/* n instances with random parameters (seed + instance), derived numbers and initial states as rw_block gives them. */
static batch create(const rw_model *model, size_t n, double step_ms, uint64_t seed) {
    batch b = {.model = model, .n = n, .step_ms = step_ms};
    assert_true(model->n_fields <= FIELDS);
    rw_block block;
    assert_ok(rw_block_create(&block, model, n, step_ms));
    for (size_t i = 0; i < n; i++) {
        double values[FIELDS], *column;
        random_instance(model, step_ms, seed + i, values);
        for (size_t f = 0; f < model->n_fields; f++)
            if (model->fields[f].role == RW_PARAMETER) {
                assert_ok(rw_block_individual(&block, f, &column));
                column[i] = values[f];
            }
    }
    assert_ok(rw_block_finish(&block, NULL));
    for (size_t f = 0; f < model->n_fields; f++) {
        b.x[f] = guarded(n);
        for (size_t i = 0; i < n && block.columns[f].values != NULL; i++)
            b.x[f][i] = rw_block_value(&block, f, i);
    }
    for (size_t s = 0; s < SIDES; s++)
        b.side[s] = guarded(n);
    rw_block_destroy(&block);
    return b;
}

static void destroy(batch *b) {
    for (size_t f = 0; f < b->model->n_fields; f++)
        rw_free(b->x[f]);
    for (size_t s = 0; s < SIDES; s++)
        rw_free(b->side[s]);
}

/* What the engine lends before a step: inputs of physiological size that depend on instance and step only. */
static void lend(batch *b, uint64_t step) {
    const rw_model *model = b->model;
    for (size_t i = 0; i < b->n; i++) {
        double g = fmax(0.0, uniform(i, 10 * step, -50.0, 100.0));
        for (size_t f = 0; f < model->n_fields; f++) {
            const char *name = model->fields[f].name;
            double size = strcmp(model->fields[f].unit, "1") == 0 ? 10.0 : 50.0; /* pA, mV or Izhikevich's units */
            if (model->fields[f].role == RW_PORT)
                b->x[f][i] = uniform(i, 10 * step + 1, 0.0, 1.0) < 0.7
                                 ? 0.0
                                 : uniform(i + f, 10 * step + 2, -0.4 * size, 0.4 * size);
            if (model->fields[f].role == RW_INPUT)
                b->x[f][i] = strcmp(name, "g_syn") == 0    ? g
                             : strcmp(name, "gE_syn") == 0 ? g * uniform(i, 10 * step + 3, -95.0, 0.0)
                                                           : uniform(i, 10 * step + 4, -size, size);
        }
        b->side[SIDE_IN][i] =
            model->kind == RW_GROWTH ? uniform(i, 10 * step + 5, 0.0, 2.0) : uniform(i, 10 * step + 5, -100.0, 50.0);
        b->side[SIDE_ARRIVALS][i] =
            uniform(i, 10 * step + 6, 0.0, 1.0) < 0.7 ? 0.0 : uniform(i, 10 * step + 7, 0.0, 10.0);
        b->side[SIDE_SHAPE][i] = exp(b->side[SIDE_IN][i] / 34.0);
        b->side[SIDE_OUT][i] = b->side[SIDE_OUT_E][i] = model->kind == RW_ACTION ? g : 0.0;
    }
}

static const float no_drug[RW_CHUNK]; /* zeros */

/* What arrives is of single precision, as in the engine. */
static float *rounded(const double *numbers, size_t n, float *single) {
    for (size_t i = 0; i < n; i++)
        single[i] = (float)numbers[i];
    return single;
}

/* Calls the model's function on instances [first, first + n); gives what a neuron says of spikes. */
static double update(batch *b, size_t first, size_t n, double factor) {
    static float singles[FIELDS + 1][RW_CHUNK];
    double *x[FIELDS];
    const float *ports[FIELDS] = {0};
    for (size_t f = 0; f < b->model->n_fields; f++) {
        x[f] = b->x[f] + first;
        if (b->model->fields[f].role == RW_PORT)
            ports[f] = rounded(x[f], n, singles[f]);
    }
    rw_chunk chunk = {.n = n, .step_ms = b->step_ms, .x = x, .homogeneous = b->homogeneous, .ports = ports};
    double *in = b->side[SIDE_IN] + first, *arrivals = b->side[SIDE_ARRIVALS] + first;
    double *out = b->side[SIDE_OUT] + first, *out_E = b->side[SIDE_OUT_E] + first;
    if (b->model->kind == RW_NEURON)
        return b->model->neuron.update(&chunk, out);
    if (b->model->kind == RW_RECEPTOR)
        b->model->receptor.update(&chunk, &(rw_receptor_io){in, rounded(arrivals, n, singles[FIELDS]), 0.0f, no_drug,
                                                            factor, out, out_E, false, false});
    else if (b->model->kind == RW_GROWTH)
        b->model->growth.rate(&chunk, in, out);
    else if (b->model->kind == RW_ACTION && b->model->action.update != NULL) {
        const float *shape = rounded(b->side[SIDE_SHAPE] + first, n, singles[FIELDS]);
        b->model->action.update(&chunk, &(rw_action_io){100.0 * factor, 60.0, 0.5, arrivals, shape, out, out_E});
    }
    return 0.0;
}

static void assert_finite(const batch *b, uint64_t step) {
    for (size_t f = 0; f < b->model->n_fields; f++)
        for (size_t i = 0; i < b->n; i++)
            if (!isfinite(b->x[f][i]))
                fail_msg("%s: %s of instance %zu is %g in step %llu", b->model->name, b->model->fields[f].name, i,
                         b->x[f][i], (unsigned long long)step);
    for (size_t i = 0; i < b->n; i++)
        if (!isfinite(b->side[SIDE_OUT][i]) || !isfinite(b->side[SIDE_OUT_E][i]))
            fail_msg("%s gives the engine %g, %g in step %llu", b->model->name, b->side[SIDE_OUT][i],
                     b->side[SIDE_OUT_E][i], (unsigned long long)step);
}

static void numbers_stay_finite_for_any_allowed_parameters(void **state) {
    (void)state;
    static const double steps_ms[] = {0.01, 0.1};
    for (size_t m = 0; m < rw_registry_count(); m++)
        for (size_t s = 0; s < RW_COUNT(steps_ms); s++) {
            batch b = create(rw_registry_at(m), RW_CHUNK, steps_ms[s], 1000 * s);
            assert_finite(&b, 0);
            for (uint64_t step = 0; step < STEPS; step++) {
                lend(&b, step);
                update(&b, 0, b.n, 1.0);
                assert_finite(&b, step);
            }
            destroy(&b);
        }
}

static void derived_numbers_are_finite_for_any_step(void **state) {
    (void)state;
    static const double steps_ms[] = {1e-4, 1e-3, 1e-2, 0.1, 1.0};
    for (size_t m = 0; m < rw_registry_count(); m++)
        for (size_t s = 0; s < RW_COUNT(steps_ms); s++) {
            batch b = create(rw_registry_at(m), RW_CHUNK, steps_ms[s], 300);
            assert_finite(&b, 0);
            destroy(&b);
        }
}

static void a_neuron_says_spike_or_no_spike_and_some_spike(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        if (rw_registry_at(m)->kind != RW_NEURON)
            continue;
        batch b = create(rw_registry_at(m), RW_CHUNK, 0.1, 0);
        size_t spikes = 0;
        for (uint64_t step = 0; step < STEPS; step++) {
            lend(&b, step);
            memset(b.side[SIDE_OUT], 0xff, b.n * sizeof(double));
            size_t before = spikes;
            double told = update(&b, 0, b.n, 1.0);
            for (size_t i = 0; i < b.n; i++) {
                assert_true(b.side[SIDE_OUT][i] == 0.0 || b.side[SIDE_OUT][i] == 1.0);
                spikes += b.side[SIDE_OUT][i] == 1.0;
            }
            assert_true(told == (double)(spikes - before));
        }
        assert_in_range(spikes, 1, STEPS * RW_CHUNK - 1);
        destroy(&b);
    }
}

static void assert_equal_columns(const batch *a, const batch *b) {
    for (size_t f = 0; f < a->model->n_fields; f++)
        if (memcmp(a->x[f], b->x[f], a->n * sizeof(double)) != 0)
            fail_msg("%s: %s differs", a->model->name, a->model->fields[f].name);
    for (size_t s = 0; s < SIDES; s++)
        if (memcmp(a->side[s], b->side[s], a->n * sizeof(double)) != 0)
            fail_msg("%s: what it gives the engine differs", a->model->name);
}

static void a_chunk_cut_anywhere_gives_the_same_bits(void **state) {
    (void)state;
    static const size_t cuts[] = {1, 3, 100, 255};
    for (size_t m = 0; m < rw_registry_count(); m++)
        for (size_t cut = 0; cut < RW_COUNT(cuts); cut++) {
            batch whole = create(rw_registry_at(m), RW_CHUNK, 0.1, 5000);
            batch parts = create(rw_registry_at(m), RW_CHUNK, 0.1, 5000);
            for (uint64_t step = 0; step < STEPS; step++) {
                lend(&whole, step);
                lend(&parts, step);
                update(&whole, 0, RW_CHUNK, 0.3);
                update(&parts, cuts[cut], RW_CHUNK - cuts[cut], 0.3);
                update(&parts, 0, cuts[cut], 0.3);
            }
            assert_equal_columns(&whole, &parts);
            destroy(&whole);
            destroy(&parts);
        }
}

static void an_update_writes_states_of_its_instances_only(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 7, 100, 251};
    for (size_t m = 0; m < rw_registry_count(); m++)
        for (size_t s = 0; s < RW_COUNT(sizes); s++) {
            const rw_model *model = rw_registry_at(m);
            batch b = create(model, sizes[s], 0.1, 9000), before = create(model, sizes[s], 0.1, 9000);
            for (uint64_t step = 0; step < STEPS; step++) {
                lend(&b, step);
                lend(&before, step);
                update(&b, 0, b.n, 1.0);
            }
            for (size_t f = 0; f < model->n_fields; f++) {
                assert_guards(&b, b.x[f], model->fields[f].name);
                if (model->fields[f].role != RW_STATE && memcmp(b.x[f], before.x[f], b.n * sizeof(double)) != 0)
                    fail_msg("%s changes %s, which is no state", model->name, model->fields[f].name);
            }
            for (size_t side = 0; side < SIDES; side++)
                assert_guards(&b, b.side[side], "what the engine lent");
            for (size_t side = SIDE_IN; side <= SIDE_ARRIVALS; side++)
                assert_memory_equal(b.side[side], before.side[side], b.n * sizeof(double));
            destroy(&b);
            destroy(&before);
        }
}

/* The instance's parameters in every instance: as one shared column each, or as individual columns. */
static void fill_alike(rw_block *block, const rw_model *model, const double *values, bool individual) {
    assert_ok(rw_block_create(block, model, RW_CHUNK + 44, 0.1));
    for (size_t f = 0; f < model->n_fields; f++) {
        double *column;
        if (model->fields[f].role != RW_PARAMETER)
            continue;
        if (individual)
            assert_ok(rw_block_individual(block, f, &column));
        rw_block_fill(block, f, values[f]);
    }
    assert_ok(rw_block_finish(block, NULL));
}

/* Advances the whole block, chunk by chunk, with the inputs of `lent`, which has as many instances. */
static void update_block(rw_block *block, batch *lent) {
    for (size_t first = 0; first < block->count; first += RW_CHUNK) {
        size_t n = block->count - first < RW_CHUNK ? block->count - first : RW_CHUNK;
        double *x[FIELDS];
        rw_block_chunk(block, first, x);
        batch part = {.model = block->model, .n = n, .step_ms = block->step_ms, .homogeneous = block->homogeneous};
        for (size_t f = 0; f < block->model->n_fields; f++)
            part.x[f] = x[f] != NULL ? x[f] : lent->x[f] + first;
        for (size_t s = 0; s < SIDES; s++)
            part.side[s] = lent->side[s] + first;
        update(&part, 0, n, 1.0);
    }
}

static void a_shared_column_gives_the_bits_of_individual_ones(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        for (uint64_t set = 0; set < 8; set++) {
            double values[FIELDS];
            random_instance(model, 0.1, 100 + set, values);
            rw_block shared, individual;
            fill_alike(&shared, model, values, false);
            fill_alike(&individual, model, values, true);
            batch lent = create(model, shared.count, 0.1, 0);
            for (uint64_t step = 0; step < STEPS; step++) {
                lend(&lent, step);
                update_block(&shared, &lent);
                lend(&lent, step);
                update_block(&individual, &lent);
            }
            for (size_t f = 0; f < model->n_fields; f++)
                for (size_t i = 0; i < shared.count && shared.columns[f].values != NULL; i++) {
                    double a = rw_block_value(&shared, f, i), b = rw_block_value(&individual, f, i);
                    if (a != b || signbit(a) != signbit(b))
                        fail_msg("%s: %s of instance %zu: %.17g and %.17g", model->name, model->fields[f].name, i, a,
                                 b);
                }
            destroy(&lent);
            rw_block_destroy(&shared);
            rw_block_destroy(&individual);
        }
    }
}

static void a_receptor_adds_to_what_others_gave_and_obeys_a_blockade(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        if (rw_registry_at(m)->kind != RW_RECEPTOR)
            continue;
        static const double factors[] = {1.0, 1.0, 0.5, 0.0}, already[] = {0.0, 1024.0, 0.0, 0.0};
        batch b[4];
        for (size_t k = 0; k < 4; k++)
            b[k] = create(rw_registry_at(m), RW_CHUNK, 0.1, 700);
        double given = 0.0;
        for (uint64_t step = 0; step < STEPS; step++)
            for (size_t k = 0; k < 4; k++) {
                lend(&b[k], step);
                for (size_t i = 0; i < RW_CHUNK; i++)
                    b[k].side[SIDE_OUT][i] = b[k].side[SIDE_OUT_E][i] = already[k];
                update(&b[k], 0, RW_CHUNK, factors[k]);
                for (size_t i = 0; i < RW_CHUNK; i++)
                    for (size_t side = SIDE_OUT; side <= SIDE_OUT_E; side++) {
                        double full = b[0].side[side][i];
                        given += fabs(full);
                        assert_close(b[k].side[side][i], already[k] + factors[k] * full, 1e-12, 0);
                        assert_true(b[0].side[SIDE_OUT][i] >= 0.0);
                    }
            }
        assert_true(given > 0.0);
        for (size_t k = 1; k < 4; k++)
            for (size_t f = 0; f < b[0].model->n_fields; f++) /* a blockade stops current, not the gates */
                assert_memory_equal(b[0].x[f], b[k].x[f], RW_CHUNK * sizeof(double));
        for (size_t k = 0; k < 4; k++)
            destroy(&b[k]);
    }
}

/* A step of the first half of a batch, where others were first and read later, and as it is asked for. */
static void assert_same_step(const rw_model *model, bool homogeneous, bool first, bool last) {
    batch added = create(model, RW_CHUNK, 0.1, 7000), stored = create(model, RW_CHUNK, 0.1, 7000);
    float arrivals[2][RW_CHUNK];
    lend(&added, 0);
    lend(&stored, 0);
    for (size_t i = 0; first && i < stored.n; i++)
        stored.side[SIDE_OUT][i] = stored.side[SIDE_OUT_E][i] = 1e9; /* left over from the step before */
    batch *batches[] = {&added, &stored};
    for (size_t k = 0; k < 2; k++) {
        batch *b = batches[k];
        (void)rounded(b->side[SIDE_ARRIVALS], b->n, arrivals[k]);
        rw_chunk chunk = {.n = b->n / 2, .step_ms = b->step_ms, .x = b->x, .homogeneous = homogeneous};
        rw_receptor_io io = {b->side[SIDE_IN],    arrivals[k],     0.0f,          no_drug, 0.5, b->side[SIDE_OUT],
                             b->side[SIDE_OUT_E], k == 1 && first, k == 1 && last};
        model->receptor.update(&chunk, &io);
    }
    for (size_t i = 0; i < added.n; i++) {
        bool advanced = i < added.n / 2;
        assert_true(arrivals[1][i] == (advanced && last ? 0.0f : arrivals[0][i]));
        if (!advanced)
            stored.side[SIDE_OUT][i] = stored.side[SIDE_OUT_E][i] = 0.0;
    }
    assert_equal_columns(&added, &stored);
    destroy(&added);
    destroy(&stored);
}

static void a_first_receptor_stores_and_a_last_reader_leaves_zeros(void **state) {
    (void)state;
    for (size_t m = 0; m < rw_registry_count(); m++)
        for (int k = 0; rw_registry_at(m)->kind == RW_RECEPTOR && k < 8; k++)
            assert_same_step(rw_registry_at(m), (k & 1) != 0, (k & 2) != 0, (k & 4) != 0);
}

static void a_presynaptic_gate_starts_anew_after_a_long_silence(void **state) {
    (void)state;
    size_t graded = 0;
    for (size_t m = 0; m < rw_registry_count(); m++) {
        const rw_model *model = rw_registry_at(m);
        if (model->kind != RW_RECEPTOR || model->receptor.presynaptic_jump == NULL)
            continue;
        graded++;
        for (uint64_t set = 0; set < 500; set++) {
            double values[FIELDS], *x[FIELDS], gate = 0.0;
            random_instance(model, 0.1, set, values);
            for (size_t f = 0; f < model->n_fields; f++)
                x[f] = &values[f];
            rw_chunk one = {.n = 1, .step_ms = 0.1, .x = x};
            double first = model->receptor.presynaptic_jump(&one, &gate, 0.0);
            assert_true(isfinite(first) && first >= 0.0);
            assert_close(gate, first, 0, 0);
            for (int spike = 0; spike < 100; spike++)
                assert_true(isfinite(model->receptor.presynaptic_jump(&one, &gate, 0.5 * spike)));
            assert_true(isfinite(gate) && gate >= 0.0);
            assert_close(model->receptor.presynaptic_jump(&one, &gate, 1e9), first, 1e-12, 1e-12);
        }
    }
    assert_true(graded > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stay_finite_for_any_allowed_parameters),
        cmocka_unit_test(derived_numbers_are_finite_for_any_step),
        cmocka_unit_test(a_neuron_says_spike_or_no_spike_and_some_spike),
        cmocka_unit_test(a_chunk_cut_anywhere_gives_the_same_bits),
        cmocka_unit_test(an_update_writes_states_of_its_instances_only),
        cmocka_unit_test(a_shared_column_gives_the_bits_of_individual_ones),
        cmocka_unit_test(a_receptor_adds_to_what_others_gave_and_obeys_a_blockade),
        cmocka_unit_test(a_first_receptor_stores_and_a_last_reader_leaves_zeros),
        cmocka_unit_test(a_presynaptic_gate_starts_anew_after_a_long_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

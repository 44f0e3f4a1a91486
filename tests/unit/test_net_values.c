/* Draws of values, kernels, and selections of cells. */
#include "net/building/skip.h"
#include "net/distance_kernel.h"
#include "net/draw_batch.h"
#include "net/selection.h"
#include "net/value.h"
#include "network_builder.h"

static rw_stream stream_of(uint64_t seed) {
    return rw_stream_of(seed, RW_PURPOSE_PARAMETER, 7);
}

static void assert_moments(const rw_value *value, double mean, double std) {
    enum { N = 200000 };
    double sum = 0, square = 0;
    for (uint64_t who = 0; who < N; who++) {
        double x = rw_value_draw(value, stream_of(3), who, 2);
        sum += x;
        square += (x - mean) * (x - mean);
    }
    assert_close(sum / N, mean, 0, 5 * std / sqrt(N));
    assert_close(sqrt(square / N), std, 0.02, 0);
}

static void draws_have_the_mean_and_spread_that_were_asked_for(void **state) {
    (void)state;
    rw_value uniform = builder_value(RW_UNIFORM, -2.0, 6.0), normal = builder_value(RW_NORMAL, -70.0, 3.0);
    rw_value lognormal = builder_value(RW_LOGNORMAL, 0.5, 0.3), mirrored = builder_value(RW_LOGNORMAL, -2.0, 1.0);
    assert_moments(&uniform, 2.0, 8.0 / sqrt(12.0));
    assert_moments(&normal, -70.0, 3.0);
    assert_moments(&lognormal, 0.5, 0.3);
    assert_moments(&mirrored, -2.0, 1.0);
    rw_value constant = builder_constant(4.5);
    assert_close(rw_value_draw(&constant, stream_of(1), 9, 0), 4.5, 0, 0);
    static const double table[] = {1.0, 2.0, 3.0};
    rw_value listed = {.kind = RW_TABLE, .table = table};
    assert_close(rw_value_draw(&listed, stream_of(1), 2, 0), 3.0, 0, 0);
}

static void draws_outside_the_range_are_drawn_again(void **state) {
    (void)state;
    rw_value value = builder_value(RW_NORMAL, 0.0, 1.0);
    value.min = 0.0;
    assert_moments(&value, sqrt(2.0 / 3.14159265358979), sqrt(1.0 - 2.0 / 3.14159265358979)); /* half-normal */
    value.max = 0.1;
    for (uint64_t who = 0; who < 1000; who++) {
        double x = rw_value_draw(&value, stream_of(3), who, 2);
        assert_true(x >= 0.0 && x <= 0.1);
    }
    value.min = value.max = 50.0; /* never met */
    assert_close(rw_value_draw(&value, stream_of(3), 1, 2), 50.0, 0, 0);
}

static void draws_depend_on_who_and_when_and_nothing_else(void **state) {
    (void)state;
    rw_value value = builder_value(RW_UNIFORM, 0.0, 1.0);
    double x = rw_value_draw(&value, stream_of(3), 5, 2);
    assert_close(rw_value_draw(&value, stream_of(3), 5, 2), x, 0, 0);
    assert_true(rw_value_draw(&value, stream_of(3), 6, 2) != x);
    assert_true(rw_value_draw(&value, stream_of(3), 5, 3) != x);
    assert_true(rw_value_draw(&value, stream_of(4), 5, 2) != x);
}

static void draws_in_a_run_are_the_same_bits(void **state) {
    (void)state;
    rw_value values[] = {builder_constant(2.0), builder_value(RW_UNIFORM, 1.0, 9.0), builder_value(RW_NORMAL, 0.5, 0.5),
                         builder_value(RW_LOGNORMAL, 0.5, 0.3), builder_value(RW_LOGNORMAL, -0.5, 0.3)};
    values[2].min = 0.0;
    for (size_t v = 0; v < RW_COUNT(values); v++) {
        for (uint64_t when = 0; when < 70; when += 7) {
            double run[100];
            rw_value_draw_run(&values[v], stream_of(3), 12345678901, when, 100, run);
            for (uint64_t k = 0; k < 100; k++) {
                double x = rw_value_draw(&values[v], stream_of(3), 12345678901, when + k);
                assert_memory_equal(&x, &run[k], sizeof x);
            }
        }
    }
}

static void batches_are_single_draws(void **state) {
    (void)state;
    rw_draw_batch batch;
    uint32_t picks[2 * RW_DRAW_BATCH];
    double waits[2 * RW_DRAW_BATCH];
    uint64_t when = ((uint64_t)3 << 32) + 2 * RW_DRAW_BATCH;
    rw_draw_batch_fill(&batch, stream_of(3), 98765432109, when);
    rw_draw_batch_below(&batch, 4000000000u, 3, picks);
    rw_draw_batch_exponentials(&batch, waits);
    for (uint32_t k = 0; k < 2 * RW_DRAW_BATCH; k++) {
        rw_bits bits = rw_draw(stream_of(3), 98765432109, when + k % RW_DRAW_BATCH);
        uint32_t first = k < RW_DRAW_BATCH ? 0 : 2;
        assert_int_equal(picks[k], rw_uniform_below(bits.word[first], bits.word[first + 1], 4000000000u + 3 * k));
        double wait = -rw_log(rw_uniform64(bits.word[first], bits.word[first + 1]));
        assert_memory_equal(&wait, &waits[k], sizeof wait);
    }
}

static void gaps_are_geometric(void **state) {
    (void)state;
    static const double ps[] = {1e-7, 0.01, 0.3, 0.95};
    enum { N = 200000 };
    for (size_t i = 0; i < RW_COUNT(ps); i++) {
        rw_skipper skipper = rw_skip_begin(stream_of(3), 4, 0, ps[i]);
        double sum = 0, none = 0, p = ps[i];
        for (int k = 0; k < N; k++) {
            uint64_t gap = rw_skip(&skipper);
            sum += (double)gap;
            none += gap == 0;
        }
        assert_close(sum / N, (1 - p) / p, 0, 5 * sqrt((1 - p) / N) / p);
        assert_close(none / N, p, 0, 5 * sqrt(p * (1 - p) / N) + 1e-9);
    }
    assert_close(rw_skip_rate(1e-12), 1e-12 + 0.5e-24, 1e-15, 0);
    assert_close(rw_skip_rate(0.9999e-4), -log1p(-0.9999e-4), 1e-12, 0);
    assert_close(rw_skip_rate(1.0001e-4), -log1p(-1.0001e-4), 1e-11, 0);
}

static void kernels_have_their_published_form(void **state) {
    (void)state;
    rw_kernel gaussian = {RW_KERNEL_GAUSSIAN, 200.0, 500.0, 0.0},
              exponential = {RW_KERNEL_EXPONENTIAL, 100.0, INFINITY, 0.0};
    rw_kernel box = {RW_KERNEL_BOX, 50.0, INFINITY, 0.0}, none = {RW_KERNEL_NONE, 0.0, 70.0, 0.0};
    assert_close(rw_kernel_value(&gaussian, 0.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&gaussian, 200.0), exp(-0.5), 1e-15, 0);
    assert_close(rw_kernel_value(&gaussian, 500.0), exp(-3.125), 1e-15, 0);
    assert_close(rw_kernel_value(&gaussian, 500.1), 0.0, 0, 0);
    assert_close(rw_kernel_value(&exponential, 250.0), exp(-2.5), 1e-15, 0);
    assert_close(rw_kernel_value(&box, 50.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&box, 50.001), 0.0, 0, 0);
    assert_close(rw_kernel_value(&none, 70.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&none, 70.1), 0.0, 0, 0);
    rw_kernel power = {RW_KERNEL_POWER, 40.0, 400.0, 2.5};
    assert_close(rw_kernel_value(&power, 0.0), 1.0, 0, 0);
    assert_close(rw_kernel_value(&power, 120.0), 1.0 / 32.0, 1e-14, 0);
    assert_close(rw_kernel_value(&power, 400.1), 0.0, 0, 0);
}

static void many_kernels_at_once_have_the_bits_of_one(void **state) {
    (void)state;
    static const rw_kernel kernels[] = {
        {RW_KERNEL_GAUSSIAN, 200.0, 500.0, 0.0}, {RW_KERNEL_EXPONENTIAL, 100.0, INFINITY, 0.0},
        {RW_KERNEL_BOX, 50.0, INFINITY, 0.0},    {RW_KERNEL_NONE, 0.0, 70.0, 0.0},
        {RW_KERNEL_POWER, 40.0, 400.0, 2.5},     {RW_KERNEL_GAUSSIAN, 30.0, INFINITY, 0.0}};
    const rw_kernel *each[RW_CHUNK];
    double distance_um[RW_CHUNK], values[RW_CHUNK];
    for (size_t k = 0; k < RW_CHUNK; k++) {
        each[k] = &kernels[k % RW_COUNT(kernels)];
        distance_um[k] = 2.7 * (double)k + 0.1;
    }
    for (size_t n = 0; n <= RW_CHUNK; n += 51) {
        rw_kernel_values(each, distance_um, n, values);
        for (size_t k = 0; k < n; k++)
            assert_close(values[k], rw_kernel_value(each[k], distance_um[k]), 0, 0);
    }
}

static void delays_are_whole_steps_and_at_least_one(void **state) {
    (void)state;
    assert_int_equal(rw_delay_steps(1.5, 0.1), 15);
    assert_int_equal(rw_delay_steps(1.54, 0.1), 15);
    assert_int_equal(rw_delay_steps(1.56, 0.1), 16);
    assert_int_equal(rw_delay_steps(0.0, 0.1), 1);
    assert_int_equal(rw_delay_steps(-3.0, 0.1), 1);
    assert_int_equal(rw_delay_steps(NAN, 0.1), 1);
    assert_int_equal(rw_delay_steps(INFINITY, 0.1), 0x80000000u);
}

static void selections_name_the_cells_they_say(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 1000);
    rw_network *network = NULL;
    uint64_t *ids = NULL;
    static const uint64_t given[] = {2, 7, 999};
    assert_ok(rw_network_create(&network, &builder.scenario, 2));
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_ALL, 1000, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_int_equal(ids[999], 999);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_FIRST, 3, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_int_equal(ids[0] * 100 + ids[1] * 10 + ids[2], 12);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_IDS, 3, given},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    assert_memory_equal(ids, given, sizeof given);
    rw_free(ids);
    assert_ok(rw_selection_ids(network->scenario, a, &(rw_selection){RW_SELECT_RANDOM, 0, NULL},
                               rw_stream_of(1, RW_PURPOSE_SELECTION, 0), &ids));
    rw_free(ids);
    rw_network_destroy(&network);
}

static void random_selections_are_exact_ascending_and_even(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    uint32_t a = builder_population(&builder, NULL, 100);
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    double chosen[100] = {0}, chi_square = 0;
    enum { SELECTIONS = 4000 };
    for (uint32_t what = 0; what < SELECTIONS; what++) {
        uint64_t *ids = NULL, *again = NULL;
        rw_selection selection = {RW_SELECT_RANDOM, 30, NULL};
        assert_ok(
            rw_selection_ids(network->scenario, a, &selection, rw_stream_of(1, RW_PURPOSE_SELECTION, what), &ids));
        assert_ok(
            rw_selection_ids(network->scenario, a, &selection, rw_stream_of(1, RW_PURPOSE_SELECTION, what), &again));
        assert_memory_equal(ids, again, 30 * sizeof *ids);
        for (int k = 0; k < 30; k++) {
            assert_true(ids[k] < 100 && (k == 0 || ids[k] > ids[k - 1]));
            chosen[ids[k]]++;
        }
        rw_free(ids);
        rw_free(again);
    }
    for (int id = 0; id < 100; id++)
        chi_square += (chosen[id] - 1200.0) * (chosen[id] - 1200.0) / (1200.0 * 0.7);
    assert_close(chi_square, 100.0, 0, 5 * sqrt(200.0));
    rw_network_destroy(&network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_mean_and_spread_that_were_asked_for),
        cmocka_unit_test(draws_outside_the_range_are_drawn_again),
        cmocka_unit_test(draws_depend_on_who_and_when_and_nothing_else),
        cmocka_unit_test(draws_in_a_run_are_the_same_bits),
        cmocka_unit_test(batches_are_single_draws),
        cmocka_unit_test(gaps_are_geometric),
        cmocka_unit_test(kernels_have_their_published_form),
        cmocka_unit_test(many_kernels_at_once_have_the_bits_of_one),
        cmocka_unit_test(delays_are_whole_steps_and_at_least_one),
        cmocka_unit_test(selections_name_the_cells_they_say),
        cmocka_unit_test(random_selections_are_exact_ascending_and_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

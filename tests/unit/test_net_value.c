/* Draws of values, one by one, in batches and in runs, and geometric gaps. */
#include "net/building/skip.h"
#include "net/draw_batch.h"
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_mean_and_spread_that_were_asked_for),
        cmocka_unit_test(draws_outside_the_range_are_drawn_again),
        cmocka_unit_test(draws_depend_on_who_and_when_and_nothing_else),
        cmocka_unit_test(draws_in_a_run_are_the_same_bits),
        cmocka_unit_test(batches_are_single_draws),
        cmocka_unit_test(gaps_are_geometric),
        cmocka_unit_test(delays_are_whole_steps_and_at_least_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

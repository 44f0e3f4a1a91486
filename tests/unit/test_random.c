/* Philox is Random123's Philox; draws have the distributions they claim. */
#include <Random123/philox.h>

#include "base/philox_batch.h"
#include "close.h"

static void philox_equals_random123(void **state) {
    (void)state;
    for (uint32_t k = 0; k < 1000; k++) {
        philox4x32_ctr_t counter = {{k * 2654435761u, ~k, k ^ 0xdeadbeefu, k << 7}};
        philox4x32_key_t key = {{k * 40503u, k + 77u}};
        philox4x32_ctr_t expected = philox4x32(counter, key);
        rw_bits bits = rw_philox(counter.v[0], counter.v[1], counter.v[2], counter.v[3], key.v[0], key.v[1]);
        assert_memory_equal(bits.word, expected.v, sizeof bits.word);
    }
}

static void philox_gives_published_values(void **state) {
    (void)state;
    rw_bits zero = rw_philox(0, 0, 0, 0, 0, 0);
    uint32_t expected[4] = {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u};
    assert_memory_equal(zero.word, expected, sizeof expected);
}

static void batches_equal_single_draws(void **state) {
    (void)state;
    static uint32_t storage[4][300];
    uint32_t *const words[4] = {storage[0], storage[1], storage[2], storage[3]};
    rw_stream stream = rw_stream_of(0x123456789abcdefu, RW_PURPOSE_POISSON, 17);
    const uint64_t who = 0x900001234567u, when = 0x1200000987u;
    for (size_t n = 0; n < 300; n += 7) {
        rw_draw_for_each_who(stream, who, when, n, words);
        for (size_t i = 0; i < n; i++) {
            rw_bits bits = rw_draw(stream, who + i, when);
            for (int w = 0; w < 4; w++)
                assert_int_equal(words[w][i], bits.word[w]);
        }
        rw_draw_for_each_when(stream, who, when, n, words);
        for (size_t i = 0; i < n; i++) {
            rw_bits bits = rw_draw(stream, who, when + i);
            for (int w = 0; w < 4; w++)
                assert_int_equal(words[w][i], bits.word[w]);
        }
        for (size_t i = 0; i < n; i++)
            for (uint32_t w = 0; w < 4; w++)
                words[w][i] = ((uint32_t)i + 1) * (2654435761u + w);
        rw_philox_for_each(stream.key, n, words);
        for (uint32_t i = 1; i <= n; i++) {
            rw_bits bits = rw_philox(i * 2654435761u, i * 2654435762u, i * 2654435763u, i * 2654435764u, stream.key[0],
                                     stream.key[1]);
            for (int w = 0; w < 4; w++)
                assert_int_equal(words[w][i - 1], bits.word[w]);
        }
    }
}

/* Results that were published hang on these numbers. */
static void purposes_and_their_uses_keep_their_numbers(void **state) {
    (void)state;
    const struct {
        rw_purpose purpose;
        uint32_t first;
    } uses[] = {{1, 1u << 23}, {7, 0},  {7, 1u << 20}, {7, 1u << 21},  {7, 1u << 22},  {7, 1u << 22},
                {5, 0xFFFF00}, {12, 0}, {12, 1},       {12, 2},        {12, 16},       {13, 0},
                {13, 1},       {13, 2}, {13, 3},       {16, 1u << 23}, {16, 1u << 22}, {9, 1u << 7}};
    for (size_t use = 0; use < sizeof uses / sizeof uses[0]; use++) {
        rw_stream stream = rw_substream_of(1, (rw_substream)use, 5);
        rw_stream expected = rw_stream_of(1, uses[use].purpose, uses[use].first + 5);
        assert_int_equal(stream.domain, expected.domain);
    }
    assert_int_equal(RW_PURPOSE_CONNECT, 0);
    assert_int_equal(RW_PURPOSE_PARTNER, 9);
    assert_int_equal(RW_PURPOSE_LESION, 17);
}

static void normal_draws_have_unit_moments(void **state) {
    (void)state;
    rw_stream stream = rw_stream_of(1, RW_PURPOSE_NOISE, 0);
    double sum = 0, square = 0, fourth = 0;
    enum { N = 400000 };
    for (uint64_t i = 0; i < N; i++) {
        double z = rw_normal(rw_draw(stream, i, 3));
        sum += z;
        square += z * z;
        fourth += z * z * z * z;
    }
    assert_close(sum / N, 0.0, 0, 5.0 / sqrt(N));
    assert_close(square / N, 1.0, 0, 5.0 * sqrt(2.0 / N));
    assert_close(fourth / N, 3.0, 0, 5.0 * sqrt(96.0 / N));
}

static void elementary_functions_match_libm(void **state) {
    (void)state;
    for (int i = -70000; i <= 70000; i++)
        assert_close(rw_exp(i * 0.01), exp(i * 0.01), 4e-16, 0);
    for (int i = 1; i < 200000; i++) {
        assert_close(rw_log(i * 1e-5), log(i * 1e-5), 3e-16, 1e-18);
        assert_close(rw_cos_turn(i * 5e-6), cos(6.283185307179586476925 * i * 5e-6), 0, 3e-15);
    }
    assert_close(rw_log(1e-300), log(1e-300), 3e-16, 0);
    assert_close(rw_exp(-1e9), exp(-708), 1e-12, 0);
    for (int i = -8600; i <= 8600; i++)
        assert_close(rw_exp_single((float)i * 0.01f), exp((double)((float)i * 0.01f)), 3e-7, 0);
    assert_close(rw_exp_single(-1e9f), exp(-86.0), 3e-7, 0);
    assert_true(rw_exp(NAN) != rw_exp(NAN) && rw_exp_single(NAN) != rw_exp_single(NAN));
    for (int i = 1; i <= 10000; i++)
        assert_close(rw_relaxation(i * 1e-4), -expm1(-i * 1e-4) / (i * 1e-4), 4e-16, 0);
    assert_true(rw_relaxation(0.0) == 1.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_equals_random123),        cmocka_unit_test(philox_gives_published_values),
        cmocka_unit_test(batches_equal_single_draws),     cmocka_unit_test(purposes_and_their_uses_keep_their_numbers),
        cmocka_unit_test(normal_draws_have_unit_moments), cmocka_unit_test(elementary_functions_match_libm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

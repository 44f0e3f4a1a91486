/* Psychometric curves have the numbers of R's glm on published data, and none where the likelihood has no maximum.
 * test_study_psychometric.R prints what is expected here. */
#include <string.h>

#include "close.h"
#include "study/comparison/psychometric.h"

enum { N = 23 };
static const double TEMPERATURE[N] = {66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78,
                                      67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58};
static const double DAMAGED[N] = {0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1};

static void check_interval(rw_interval interval, double low, double high) {
    assert_close(interval.low, low, 0.0, 1e-9 * fabs(low));
    assert_close(interval.high, high, 0.0, 1e-9 * fabs(high));
}

static void the_curve_of_published_trials_is_that_of_r(void **state) {
    rw_psychometric fit;
    (void)state;
    assert_int_equal(rw_psychometric_fit(TEMPERATURE, DAMAGED, N, &fit), RW_OK);
    assert_null(fit.problem);
    assert_int_equal(fit.n, N);
    assert_close(fit.intercept, 15.042901647702481, 0.0, 1e-9);
    assert_close(fit.slope, -0.232162744218597, 0.0, 1e-11);
    assert_close(fit.even, 64.794640924551473, 0.0, 1e-9);
    check_interval(fit.of_slope, -0.444302428462932, -0.0200230599742615);
    check_interval(fit.of_even, 59.289040968574433, 70.3002408805285057);
    assert_close(fit.deviance, 11.9974265211475, 0.0, 1e-7);
    assert_close(rw_psychometric_at(&fit, 60.0), 0.752713481524998, 0.0, 1e-10);
    check_interval(rw_psychometric_band(&fit, 60.0), 0.289564527860653, 0.957862814295906);
}

static void another_unit_of_the_evidence_gives_the_same_curve(void **state) {
    double x[N];
    rw_psychometric fit, other;
    (void)state;
    for (int i = 0; i < N; i++)
        x[i] = 1e-6 * (TEMPERATURE[i] - 1000.0);
    assert_int_equal(rw_psychometric_fit(TEMPERATURE, DAMAGED, N, &fit), RW_OK);
    assert_int_equal(rw_psychometric_fit(x, DAMAGED, N, &other), RW_OK);
    assert_close(1e6 * other.even + 1000.0, fit.even, 0.0, 1e-6);
    assert_close(1e-6 * other.slope, fit.slope, 0.0, 1e-9);
    assert_close(1e6 * other.of_even.low + 1000.0, fit.of_even.low, 0.0, 1e-5);
}

static void trials_without_a_choice_are_left_out(void **state) {
    double x[N + 2], choice[N + 2];
    rw_psychometric fit, other;
    (void)state;
    for (int i = 0; i < N; i++) {
        x[i + 2] = TEMPERATURE[i];
        choice[i + 2] = DAMAGED[i];
    }
    x[0] = 1.0;
    x[1] = 300.0;
    choice[0] = choice[1] = NAN;
    assert_int_equal(rw_psychometric_fit(TEMPERATURE, DAMAGED, N, &fit), RW_OK);
    assert_int_equal(rw_psychometric_fit(x, choice, N + 2, &other), RW_OK);
    assert_int_equal(other.n, N);
    assert_close(other.even, fit.even, 0.0, 1e-12);
}

static void without_a_maximum_there_is_no_curve(void **state) {
    static const double x[] = {-2, -1, 0, 1, 2};
    static const struct {
        double choice[5];
        const char *why;
    } cases[] = {{{0, 0, 0, 1, 1}, "separates"},
                 {{1, 1, 0, 0, 0}, "separates"},
                 {{1, 1, 1, 1, 1}, "the same"},
                 {{NAN, NAN, NAN, NAN, NAN}, "no trial"}};
    static const double touching[] = {-1, 0, 0, 1}, touches[] = {0, 0, 1, 1}; /* both choices at one value only */
    static const double same[] = {3, 3, 3, 3};
    rw_psychometric fit;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(rw_psychometric_fit(x, cases[i].choice, 5, &fit), RW_OK);
        assert_non_null(fit.problem);
        assert_non_null(strstr(fit.problem, cases[i].why));
        assert_true(isnan(fit.even) && isnan(fit.slope) && isnan(fit.of_even.low));
    }
    assert_int_equal(rw_psychometric_fit(touching, touches, 4, &fit), RW_OK);
    assert_non_null(fit.problem);
    assert_int_equal(rw_psychometric_fit(same, touches, 4, &fit), RW_OK);
    assert_non_null(strstr(fit.problem, "same evidence"));
}

static void chance_gives_a_slope_near_zero_and_a_wide_even_point(void **state) {
    static const double x[] = {-1, -1, 0, 0, 1, 1}, choice[] = {0, 1, 0, 1, 0, 1};
    rw_psychometric fit;
    (void)state;
    assert_int_equal(rw_psychometric_fit(x, choice, 6, &fit), RW_OK);
    assert_close(fit.slope, 0.0, 0.0, 1e-9);
    assert_true(fit.of_slope.low < -1.0 && fit.of_slope.high > 1.0);
    assert_close(rw_psychometric_at(&fit, 0.5), 0.5, 0.0, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_of_published_trials_is_that_of_r),
        cmocka_unit_test(another_unit_of_the_evidence_gives_the_same_curve),
        cmocka_unit_test(trials_without_a_choice_are_left_out),
        cmocka_unit_test(without_a_maximum_there_is_no_curve),
        cmocka_unit_test(chance_gives_a_slope_near_zero_and_a_wide_even_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

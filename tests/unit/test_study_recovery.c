/* Survival curves, log-rank tests, regressions and ROC curves give the numbers of R on published data, and say where
 * there is no number. test_study_recovery.R prints what is expected here. */
#include "close.h"
#include "study/comparison/logrank.h"
#include "study/comparison/regression.h"
#include "study/comparison/roc.h"
#include "study/comparison/survival.h"

/* Freireich et al. 1963: weeks to relapse of 21 pairs, the first 21 with placebo, the others with 6-mercaptopurine. */
enum { PAIRS = 21, N = 2 * PAIRS };
static const double WEEKS[N] = {1,  22, 3,  12, 8,  17, 2,  11, 8,  12, 2,  5,  4,  15, 8,  23, 5, 11, 4, 1, 8,
                                10, 7,  32, 23, 22, 6,  16, 34, 32, 25, 11, 20, 19, 6,  17, 35, 6, 13, 9, 6, 10};
static const bool RELAPSE[N] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0};

typedef struct {
    double time, survival, low, high;
    size_t at_risk, events;
} expected_step;

static rw_arena *arena;

static int open_arena(void **state) {
    (void)state;
    return rw_arena_create(&arena) == RW_OK ? 0 : 1;
}

static int close_arena(void **state) {
    (void)state;
    rw_arena_destroy(&arena);
    return 0;
}

static void check_steps(const rw_survival *curve, const expected_step *expected, size_t n) {
    assert_int_equal(curve->n, n);
    for (size_t k = 0; k < n; k++) {
        const rw_survival_step *step = &curve->steps[k];
        assert_close(step->time, expected[k].time, 0.0, 0.0);
        assert_int_equal(step->at_risk, expected[k].at_risk);
        assert_int_equal(step->events, expected[k].events);
        assert_close(step->survival, expected[k].survival, 0.0, 1e-12);
        if (isnan(expected[k].low)) {
            assert_true(isnan(step->interval.low) && isnan(step->interval.high));
        } else {
            assert_close(step->interval.low, expected[k].low, 0.0, 1e-12);
            assert_close(step->interval.high, expected[k].high, 0.0, 1e-12);
        }
    }
}

static void curves_of_published_times_are_those_of_r(void **state) {
    static const expected_step placebo[] = {{1, 0.904761904761905, 0.670045882235034, 0.975294149038113, 21, 2},
                                            {2, 0.809523809523809, 0.568905059924173, 0.923888828559295, 19, 2},
                                            {3, 0.761904761904762, 0.519391415328428, 0.893257109782487, 17, 1},
                                            {4, 0.666666666666667, 0.425350435565247, 0.825044008797340, 16, 2},
                                            {5, 0.571428571428571, 0.337976953859493, 0.749240709943216, 14, 2},
                                            {8, 0.380952380952381, 0.183066548820394, 0.577788677745831, 12, 4},
                                            {11, 0.285714285714286, 0.116561326436765, 0.481819648009025, 8, 2},
                                            {12, 0.190476190476190, 0.0594817013611753, 0.377434890585150, 6, 2},
                                            {15, 0.142857142857143, 0.0356573551906667, 0.321161574680869, 4, 1},
                                            {17, 0.0952380952380952, 0.016259260212247, 0.261249981968687, 3, 1},
                                            {22, 0.0476190476190476, 0.00332446304253118, 0.197044905698946, 2, 1},
                                            {23, 0.0, NAN, NAN, 1, 1}};
    static const expected_step treated[] = {{6, 0.857142857142857, 0.619717955265984, 0.951551747646997, 21, 3},
                                            {7, 0.806722689075630, 0.563146564622233, 0.922809019202880, 17, 1},
                                            {9, 0.806722689075630, 0.563146564622233, 0.922809019202880, 16, 0},
                                            {10, 0.752941176470588, 0.503199510799957, 0.889361835169265, 15, 1},
                                            {11, 0.752941176470588, 0.503199510799957, 0.889361835169265, 13, 0},
                                            {13, 0.690196078431372, 0.431610222486184, 0.849065963349451, 12, 1},
                                            {16, 0.627450980392157, 0.367510855987502, 0.804912189471841, 11, 1},
                                            {17, 0.627450980392157, 0.367510855987502, 0.804912189471841, 10, 0},
                                            {19, 0.627450980392157, 0.367510855987502, 0.804912189471841, 9, 0},
                                            {20, 0.627450980392157, 0.367510855987502, 0.804912189471841, 8, 0},
                                            {22, 0.537815126050420, 0.267778936767135, 0.746790717635394, 7, 1},
                                            {23, 0.448179271708683, 0.188052005959232, 0.680142628495241, 6, 1},
                                            {25, 0.448179271708683, 0.188052005959232, 0.680142628495241, 5, 0},
                                            {32, 0.448179271708683, 0.188052005959232, 0.680142628495241, 4, 0},
                                            {34, 0.448179271708683, 0.188052005959232, 0.680142628495241, 2, 0},
                                            {35, 0.448179271708683, 0.188052005959232, 0.680142628495241, 1, 0}};
    rw_survival curve;
    (void)state;
    assert_ok(rw_survival_estimate(arena, WEEKS, RELAPSE, PAIRS, &curve));
    check_steps(&curve, placebo, sizeof placebo / sizeof *placebo);
    assert_close(curve.median, 8.0, 0.0, 0.0);
    assert_close(curve.of_median.low, 4.0, 0.0, 0.0);
    assert_close(curve.of_median.high, 11.0, 0.0, 0.0);
    assert_ok(rw_survival_estimate(arena, WEEKS + PAIRS, RELAPSE + PAIRS, PAIRS, &curve));
    check_steps(&curve, treated, sizeof treated / sizeof *treated);
    assert_close(curve.median, 23.0, 0.0, 0.0);
    assert_close(curve.of_median.low, 13.0, 0.0, 0.0);
    assert_true(isnan(curve.of_median.high));
    assert_int_equal(rw_survival_at_risk(&curve, 0.0), 21);
    assert_int_equal(rw_survival_at_risk(&curve, 10.0), 15);
    assert_int_equal(rw_survival_at_risk(&curve, 10.5), 13);
    assert_int_equal(rw_survival_at_risk(&curve, 36.0), 0);
}

static void a_share_of_exactly_half_gives_a_median_midway(void **state) {
    const double times[] = {4, 2, NAN, 1, 3};
    const bool events[] = {1, 1, 1, 1, 1};
    rw_survival curve;
    (void)state;
    assert_ok(rw_survival_estimate(arena, times, events, 5, &curve));
    assert_int_equal(curve.n_subjects, 4); /* the one without a time is left out */
    assert_close(curve.median, 2.5, 0.0, 0.0);
    assert_close(curve.of_median.low, 1.0, 0.0, 0.0);
    assert_true(isnan(curve.of_median.high));
}

static void who_never_meets_an_event_leaves_a_curve_at_one(void **state) {
    const double times[] = {5, 5, 5}, none[] = {NAN, NAN};
    const bool events[] = {0, 0, 0};
    rw_survival curve;
    (void)state;
    assert_ok(rw_survival_estimate(arena, times, events, 3, &curve));
    assert_int_equal(curve.n, 1);
    assert_close(curve.steps[0].survival, 1.0, 0.0, 0.0);
    assert_int_equal(curve.steps[0].censored, 3);
    assert_true(isnan(curve.steps[0].interval.low) && isnan(curve.median) && isnan(curve.of_median.low));
    assert_ok(rw_survival_estimate(arena, none, events, 2, &curve));
    assert_int_equal(curve.n, 0);
    assert_int_equal(curve.n_subjects, 0);
}

static void check_logrank(size_t n_groups, const size_t *groups, const size_t *strata, double chi2,
                          const double *expected) {
    const rw_logrank_sample sample = {WEEKS, RELAPSE, groups, strata, N, n_groups, PAIRS};
    rw_logrank test;
    assert_ok(rw_logrank_test(arena, &sample, &test));
    assert_close(test.chi2, chi2, 0.0, 1e-12);
    assert_int_equal(test.freedom, n_groups - 1);
    for (size_t g = 0; g < n_groups && expected != NULL; g++)
        assert_close(test.expected[g], expected[g], 0.0, 1e-12);
}

static void log_rank_tests_are_those_of_r(void **state) {
    static const double two[] = {10.7494990519689, 19.2505009480311};
    static const double three[] = {7.20746662485892, 15.96514621897325, 6.82738715616783};
    size_t groups[N], pairs[N], thirds[N];
    (void)state;
    for (size_t i = 0; i < N; i++) {
        groups[i] = i / PAIRS;
        pairs[i] = i % PAIRS;
        thirds[i] = groups[i] + ((pairs[i] + 1) % 3 == 0 ? 1 : 0);
    }
    check_logrank(2, groups, NULL, 16.7929409892165, two);
    check_logrank(2, groups, pairs, 10.7142857142857, NULL);
    check_logrank(3, thirds, NULL, 10.7984124884026, three);
}

static void nothing_to_compare_gives_no_test(void **state) {
    const double times[] = {5, 5, 5, 5};
    const bool none[] = {0, 0, 0, 0};
    const size_t groups[] = {0, 0, 1, 1}, one[] = {0, 0, 0, 0};
    rw_logrank test;
    (void)state;
    assert_ok(rw_logrank_test(arena, &(rw_logrank_sample){times, none, groups, NULL, 4, 2, 0}, &test));
    assert_true(isnan(test.p) && isnan(test.chi2) && test.freedom == 0);
    assert_ok(rw_logrank_test(arena, &(rw_logrank_sample){WEEKS, RELAPSE, one, NULL, 4, 1, 0}, &test));
    assert_true(isnan(test.p) && test.freedom == 0);
}

/* Heat of hardening of 13 cements and three of their compounds (Hald; Draper & Smith 1981). */
enum { CEMENTS = 13, COMPOUNDS = 3 };
static const double HEAT[CEMENTS] = {78.5, 74.3, 104.3, 87.6, 95.9,  109.2, 102.7,
                                     72.5, 93.1, 115.9, 83.8, 113.3, 109.4};
static const double COMPOUND[CEMENTS * COMPOUNDS] = {7,  26, 6,  1,  29, 15, 11, 56, 8,  11, 31, 8,  7,
                                                     52, 6,  11, 55, 9,  3,  71, 17, 1,  31, 22, 2,  54,
                                                     18, 21, 47, 4,  1,  40, 23, 11, 66, 9,  10, 68, 8};

static void standardised_coefficients_are_those_of_r(void **state) {
    static const double beta[] = {0.663126748628372, 0.679497667556073, 0.106449337930629};
    static const double low[] = {0.482164048471576, 0.575992951532284, -0.0714555115066092};
    static const double high[] = {0.844089448785168, 0.783002383579862, 0.284354187367867};
    static const double p[] = {1.66432859380238e-05, 1.23036624464799e-07, 0.208889485628756};
    rw_regression fit;
    rw_coefficient coefficients[COMPOUNDS];
    (void)state;
    assert_ok(rw_regression_fit(HEAT, COMPOUND, CEMENTS, COMPOUNDS, &fit, coefficients));
    assert_null(fit.problem);
    assert_close(fit.r_squared, 0.982284679219086, 0.0, 1e-12);
    for (size_t c = 0; c < COMPOUNDS; c++) {
        assert_close(coefficients[c].beta, beta[c], 0.0, 1e-11);
        assert_close(coefficients[c].interval.low, low[c], 0.0, 1e-12);
        assert_close(coefficients[c].interval.high, high[c], 0.0, 1e-12);
        assert_close(coefficients[c].p, p[c], 1e-9, 0.0);
    }
}

static void a_regression_that_cannot_be_says_why(void **state) {
    double x[CEMENTS * 2], y[CEMENTS];
    rw_regression fit;
    rw_coefficient coefficients[COMPOUNDS];
    (void)state;
    for (size_t i = 0; i < CEMENTS; i++) {
        y[i] = i % 2 == 0 ? HEAT[i] : NAN; /* 7 are left */
        x[2 * i] = COMPOUND[i * COMPOUNDS];
        x[2 * i + 1] = 3.0 - 2.0 * x[2 * i];
    }
    assert_ok(rw_regression_fit(y, x, CEMENTS, 2, &fit, coefficients));
    assert_int_equal(fit.n, 7);
    assert_string_equal(fit.problem, "traits depend on each other");
    assert_true(isnan(coefficients[0].beta) && isnan(coefficients[1].interval.low));
    assert_ok(rw_regression_fit(y, x, 5, 2, &fit, coefficients));
    assert_string_equal(fit.problem, "there are too few subjects for so many traits");
    for (size_t i = 0; i < CEMENTS; i++)
        x[2 * i + 1] = 4.0;
    assert_ok(rw_regression_fit(HEAT, x, CEMENTS, 2, &fit, coefficients));
    assert_string_equal(fit.problem, "what is explained, or a trait, is the same in all subjects");
}

static void an_area_with_ties_is_that_of_r(void **state) {
    static const double values[] = {1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, NAN};
    static const bool met[] = {0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1};
    /* R's list, from the other end */
    static const double sensitivity[] = {0.0, 0.2, 0.4, 0.6, 0.8, 0.8, 1.0, 1.0, 1.0};
    static const double false_positives[] = {0.0, 0.0, 1, 1, 2, 3, 4, 6, 7};
    rw_roc roc;
    (void)state;
    assert_ok(rw_roc_estimate(arena, values, met, 13, &roc));
    assert_int_equal(roc.n_met, 5);
    assert_int_equal(roc.n_unmet, 7);
    assert_close(roc.interval.low, 0.560997389362, 0.0, 1e-11);
    assert_close(roc.interval.high, 1.0, 0.0, 0.0);
    assert_int_equal(roc.n_points, 9);
    for (size_t k = 0; k < 9; k++) {
        assert_close(roc.points[k].true_positives, sensitivity[k], 0.0, 1e-15);
        assert_close(roc.points[k].false_positives, false_positives[k] / 7.0, 0.0, 1e-15);
    }
}

static void an_area_of_one_class_or_without_spread_has_no_interval(void **state) {
    const double values[] = {1, 2, 3, 4};
    const bool all[] = {1, 1, 1, 1}, above[] = {0, 0, 1, 1};
    rw_roc roc;
    (void)state;
    assert_ok(rw_roc_estimate(arena, values, all, 4, &roc));
    assert_true(isnan(roc.area) && isnan(roc.interval.low) && roc.n_points == 0);
    assert_ok(rw_roc_estimate(arena, values, above, 4, &roc));
    assert_close(roc.area, 1.0, 0.0, 0.0);
    assert_true(isnan(roc.interval.low));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_of_published_times_are_those_of_r),
        cmocka_unit_test(a_share_of_exactly_half_gives_a_median_midway),
        cmocka_unit_test(who_never_meets_an_event_leaves_a_curve_at_one),
        cmocka_unit_test(log_rank_tests_are_those_of_r),
        cmocka_unit_test(nothing_to_compare_gives_no_test),
        cmocka_unit_test(standardised_coefficients_are_those_of_r),
        cmocka_unit_test(a_regression_that_cannot_be_says_why),
        cmocka_unit_test(an_area_with_ties_is_that_of_r),
        cmocka_unit_test(an_area_of_one_class_or_without_spread_has_no_interval),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}

/* The public header alone: a run in another program. */
#include "rewire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/rewire_library_XXXXXX";
static char scenario[64];

static const char yaml[] =
    "rewire: 1\nseed: 3\ntime: {step: 0.1 ms, until: 50 ms}\n"
    "populations: {a: {model: lif_psc_exp, count: 60, set: {V_m: {uniform: [-65 mV, -50.5 mV]}}}}\n"
    "projections:\n  - {name: aa, from: a, to: a, connect: {rule: fixed_indegree, n: 5}, weight: 20 pA, delay: 1.5 ms, "
    "receptors: {exc: 1}}\n"
    "inputs:\n  - {to: a, kind: current, amplitude: 500 pA}\n"
    "record: {spikes: all}\n";

static int write_scenario(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(scenario, sizeof scenario, "%s/s.yaml", folder);
    FILE *file = fopen(scenario, "w");
    if (file == NULL)
        return -1;
    (void)fputs(yaml, file);
    return fclose(file);
}

static int remove_scenario(void **state) {
    (void)state;
    char command[96];
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

typedef struct {
    size_t n;
    double last_ms, sum_ms;
} ear;

static rw_err hear(void *self, const rw_run_spike *spikes, size_t n) {
    ear *e = self;
    for (size_t i = 0; i < n; i++) {
        assert_true(spikes[i].time_ms >= e->last_ms && spikes[i].population == 0 && spikes[i].id < 60);
        e->last_ms = spikes[i].time_ms;
        e->sum_ms += spikes[i].time_ms;
    }
    e->n += n;
    return RW_OK;
}

/* What is heard when the run is advanced in steps of `stride_ms`. */
static ear listen(double stride_ms, int n_threads) {
    rw_run *run = NULL;
    ear e = {0};
    assert_int_equal(rw_run_open(&run, scenario, NULL, n_threads), RW_OK);
    assert_int_equal(rw_run_listen(run, hear, &e), RW_OK);
    for (double t = stride_ms; rw_run_time_ms(run) < rw_run_end_ms(run); t += stride_ms)
        assert_int_equal(rw_run_advance(run, t), RW_OK);
    assert_int_equal(rw_run_close(&run), RW_OK);
    assert_null(run);
    return e;
}

static void spikes_do_not_depend_on_how_it_is_advanced(void **state) {
    (void)state;
    ear once = listen(50.0, 1), often = listen(0.7, 2);
    assert_true(once.n > 60);
    assert_int_equal(once.n, often.n);
    assert_true(once.sum_ms == often.sum_ms);
}

static void a_run_can_be_looked_at(void **state) {
    (void)state;
    rw_run *run = NULL;
    uint64_t count = 0, n = 0;
    double V_m[40];
    rw_run_synapse *synapses = NULL;
    const char *settings[] = {"populations.a.count=40", "time.until=20 ms", NULL};
    assert_int_equal(rw_run_open(&run, scenario, settings, 1), RW_OK);
    assert_int_equal(rw_run_count(run, "a", &count), RW_OK);
    assert_int_equal(count, 40);
    assert_true(rw_run_end_ms(run) == 20.0);
    assert_int_equal(rw_run_read(run, "a", "V_m", V_m), RW_OK);
    for (size_t i = 0; i < 40; i++)
        assert_true(V_m[i] >= -65.0 && V_m[i] <= -50.5);
    double before = V_m[7];
    assert_int_equal(rw_run_advance(run, 0.1), RW_OK);
    assert_int_equal(rw_run_read(run, "a", "V_m", V_m), RW_OK);
    assert_true(V_m[7] != before);
    assert_int_equal(rw_run_synapses(run, "aa", &synapses, &n), RW_OK);
    assert_int_equal(n, 40 * 5);
    for (uint64_t k = 0; k < n; k++)
        assert_true(synapses[k].target == k / 5 && synapses[k].source < 40 && synapses[k].weight == 20.0 &&
                    synapses[k].delay_ms == 1.5);
    rw_run_free(synapses);
    assert_int_equal(rw_run_close(&run), RW_OK);
}

static void a_run_can_record(void **state) {
    (void)state;
    rw_run *run = NULL;
    char directory[64], file[96];
    (void)snprintf(directory, sizeof directory, "%s/out", folder);
    assert_int_equal(rw_run_open(&run, scenario, NULL, 2), RW_OK);
    assert_int_equal(rw_run_record(run, directory), RW_OK);
    assert_int_equal(rw_run_advance(run, 1e9), RW_OK);
    assert_true(rw_run_time_ms(run) == 50.0);
    assert_int_equal(rw_run_close(&run), RW_OK);
    (void)snprintf(file, sizeof file, "%s/spikes.h5", directory);
    assert_int_equal(access(file, R_OK), 0);
}

static rw_err refuse(void *self, const rw_run_spike *spikes, size_t n) {
    (void)self, (void)spikes, (void)n;
    return rw_fail(RW_ERR_SYSTEM, "the listener has had enough");
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    rw_run *run = NULL;
    const char *settings[] = {"populations.a.coumt=40", NULL};
    double value = 0.0;
    rw_run_synapse *synapses = NULL;
    uint64_t n = 0;
    assert_int_equal(rw_run_open(&run, scenario, settings, 1), RW_ERR_INPUT);
    assert_null(run);
    assert_non_null(strstr(rw_error_message(), "coumt"));
    assert_int_equal(rw_run_open(&run, scenario, NULL, 1), RW_OK);
    assert_int_equal(rw_run_read(run, "b", "V_m", &value), RW_ERR_INPUT);
    assert_int_equal(rw_run_read(run, "a", "V_x", &value), RW_ERR_INPUT);
    assert_int_equal(rw_run_synapses(run, "ab", &synapses, &n), RW_ERR_INPUT);
    assert_int_equal(rw_run_listen(run, refuse, NULL), RW_OK);
    assert_int_equal(rw_run_advance(run, 50.0), RW_ERR_SYSTEM);
    assert_non_null(strstr(rw_error_message(), "had enough"));
    assert_int_equal(rw_run_advance(run, 50.0), RW_ERR_SYSTEM); /* it stays failed */
    assert_int_equal(rw_run_listen(run, hear, NULL), RW_ERR_INPUT);
    assert_int_equal(rw_run_close(&run), RW_OK);
}

/* Sum of the times of the spikes when `change` is made at 16 ms, or with settings that say the same. */
static ear hear_with(const char *const *settings, rw_err (*change)(rw_run *run)) {
    rw_run *run = NULL;
    ear e = {0};
    assert_int_equal(rw_run_open(&run, scenario, settings, 2), RW_OK);
    assert_int_equal(rw_run_listen(run, hear, &e), RW_OK);
    assert_int_equal(rw_run_advance(run, 16.0), RW_OK);
    if (change != NULL)
        assert_int_equal(change(run), RW_OK);
    assert_int_equal(rw_run_advance(run, 50.0), RW_OK);
    assert_int_equal(rw_run_close(&run), RW_OK);
    return e;
}

static rw_err raise_current(rw_run *run) {
    return rw_run_set_input(run, 0, 900.0);
}

static rw_err raise_rate(rw_run *run) {
    return rw_run_set_input(run, 1, 9000.0);
}

static void assert_same(ear a, ear b) {
    assert_int_equal(a.n, b.n);
    assert_true(a.sum_ms == b.sum_ms);
}

static void a_changed_input_acts_as_a_course_that_says_so(void **state) {
    (void)state;
    const char *const current[] = {"inputs.0.amplitude={steps: [[0 ms, 500 pA], [16 ms, 900 pA]]}", NULL};
    ear changed = hear_with(NULL, raise_current);
    assert_same(changed, hear_with(current, NULL));
    assert_true(changed.n > hear_with(NULL, NULL).n);
}

#define TWO_INPUTS(rate)                                                                                               \
    "inputs=[{to: a, kind: current, amplitude: 300 pA}, {to: a, kind: poisson, rate: " rate                            \
    ", weight: 100 pA, receptors: {exc: 1}}]"

static void a_changed_rate_acts_as_a_course_that_says_so(void **state) {
    (void)state;
    const char *const constant[] = {TWO_INPUTS("3000 Hz"), NULL};
    const char *const course[] = {TWO_INPUTS("{steps: [[0 ms, 3000 Hz], [16 ms, 9000 Hz]]}"), NULL};
    ear changed = hear_with(constant, raise_rate);
    assert_same(changed, hear_with(course, NULL));
    assert_true(changed.n > hear_with(constant, NULL).n);
}

static void a_change_out_of_range_is_refused(void **state) {
    (void)state;
    rw_run *run = NULL;
    assert_int_equal(rw_run_open(&run, scenario, NULL, 1), RW_OK);
    assert_int_equal(rw_run_set_input(run, 1, 0.0), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "the scenario has 1"));
    assert_int_equal(rw_run_set_input(run, 0, 1e300), RW_ERR_INPUT);
    assert_int_equal(rw_run_set_factor(run, 0, 0.5), RW_ERR_INPUT);
    assert_int_equal(rw_run_close(&run), RW_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spikes_do_not_depend_on_how_it_is_advanced),
        cmocka_unit_test(a_run_can_be_looked_at),
        cmocka_unit_test(a_run_can_record),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_changed_input_acts_as_a_course_that_says_so),
        cmocka_unit_test(a_changed_rate_acts_as_a_course_that_says_so),
        cmocka_unit_test(a_change_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, write_scenario, remove_scenario);
}

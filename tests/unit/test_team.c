/* A team of threads reports one error, with its message, as a function of one thread does. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "close.h"
#include "comm/team.h"

typedef struct {
    int fails_from;
    bool ran[4];
} work;

static rw_err run(void *context, int thread) {
    work *it = context;
    it->ran[thread] = true;
    return thread < it->fails_from ? RW_OK : rw_fail(RW_ERR_INPUT, "thread %d fails", thread);
}

static void every_thread_runs_and_the_lowest_error_is_reported(void **state) {
    (void)state;
    for (int from = 0; from <= 4; from++) {
        work it = {.fails_from = from};
        char expected[32];
        (void)snprintf(expected, sizeof expected, "thread %d fails", from);
        rw_err err = rw_team_run(4, run, &it);
        assert_int_equal(err, from < 4 ? RW_ERR_INPUT : RW_OK);
        assert_true(it.ran[0] && it.ran[1] && it.ran[2] && it.ran[3]);
        if (from < 4)
            assert_string_equal(rw_error_message(), expected);
    }
}

static void a_record_keeps_the_first_error_and_all_of_its_message(void **state) {
    (void)state;
    rw_error_record record = {0};
    char text[RW_MESSAGE_SIZE];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(rw_error_record_raise(&record), RW_OK);
    rw_error_record_keep(&record, RW_OK);
    rw_error_record_keep(&record, rw_fail(RW_ERR_SYSTEM, "%s", text));
    rw_error_record_keep(&record, rw_fail(RW_ERR_INPUT, "later"));
    assert_int_equal(rw_error_record_raise(&record), RW_ERR_SYSTEM);
    assert_string_equal(rw_error_message(), text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thread_runs_and_the_lowest_error_is_reported),
        cmocka_unit_test(a_record_keeps_the_first_error_and_all_of_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

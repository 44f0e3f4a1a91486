/* Every scenario in golden/scenarios/bad/ is refused with exactly the message in the file beside it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "comma_locale.h"
#include "config/document.h"
#include "config/parse.h"
#include "golden.h"

#define FOLDER REWIRE_SOURCE_DIR "/tests/golden/scenarios/bad"

/* Compares one file's message; prints both if they differ. */
static bool message_is_as_expected(rw_arena *arena, const char *name) {
    char path[1024];
    const char *text = NULL;
    size_t length = 0;
    rw_scenario *scenario = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    assert_ok(rw_document_load(&text, &length, arena, path));
    (void)snprintf(path, sizeof path, "%s/%.*s.expected", FOLDER, (int)(strlen(name) - strlen(".yaml")), name);
    rw_err err = rw_scenario_parse(&scenario, name, text, length, NULL, 0);
    char message[RW_MESSAGE_SIZE + 2];
    (void)snprintf(message, sizeof message, "%s\n", err != RW_OK ? rw_error_message() : "(no error)");
    rw_scenario_destroy(&scenario);
    if (err == RW_ERR_INPUT)
        return golden_file_is(path, message);
    print_error("%s: code %d, %s", name, err, message);
    return false;
}

static void check_folder(void) {
    rw_arena *arena = NULL;
    assert_ok(rw_arena_create(&arena));
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    int n = 0, n_wrong = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".yaml") != 0)
            continue;
        n++;
        n_wrong += !message_is_as_expected(arena, entry->d_name);
    }
    (void)closedir(folder);
    rw_arena_destroy(&arena);
    assert_true(n > 90);
    assert_int_equal(n_wrong, 0);
}

static void every_bad_scenario_is_refused_with_place_cause_and_remedy(void **state) {
    (void)state;
    check_folder();
}

static void messages_do_not_depend_on_the_locale(void **state) {
    (void)state;
    need_comma_locale();
    check_folder();
    leave_comma_locale();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bad_scenario_is_refused_with_place_cause_and_remedy),
        cmocka_unit_test(messages_do_not_depend_on_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

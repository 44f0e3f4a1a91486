/* JSON written by rewire is valid whatever the strings and numbers are; misspelt words find the right one. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/nearest.h"
#include "close.h"

static void writes_nested_objects_and_arrays(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    rw_json json = {.file = open_memstream(&text, &size)};
    rw_json_open_object(&json, NULL);
    rw_json_integer(&json, "n", UINT64_MAX);
    rw_json_open_array(&json, "list");
    rw_json_truth(&json, NULL, true);
    rw_json_open_object(&json, NULL);
    rw_json_close_object(&json);
    rw_json_close_array(&json);
    rw_json_text(&json, "none", NULL);
    rw_json_close_object(&json);
    assert_int_equal(fclose(json.file), 0);
    assert_string_equal(
        text, "{\n  \"n\": 18446744073709551615,\n  \"list\": [\n    true,\n    {}\n  ],\n  \"none\": null\n}\n");
    free(text);
}

static void escapes_what_json_does_not_allow(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    rw_json json = {.file = open_memstream(&text, &size)};
    rw_json_text(&json, NULL, "a\"b\\c\nd\x01 \xC3\xA9 \xC3( \xED\xA0\x80 \xF0\x9F\x8D\x84 \xE2\x82");
    assert_int_equal(fclose(json.file), 0);
    assert_string_equal(text, "\"a\\\"b\\\\c\\nd\\u0001 \xC3\xA9 \\ufffd( \\ufffd\\ufffd\\ufffd \xF0\x9F\x8D\x84 "
                              "\\ufffd\\ufffd\"");
    free(text);
}

static void numbers_are_short_and_read_back_to_the_same_double(void **state) {
    (void)state;
    static const double numbers[] = {0.1, 1.0 / 3.0, 1e300, -2.5e-300, 40.0, 123456789.125};
    static const char *const texts[] = {"0.1", "0.3333333333333333", "1e+300", "-2.5e-300", "40", "123456789.125"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char *text = NULL;
        size_t size = 0;
        rw_json json = {.file = open_memstream(&text, &size)};
        rw_json_number(&json, NULL, numbers[i]);
        assert_int_equal(fclose(json.file), 0);
        assert_true(strtod(text, NULL) == numbers[i]);
        assert_string_equal(text, texts[i]);
        free(text);
    }
}

static void what_is_no_number_becomes_null(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    rw_json json = {.file = open_memstream(&text, &size)};
    rw_json_number(&json, NULL, NAN);
    rw_json_number(&json, NULL, INFINITY);
    assert_int_equal(fclose(json.file), 0);
    assert_string_equal(text, "null,null");
    free(text);
}

static void nearest_word_is_found_only_when_it_is_near(void **state) {
    (void)state;
    static const char *const words[] = {"populations", "projections", "inputs", "seed"};
    assert_string_equal(rw_nearest("popualtions", words, 4), "populations");
    assert_string_equal(rw_nearest("input", words, 4), "inputs");
    assert_string_equal(rw_nearest("sede", words, 4), "seed");
    assert_null(rw_nearest("drugs", words, 4));
    assert_null(rw_nearest("", words, 4));
    char long_word[2001] = {0};
    memset(long_word, 'k', sizeof long_word - 1);
    assert_null(rw_nearest(long_word, words, 4));
}

static void edit_distance_counts_a_swap_of_neighbours_once(void **state) {
    (void)state;
    assert_int_equal(rw_edit_distance("", ""), 0);
    assert_int_equal(rw_edit_distance("", "abc"), 3);
    assert_int_equal(rw_edit_distance("kitten", "sitting"), 3);
    assert_int_equal(rw_edit_distance("wieght", "weight"), 1);
    assert_int_equal(rw_edit_distance("abc", "abc"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_nested_objects_and_arrays),
        cmocka_unit_test(escapes_what_json_does_not_allow),
        cmocka_unit_test(numbers_are_short_and_read_back_to_the_same_double),
        cmocka_unit_test(what_is_no_number_becomes_null),
        cmocka_unit_test(nearest_word_is_found_only_when_it_is_near),
        cmocka_unit_test(edit_distance_counts_a_swap_of_neighbours_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* JSON is read as JSON: escapes, long keys, numbers as they stand, and the place of what is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "config/document_json.h"

static rw_arena *arena;
static rw_diagnostics diagnostics;

static int open_arena(void **state) {
    (void)state;
    diagnostics = (rw_diagnostics){0};
    return (int)rw_arena_create(&arena);
}

static int close_arena(void **state) {
    (void)state;
    rw_arena_destroy(&arena);
    return 0;
}

static const rw_node *parse(const char *text) {
    const rw_node *root = NULL;
    diagnostics = (rw_diagnostics){0};
    assert_ok(rw_document_parse_json(&root, arena, &diagnostics, "d.json", text, strlen(text)));
    return root;
}

static void values_stay_the_texts_that_they_are(void **state) {
    (void)state;
    const rw_node *root =
        parse("\xEF\xBB\xBF{\"a\": 1.50e-3, \"b\": \"1.5\", \"c\": null, \"d\": \"null\", \"e\": true,"
              "\t\"f\": [false, {}, []], \"\": -0}");
    assert_ok(rw_diagnostics_result(&diagnostics));
    assert_string_equal(rw_node_get(root, "a")->text, "1.50e-3");
    assert_false(rw_node_get(root, "a")->quoted);
    assert_true(rw_node_get(root, "b")->quoted);
    assert_true(rw_node_is_null(rw_node_get(root, "c")));
    assert_false(rw_node_is_null(rw_node_get(root, "d")));
    assert_string_equal(rw_node_get(root, "e")->text, "true");
    assert_int_equal(rw_node_get(root, "f")->count, 3);
    assert_string_equal(rw_node_get(root, "f")->first->text, "false");
    assert_int_equal(rw_node_get(root, "f")->last->kind, RW_NODE_LIST);
    assert_string_equal(rw_node_get(root, "")->text, "-0");
}

static void escapes_become_characters(void **state) {
    (void)state;
    const rw_node *root = parse("{\"\\ud83d\\ude00\\u00e9\\/\\\"\\\\u0041\\n\": \"\\uD83D\\uDE00\"}");
    assert_ok(rw_diagnostics_result(&diagnostics));
    assert_string_equal(root->first->key, "\xF0\x9F\x98\x80\xC3\xA9/\"\\u0041\n");
    assert_string_equal(root->first->text, "\xF0\x9F\x98\x80");
}

static void a_key_may_be_long(void **state) {
    (void)state;
    char text[4096] = "{\"";
    memset(text + 2, 'k', 2000);
    (void)strcpy(text + 2002, "\": 5}");
    const rw_node *root = parse(text);
    assert_ok(rw_diagnostics_result(&diagnostics));
    assert_int_equal(strlen(root->first->key), 2000);
}

static void values_and_keys_know_their_place(void **state) {
    (void)state;
    char path[64];
    const rw_node *root = parse("{\n  \"\xC3\xA9\": {\"b\" : [ 12,\n {\"c\":\"y\"}]}}");
    const rw_node *list = rw_node_get(rw_node_get(root, "\xC3\xA9"), "b");
    const rw_node *y = rw_node_get(list->last, "c");
    assert_int_equal(list->first->mark.line, 2);
    assert_int_equal(list->first->mark.column, 17); /* characters, not bytes */
    assert_int_equal(list->mark.column, 15);
    assert_int_equal(y->key_mark.line, 3);
    assert_int_equal(y->key_mark.column, 3);
    assert_int_equal(y->mark.column, 7);
    assert_string_equal(rw_node_path(y, path, sizeof path), "\xC3\xA9.b.1.c");
}

static void what_is_no_json_is_refused_where_it_stands(void **state) {
    (void)state;
    const struct {
        const char *text, *place, *says;
    } wrong[] = {
        {"", "d.json: ", "the file is empty"},
        {" \n\t", "d.json: ", "the file is empty"},
        {"{\"a\": 1", "d.json:1:8: ", "this is not JSON: parse error: premature EOF"},
        {"{\"a\": 1,}", "d.json:1:9: ", "this is not JSON: parse error"},
        {"{'a': 1}", "d.json:1:2: ", "this is not JSON: lexical error: invalid char in json text"},
        {"{\n\"a\": NaN}", "d.json:2:6: ", "this is not JSON: lexical error"},
        {"{\"a\": 1} x", "d.json:1:10: ", "this is not JSON"},
        {"{\"a\": 01}", "d.json:1:8: ", "this is not JSON"},
        {"{\"a\": \"\\u0000\"}", "d.json:1:7: ", "a NUL character inside text"},
        {"[\"\\ud83d\"]", "d.json:1:2: ", "half a character"},
        {"[\"\\ud83d\\u0041\"]", "d.json:1:2: ", "half a character"},
        {"[1, \"\\ude00\"]", "d.json:1:5: ", "half a character"},
        {"[\"\xC0\x80\"]", "d.json:1:3: ", "byte 0xc0 is not UTF-8 text"},
        {"{\"a\": 1, \"a\": 2}", "d.json:1:10: a: ", "this key is here twice"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        (void)parse(wrong[k].text);
        assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
        const char *message = rw_error_message();
        if (strncmp(message, wrong[k].place, strlen(wrong[k].place)) != 0 || strstr(message, wrong[k].says) == NULL)
            fail_msg("case %zu: %s", k, message);
    }
}

static void depth_is_limited(void **state) {
    (void)state;
    char text[128] = "";
    memset(text, '[', RW_DOCUMENT_MAX_DEPTH);
    memset(text + RW_DOCUMENT_MAX_DEPTH, ']', RW_DOCUMENT_MAX_DEPTH);
    assert_non_null(parse(text));
    memset(text, '[', RW_DOCUMENT_MAX_DEPTH + 1);
    assert_null(parse(text));
    assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "levels of maps and lists"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_stay_the_texts_that_they_are, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(escapes_become_characters, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_key_may_be_long, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(values_and_keys_know_their_place, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_is_no_json_is_refused_where_it_stands, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(depth_is_limited, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

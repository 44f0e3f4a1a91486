/* Documents keep what was written and where; diagnostics come in order, cut to fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "config/document.h"

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
    assert_ok(rw_document_parse(&root, arena, &diagnostics, "d.yaml", text, strlen(text)));
    return root;
}

static void scalars_stay_as_they_were_written(void **state) {
    (void)state;
    const rw_node *root = parse("a: no\nb: 012\nc: '1e-3'\nd: ~\ne: \"~\"\nf:\ng: |\n  two\n  lines\n");
    assert_ok(rw_diagnostics_result(&diagnostics));
    assert_string_equal(rw_node_get(root, "a")->text, "no");
    assert_string_equal(rw_node_get(root, "b")->text, "012");
    assert_true(rw_node_get(root, "c")->quoted);
    assert_false(rw_node_get(root, "b")->quoted);
    assert_true(rw_node_is_null(rw_node_get(root, "d")));
    assert_false(rw_node_is_null(rw_node_get(root, "e")));
    assert_true(rw_node_is_null(rw_node_get(root, "f")));
    assert_string_equal(rw_node_get(root, "g")->text, "two\nlines\n");
    assert_null(rw_node_get(root, "h"));
    assert_null(rw_node_get(NULL, "a"));
}

static void nodes_know_their_place_and_path(void **state) {
    (void)state;
    char path[64];
    const rw_node *root = parse("a: 1\n\xC3\xA9: {b: [x,\n  {c: y}]}\n");
    const rw_node *list = rw_node_get(rw_node_get(root, "\xC3\xA9"), "b");
    const rw_node *y = rw_node_get(list->last, "c");
    assert_int_equal(list->count, 2);
    assert_int_equal(y->mark.line, 3);
    assert_int_equal(y->mark.column, 7);
    assert_int_equal(y->key_mark.column, 4);
    assert_int_equal(list->mark.column, 8); /* characters, not bytes */
    assert_string_equal(rw_node_path(y, path, sizeof path), "\xC3\xA9.b.1.c");
    assert_string_equal(rw_node_path(root, path, sizeof path), "");
    assert_string_equal(rw_node_path(y, path, 5), "\xC3\xA9.b");
}

static void depth_and_number_of_values_are_limited(void **state) {
    (void)state;
    char text[128] = "";
    memset(text, '[', RW_DOCUMENT_MAX_DEPTH);
    memset(text + RW_DOCUMENT_MAX_DEPTH, ']', RW_DOCUMENT_MAX_DEPTH);
    assert_non_null(parse(text));
    assert_ok(rw_diagnostics_result(&diagnostics));
    memset(text, '[', RW_DOCUMENT_MAX_DEPTH + 1);
    memset(text + RW_DOCUMENT_MAX_DEPTH + 1, ']', RW_DOCUMENT_MAX_DEPTH + 1);
    assert_null(parse(text));
    assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
    char *many = malloc(2 * RW_DOCUMENT_MAX_NODES + 8);
    assert_non_null(many);
    memset(many, ',', 2 * RW_DOCUMENT_MAX_NODES);
    for (size_t k = 0; k < 2 * RW_DOCUMENT_MAX_NODES; k += 2)
        many[k] = k == 0 ? '[' : '1';
    memcpy(many + 2 * RW_DOCUMENT_MAX_NODES, "1,1]", 5);
    many[1] = ' ';
    diagnostics = (rw_diagnostics){0};
    assert_null(parse(many));
    assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
    free(many);
    assert_non_null(strstr(rw_error_message(), "more than 1048576 values"));
}

static void what_is_no_text_is_refused_where_it_stands(void **state) {
    (void)state;
    const char *wrong[] = {"a: \x01",     "a: \xC0\x80", "a: \xED\xA0\x80", "a: \xF5\x80\x80\x80",
                           "a: \xE2\x82", "a: \x7F"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        diagnostics = (rw_diagnostics){0};
        assert_null(parse(wrong[k]));
        assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
        assert_int_equal(strncmp(rw_error_message(), "d.yaml:1:4: byte 0x", 19), 0);
    }
    diagnostics = (rw_diagnostics){0};
    assert_null(parse("a: \"\\0\""));
    assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
}

static void diagnostics_fit_into_one_message_however_long_their_lines(void **state) {
    (void)state;
    static char text[40000];
    size_t used = 0;
    for (int k = 0; k < 30; k++)
        used += (size_t)sprintf(text + used, "%0600d: \"%0600d\"\n", k, k);
    const rw_node *root = parse(text);
    for (const rw_node *child = root->last; child != NULL; child = child == root->first ? NULL : root->first) {
        for (int k = 0; k < 15; k++)
            rw_node_wrong(&diagnostics, child, "%0900d", k);
    }
    assert_int_equal(diagnostics.count, 30);
    assert_int_equal(rw_diagnostics_result(&diagnostics), RW_ERR_INPUT);
    const char *message = rw_error_message();
    assert_int_equal(strncmp(message, "30 errors:\nd.yaml:1:603: 000", 28), 0); /* the first line first */
    assert_true(strlen(message) < RW_MESSAGE_SIZE - 1);
    assert_non_null(strstr(message, "\nand "));
    assert_int_equal(strcmp(strrchr(message, ' '), " more"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars_stay_as_they_were_written, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(nodes_know_their_place_and_path, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(depth_and_number_of_values_are_limited, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_refused_where_it_stands, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(diagnostics_fit_into_one_message_however_long_their_lines, open_arena,
                                        close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A character of UTF-8 has the length that Unicode gives it; what is none has length 0. */
#include <string.h>

#include "base/utf8.h"
#include "close.h"

static void characters_have_their_length(void **state) {
    (void)state;
    static const char *const characters[] = {"a",
                                             "\x7F",
                                             "\xC2\x80",
                                             "\xC3\xA9",
                                             "\xDF\xBF",
                                             "\xE0\xA0\x80",
                                             "\xE2\x82\xAC",
                                             "\xED\x9F\xBF",
                                             "\xEE\x80\x80",
                                             "\xEF\xBF\xBF",
                                             "\xF0\x90\x80\x80",
                                             "\xF4\x8F\xBF\xBF"};
    for (size_t k = 0; k < sizeof characters / sizeof characters[0]; k++) {
        size_t length = strlen(characters[k]);
        assert_int_equal(rw_utf8_length(characters[k], length), length);
        assert_int_equal(rw_utf8_length(characters[k], length - 1), 0); /* cut off */
    }
}

static void what_is_no_character_has_length_0(void **state) {
    (void)state;
    static const char *const wrong[] = {"\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC3(",
                                        "\xE0\x80\x80",
                                        "\xE0\x9F\xBF",
                                        "\xED\xA0\x80",
                                        "\xE2\x82(",
                                        "\xF0\x80\x80\x80",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xFE",
                                        "\xFF"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++)
        assert_int_equal(rw_utf8_length(wrong[k], strlen(wrong[k])), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_length),
        cmocka_unit_test(what_is_no_character_has_length_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Golden files: texts that a test compares with. With UPDATE_GOLDEN=1 in the environment the test writes them instead,
 * for a person to read what changed before it is committed. */
#ifndef RW_TESTS_GOLDEN_H
#define RW_TESTS_GOLDEN_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the file at `path` contains `text`; prints both if not. With UPDATE_GOLDEN=1: writes the text into the file.
 */
static inline bool golden_file_is(const char *path, const char *text) {
    const char *update = getenv("UPDATE_GOLDEN");
    size_t length = strlen(text);
    FILE *file = fopen(path, update != NULL ? "wb" : "rb");
    if (file == NULL) {
        print_error("%s cannot be opened\n", path);
        return false;
    }
    if (update != NULL) {
        bool written = fwrite(text, 1, length, file) == length;
        return fclose(file) == 0 && written;
    }
    char *expected = calloc(length + 2, 1); /* one byte more than the text shows a longer file */
    assert_non_null(expected);
    size_t n = fread(expected, 1, length + 1, file);
    (void)fclose(file);
    bool equal = n == length && memcmp(expected, text, length) == 0;
    if (!equal)
        print_error("%s differs; UPDATE_GOLDEN=1 would write\n%s--- instead of\n%s", path, text, expected);
    free(expected);
    return equal;
}

#endif

/* A locale whose decimal point is a comma, made on the spot, since a test machine may have none. */
#ifndef RW_TESTS_COMMA_LOCALE_H
#define RW_TESTS_COMMA_LOCALE_H

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes the decimal point of this process a comma; false if the system cannot make such a locale. */
static inline bool enter_comma_locale(void) {
    char folder[] = "/tmp/rewire_locale_XXXXXX";
    char command[512], path[128];
    if (mkdtemp(folder) == NULL)
        return false;
    (void)snprintf(path, sizeof path, "%s/source", folder);
    FILE *source = fopen(path, "w");
    if (source == NULL)
        return false;
    (void)fputs("LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n", source);
    (void)fclose(source);
    (void)snprintf(command, sizeof command, "localedef -c -i %s/source %s/comma >%s/log 2>&1", folder, folder, folder);
    (void)(system(command) + 0); /* it warns about everything but numbers; setlocale below tells */
    (void)setenv("LOCPATH", folder, 1);
    char *chosen = setlocale(LC_NUMERIC, "comma");
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    (void)(system(command) + 0);
    (void)unsetenv("LOCPATH");
    return chosen != NULL && strcmp(localeconv()->decimal_point, ",") == 0;
}

/* The same; without such a locale the test is skipped, or fails where every tool is required. */
static inline void need_comma_locale(void) {
    if (enter_comma_locale())
        return;
    const char *required = getenv("REWIRE_REQUIRE_TOOLS");
    if (required != NULL && strcmp(required, "0") != 0)
        fail_msg("localedef (Debian: libc-bin) makes no locale, and REWIRE_REQUIRE_TOOLS asks for every tool");
    skip();
}

static inline void leave_comma_locale(void) {
    (void)setlocale(LC_ALL, "C");
}

#endif

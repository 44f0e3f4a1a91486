#include "config/number.h"

#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const char *skip_digits(const char *at) {
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

/* The end of a decimal number [+-] digits [. digits] [e [+-] digits], or NULL. */
static const char *number_end(const char *text) {
    const char *start = text + (*text == '+' || *text == '-');
    const char *end = skip_digits(start);
    size_t digits = (size_t)(end - start);
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        digits += (size_t)(end - fraction);
    }
    if (digits == 0)
        return NULL;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1 + (end[1] == '+' || end[1] == '-');
        if (skip_digits(exponent) > exponent)
            end = skip_digits(exponent);
    }
    return end;
}

/* The C locale costs nothing to make: the C library holds it ready. */
static locale_t enter_c_locale(locale_t *c_locale) {
    *c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return *c_locale != (locale_t)0 ? uselocale(*c_locale) : (locale_t)0;
}

static void leave_c_locale(locale_t c_locale, locale_t before) {
    if (c_locale == (locale_t)0)
        return;
    (void)uselocale(before);
    freelocale(c_locale);
}

const char *rw_number_parse(const char *text, double *value) {
    const char *end = number_end(text);
    if (end == NULL)
        return NULL;
    char *stop = NULL;
    locale_t c_locale, before = enter_c_locale(&c_locale);
    *value = strtod(text, &stop);
    leave_c_locale(c_locale, before);
    return stop == end && isfinite(*value) ? end : NULL;
}

const char *rw_number_print(char text[RW_NUMBER_SIZE], double value) {
    locale_t c_locale, before = enter_c_locale(&c_locale);
    if (value == rint(value) && fabs(value) < 1e15) {
        (void)snprintf(text, RW_NUMBER_SIZE, "%.0f", value);
    } else {
        for (int digits = 1; digits <= 17; digits++) {
            (void)snprintf(text, RW_NUMBER_SIZE, "%.*g", digits, value);
            if (strtod(text, NULL) == value)
                break;
        }
    }
    leave_c_locale(c_locale, before);
    return text;
}

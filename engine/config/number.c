#include "config/number.h"

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

rw_c_locale rw_c_locale_enter(void) {
    rw_c_locale entered = {.c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (entered.c != (locale_t)0)
        entered.before = uselocale(entered.c);
    return entered;
}

void rw_c_locale_leave(rw_c_locale locale) {
    if (locale.c == (locale_t)0)
        return;
    (void)uselocale(locale.before);
    freelocale(locale.c);
}

const char *rw_number_parse(const char *text, double *value) {
    const char *end = number_end(text);
    if (end == NULL)
        return NULL;
    char *stop = NULL;
    rw_c_locale c_locale = rw_c_locale_enter();
    *value = strtod(text, &stop);
    rw_c_locale_leave(c_locale);
    return stop == end && isfinite(*value) ? end : NULL;
}

const char *rw_number_print(char text[RW_NUMBER_SIZE], double value) {
    rw_c_locale c_locale = rw_c_locale_enter();
    if (value == rint(value) && fabs(value) < 1e15) {
        (void)snprintf(text, RW_NUMBER_SIZE, "%.0f", value);
    } else {
        for (int digits = 1; digits <= 17; digits++) {
            (void)snprintf(text, RW_NUMBER_SIZE, "%.*g", digits, value);
            if (strtod(text, NULL) == value)
                break;
        }
    }
    rw_c_locale_leave(c_locale);
    return text;
}

double rw_number_tidy(double value) {
    double scale = 1.0;
    for (int digits = 0; digits < 13; digits++) {
        double decimal = round(value * scale) / scale;
        if (fabs(decimal - value) <= 1e-14 * fabs(value))
            return decimal;
        scale *= 10.0;
    }
    return value;
}

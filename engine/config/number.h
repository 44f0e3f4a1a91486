/* Decimal numbers as text, the same in every locale: the decimal point is a point. */
#ifndef RW_CONFIG_NUMBER_H
#define RW_CONFIG_NUMBER_H

#include <locale.h>

/* The C locale, entered and left by one thread around calls of libraries that read or print numbers. */
typedef struct {
    locale_t c, before;
} rw_c_locale;

/* Enters the C locale; it costs little, since the C library holds it ready. */
rw_c_locale rw_c_locale_enter(void);

/* Goes back to the locale before. */
void rw_c_locale_leave(rw_c_locale locale);

/* A buffer for a printed number. */
#define RW_NUMBER_SIZE 32

/* Reads a plain decimal number at the beginning of `text` and returns what follows it; NULL if there is none or it is
 * too large. Neither inf, nan nor hexadecimal. */
const char *rw_number_parse(const char *text, double *value);

/* Prints the shortest decimal number that reads back as `value` (finite) and returns `text`. */
const char *rw_number_print(char text[RW_NUMBER_SIZE], double value);

/* The decimal number of fewest digits that is as good as equal: 0.3 for 3 x 0.1 = 0.30000000000000004. */
double rw_number_tidy(double value);

#endif

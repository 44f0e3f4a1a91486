/* Decimal numbers as text, the same in every locale: the decimal point is a point. */
#ifndef RW_CONFIG_NUMBER_H
#define RW_CONFIG_NUMBER_H

/* Room for a printed number. */
#define RW_NUMBER_SIZE 32

/* Reads a plain decimal number at the beginning of `text` and returns what follows it; NULL if there is none or it is
 * too large. Neither inf, nan nor hexadecimal. */
const char *rw_number_parse(const char *text, double *value);

/* Prints the shortest decimal number that reads back as `value` (finite) and returns `text`. */
const char *rw_number_print(char text[RW_NUMBER_SIZE], double value);

#endif

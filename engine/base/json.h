/* Writes JSON that is always valid: strings are escaped, bytes that are no UTF-8 replaced, NaN and infinity null.
 *
 * Failures of the file stay in its error flag (ferror), which the caller checks once at the end. */
#ifndef RW_BASE_JSON_H
#define RW_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *file;
    unsigned depth;
    bool filled; /* the innermost object or array has an entry already */
} rw_json;

/* Every function takes the key of the entry, or NULL inside an array and at the top. */

/* Opens an object. */
void rw_json_open_object(rw_json *json, const char *key);

/* Opens an array. */
void rw_json_open_array(rw_json *json, const char *key);

/* Closes the innermost object; the outermost one ends with a line break. */
void rw_json_close_object(rw_json *json);

/* Closes the innermost array; the outermost one ends with a line break. */
void rw_json_close_array(rw_json *json);

/* A string; NULL is written as null. */
void rw_json_text(rw_json *json, const char *key, const char *value);

/* A number with the fewest digits, 15 to 17, that reads back to the same double. */
void rw_json_number(rw_json *json, const char *key, double value);

/* A whole number. */
void rw_json_integer(rw_json *json, const char *key, uint64_t value);

/* true or false. */
void rw_json_truth(rw_json *json, const char *key, bool value);

/* A value that is JSON already. */
void rw_json_raw(rw_json *json, const char *key, const char *value);

#endif

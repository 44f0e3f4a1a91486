#include "config/units.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <udunits2.h>

#include "base/memory.h"
#include "config/number.h"

enum { UNIT_LENGTH = 32, CACHE_SIZE = 64 };

/* value in `to` = value in `from` x multiply / divide; one of the two is 1, so that decimal factors are exact. */
typedef struct {
    char from[UNIT_LENGTH + 1], to[UNIT_LENGTH + 1];
    double multiply, divide;
} scale;

struct rw_units {
    ut_system *system;
    scale cache[CACHE_SIZE]; /* a table has the same units in every row */
    size_t n_cached, next;
};

/* What a unit measures, for messages. */
static const struct {
    const char *unit, *kind, *example;
} quantities[] = {
    {"ms", "a time", "1.5 ms"},
    {"mV", "a voltage", "-65 mV"},
    {"nS", "a conductance", "0.5 nS"},
    {"pA", "a current", "100 pA"},
    {"pF", "a capacitance", "250 pF"},
    {"um", "a length", "200 um"},
    {"Hz", "a rate", "8 Hz"},
    {"1/ms", "a rate", "1e-4 /ms"},
    {"mmol/l", "a concentration", "1 mM"},
    {"1", "a number without a unit", "0.5"},
};

const char *rw_units_quantity(const char *unit) {
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++)
        if (strcmp(quantities[k].unit, unit) == 0)
            return quantities[k].kind;
    return NULL;
}

static ut_status add_symbol(ut_system *system, const char *symbol, const char *meaning) {
    ut_unit *unit = ut_parse(system, meaning, UT_ASCII);
    ut_status status = unit != NULL ? ut_map_symbol_to_unit(symbol, UT_ASCII, unit) : ut_get_status();
    ut_free(unit);
    return status;
}

rw_err rw_units_create(rw_units **units) {
    RW_TRY(RW_NEW(*units, 1, "units"));
    (void)ut_set_error_message_handler(ut_ignore); /* the messages of this file are more precise */
    rw_c_locale c_locale = rw_c_locale_enter();    /* UDUNITS reads its numbers by the locale */
    (*units)->system = ut_read_xml(NULL);
    bool complete = (*units)->system != NULL && add_symbol((*units)->system, "M", "mol/l") == UT_SUCCESS &&
                    add_symbol((*units)->system, "spikes", "1") == UT_SUCCESS;
    rw_c_locale_leave(c_locale);
    if (!complete) {
        rw_units_destroy(units);
        return rw_fail(RW_ERR_SYSTEM,
                       "UDUNITS-2 cannot read its unit database (status %d): install libudunits2-data, or "
                       "set UDUNITS2_XML_PATH to its file udunits2.xml",
                       (int)ut_get_status());
    }
    return RW_OK;
}

void rw_units_destroy(rw_units **units) {
    if (*units == NULL)
        return;
    ut_free_system((*units)->system);
    rw_free(*units);
    *units = NULL;
}

/* Whether what stands at `k` could hide a number: digits are only exponents ("s-1", "m2", "s**-1"), and a point only
 * stands between units ("l.h-1"), so "5 2 ms", "5 ms*1000" and "5 ms.2" are no quantities. */
static bool may_hide_number(const char *text, size_t k) {
    const unsigned char before = k > 0 ? (unsigned char)text[k - 1] : ' ', after = (unsigned char)text[k + 1];
    if (text[k] == '.')
        return !isalnum(before) || isdigit(after) || !(isalpha(after) || after >= 0x80);
    if (!isdigit((unsigned char)text[k]))
        return false;
    const bool is_power = before == '*' && k > 1 && text[k - 2] == '*';
    return k == 0 || !(isalnum(before) || before == '^' || before == '-' || is_power);
}

/* Turns our spelling into UDUNITS': "/ms" is "1/ms", "per ms" "1 per ms". NULL if it is too long or could hide a
 * number. */
static ut_unit *parse_unit(const rw_units *units, const char *unit) {
    char text[UNIT_LENGTH + 4];
    if (strlen(unit) > UNIT_LENGTH || strpbrk(unit, ",@#") != NULL)
        return NULL;
    (void)snprintf(text, sizeof text, "%s%s", unit[0] == '/' ? "1" : strncmp(unit, "per ", 4) == 0 ? "1 " : "", unit);
    bool reciprocal = strncmp(text, "1/", 2) == 0 || strncmp(text, "1 per ", 6) == 0 || strcmp(text, "1") == 0;
    for (size_t k = reciprocal ? 1 : 0; text[k] != '\0'; k++)
        if (may_hide_number(text, k))
            return NULL;
    rw_c_locale c_locale = rw_c_locale_enter();
    ut_unit *parsed = ut_parse(units->system, text, UT_UTF8);
    rw_c_locale_leave(c_locale);
    return parsed;
}

bool rw_units_knows(rw_units *units, const char *unit) {
    ut_unit *parsed = parse_unit(units, unit);
    ut_free(parsed);
    return parsed != NULL;
}

/* Factors between decimal units are whole numbers or one over a whole number, but UDUNITS computes 999.9999999999999.
 */
static void set_factor(scale *found, double factor) {
    found->multiply = factor;
    found->divide = 1.0;
    double whole = factor >= 1.0 ? round(factor) : round(1.0 / factor);
    double computed = factor >= 1.0 ? factor : 1.0 / factor;
    if (fabs(computed - whole) > 1e-12 * whole)
        return;
    found->multiply = factor >= 1.0 ? whole : 1.0;
    found->divide = factor >= 1.0 ? 1.0 : whole;
}

/* UDUNITS counts angles as numbers: a turn a minute would be 2 pi / 60 Hz. Nothing here is an angle. */
static bool is_angle(const ut_unit *unit) {
    char definition[256] = "";
    (void)ut_format(unit, definition, sizeof definition, UT_ASCII | UT_DEFINITION);
    return strstr(definition, "rad") != NULL;
}

typedef enum { FOUND, UNKNOWN_UNIT, OTHER_DIMENSION } outcome;

static outcome compute_scale(rw_units *units, const char *from, const char *to, scale *found) {
    ut_unit *given = parse_unit(units, from), *wanted = parse_unit(units, to);
    cv_converter *converter =
        given != NULL && wanted != NULL && !is_angle(given) ? ut_get_converter(given, wanted) : NULL;
    outcome result = given == NULL ? UNKNOWN_UNIT : OTHER_DIMENSION;
    /* an offset or a logarithm (ms from 5, lg(re 1 mV)) cannot be used here */
    if (converter != NULL && cv_convert_double(converter, 0.0) == 0.0 && cv_convert_double(converter, 1.0) > 0.0) {
        set_factor(found, cv_convert_double(converter, 1.0));
        result = FOUND;
    }
    cv_free(converter);
    ut_free(given);
    ut_free(wanted);
    return result;
}

/* The factor from one unit to another, or NULL and why there is none. */
static const scale *find_scale(rw_units *units, const char *from, const char *to, outcome *why) {
    for (size_t k = 0; k < units->n_cached; k++) {
        if (strcmp(units->cache[k].from, from) == 0 && strcmp(units->cache[k].to, to) == 0)
            return &units->cache[k];
    }
    scale computed = {0};
    *why = compute_scale(units, from, to, &computed);
    if (*why != FOUND)
        return NULL;
    (void)snprintf(computed.from, sizeof computed.from, "%s", from);
    (void)snprintf(computed.to, sizeof computed.to, "%s", to);
    scale *place = &units->cache[units->next++ % CACHE_SIZE];
    units->n_cached = units->n_cached < CACHE_SIZE ? units->n_cached + 1 : CACHE_SIZE;
    *place = computed;
    return place;
}

/* Copies the unit behind a number, without spaces around it; false if it is too long. */
static bool copy_unit(const char *rest, char *unit) {
    rest += strspn(rest, " \t");
    size_t length = strlen(rest);
    while (length > 0 && (rest[length - 1] == ' ' || rest[length - 1] == '\t'))
        length--;
    if (length > UNIT_LENGTH)
        return false;
    memcpy(unit, rest, length);
    unit[length] = '\0';
    return true;
}

/* What a unit measures. */
static const char *kind_of(rw_units *units, const char *given) {
    scale unused;
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++) {
        if (compute_scale(units, given[0] != '\0' ? given : "1", quantities[k].unit, &unused) == FOUND)
            return quantities[k].kind;
    }
    return "of another kind";
}

/* Puts "<what is wrong>; expected a time, for example "1.5 ms"" into problem. */
RW_PRINTF(4, 5)
static bool refuse(char *problem, size_t size, const char *unit, const char *format, ...) {
    char cause[160];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(cause, sizeof cause, format, arguments);
    va_end(arguments);
    for (size_t k = 0; k < sizeof quantities / sizeof quantities[0]; k++) {
        if (strcmp(quantities[k].unit, unit) == 0) {
            (void)snprintf(problem, size, "%s; expected %s, for example %s", cause, quantities[k].kind,
                           quantities[k].example);
            return false;
        }
    }
    (void)snprintf(problem, size, "%s; expected a quantity in %s, for example 1 %s", cause, unit, unit);
    return false;
}

bool rw_units_parse(rw_units *units, const char *text, const char *unit, double *value, char *problem, size_t size) {
    double number = 0.0;
    char given[UNIT_LENGTH + 1];
    const char *rest = rw_number_parse(text, &number);
    if (rest == NULL)
        return refuse(problem, size, unit, "\"%.60s\" is not a number%s", text,
                      strpbrk(text, "0123456789") == text ? " that fits (about 1e308 is the largest)" : "");
    if (*rest == ',')
        return refuse(problem, size, unit, "\"%.60s\" has a comma; write a decimal point", text);
    if (!copy_unit(rest, given))
        return refuse(problem, size, unit, "\"%.60s\" has no unit behind its number that could be read", text);
    bool plain = strcmp(unit, "1") == 0;
    if (given[0] == '\0' && !plain)
        return refuse(problem, size, unit, "\"%.60s\" lacks a unit", text);
    outcome why = FOUND;
    const scale *found = find_scale(units, given[0] == '\0' ? "1" : given, unit, &why);
    if (found == NULL && why == UNKNOWN_UNIT)
        return refuse(problem, size, unit, "\"%.60s\": there is no unit \"%s\"", text, given);
    if (found == NULL)
        return refuse(problem, size, unit, "\"%.60s\" is %s", text, kind_of(units, given));
    *value = number * found->multiply / found->divide;
    if (!isfinite(*value))
        return refuse(problem, size, unit, "\"%.60s\" is too large", text);
    return true;
}

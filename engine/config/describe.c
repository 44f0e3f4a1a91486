#include "config/describe.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "config/number.h"
#include "config/units.h"
#include "model/registry.h"

RW_PRINTF(2, 3) static void add(char text[RW_DESCRIPTION_SIZE], const char *format, ...) {
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text + used, RW_DESCRIPTION_SIZE - used, format, arguments);
    va_end(arguments);
}

/* A limit with its unit; large powers of ten as 1e9. */
static void add_limit(char text[RW_DESCRIPTION_SIZE], const char *before, double limit, const char *unit) {
    char number[RW_NUMBER_SIZE];
    bool plain = strcmp(unit, "1") == 0;
    int power = fabs(limit) >= 1e5 ? (int)lround(log10(fabs(limit))) : 0;
    if (power > 0 && fabs(limit) == pow(10.0, power))
        (void)snprintf(number, sizeof number, "%s1e%d", limit < 0.0 ? "-" : "", power);
    else
        (void)rw_number_print(number, limit);
    add(text, "%s%s%s%s", before, number, plain ? "" : " ", plain ? "" : unit);
}

/* ", 0.0001 ms to 100 ms"; limits that are never reached are left out. */
static void add_range(char text[RW_DESCRIPTION_SIZE], const rw_entry *entry) {
    const double far = 1e12;
    bool has_min = entry->min > -far, has_max = entry->max < far;
    if (entry->unit == NULL || (entry->min == 0.0 && entry->max == 0.0))
        return;
    if (has_min && has_max) {
        add_limit(text, ", ", entry->min, entry->unit);
        add_limit(text, " to ", entry->max, entry->unit);
    } else if (has_min) {
        add_limit(text, ", at least ", entry->min, entry->unit);
    }
}

static void add_quantity(char text[RW_DESCRIPTION_SIZE], const rw_entry *entry) {
    const char *measured = entry->unit != NULL ? rw_units_quantity(entry->unit) : "a weight";
    if (measured != NULL)
        add(text, "%s", measured);
    else
        add(text, "a quantity in %s", entry->unit);
    add_range(text, entry);
}

static void add_words(char text[RW_DESCRIPTION_SIZE], const rw_entry *entry) {
    for (size_t k = 0; k < entry->n_words; k++)
        add(text, "%s`%s`", k == 0 ? "" : k + 1 < entry->n_words ? ", " : " or ", entry->words[k]);
}

/* What a kind is, where the words are the same for every entry of it. */
static const char *const kinds[] = {
    [RW_KIND_FLAG] = "`true` or `false`",
    [RW_KIND_TEXT] = "text",
    [RW_KIND_NAME] = "a name",
    [RW_KIND_TIME] = "a time, a multiple of the step",
    [RW_KIND_TIMES] = "a list of times",
    [RW_KIND_LENGTHS] = "a list of lengths",
    [RW_KIND_SELECTION] = "a selection of cells",
    [RW_KIND_POPULATION] = "a population",
    [RW_KIND_PROJECTIONS] = "a projection, or a list of them",
    [RW_KIND_PLACES] = "a population, a projection, or a list of them",
    [RW_KIND_SIGNAL] = "a signal, or `none`",
    [RW_KIND_SHARES] = "a map of receptors or ports and their shares: `{ampa: 1, nmda: 0.4}`",
    [RW_KIND_SETTINGS] = "a map of the model's parameters and initial states",
    [RW_KIND_MAP] = "a map",
    [RW_KIND_LIST] = "a list of maps",
    [RW_KIND_NAMED] = "a map of maps by name",
    [RW_KIND_OTHER] = "as it says",
};

const char *rw_describe_value(const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]) {
    text[0] = '\0';
    if (entry->form != NULL && entry->kind != RW_KIND_MAP) {
        add(text, "%s", entry->form);
        return text;
    }
    switch (entry->kind) {
    case RW_KIND_QUANTITY:
        add_quantity(text, entry);
        break;
    case RW_KIND_DISTRIBUTION:
        add_quantity(text, entry);
        add(text, "; or a distribution");
        break;
    case RW_KIND_COURSE:
        add_quantity(text, entry);
        add(text, "; or a course%s", entry->per_cell ? " or distribution" : "");
        break;
    case RW_KIND_INTEGER:
        add(text, "a whole number, %llu to %llu", (unsigned long long)entry->least, (unsigned long long)entry->most);
        break;
    case RW_KIND_CHOICE:
        add_words(text, entry);
        break;
    case RW_KIND_MODEL:
        add(text, "%s %s model", strchr("aeiou", rw_kind_name(entry->model_kind)[0]) != NULL ? "an" : "a",
            rw_kind_name(entry->model_kind));
        break;
    case RW_KIND_MODELS:
        add(text, "a map of %s models and their parameters", rw_kind_name(entry->model_kind));
        break;
    default:
        add(text, "%s", kinds[entry->kind]);
        break;
    }
    if (entry->none)
        add(text, ", or `none`");
    return text;
}

const char *rw_describe_default(const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]) {
    text[0] = '\0';
    if (entry->required)
        add(text, "required");
    else if (entry->default_text != NULL && strcmp(entry->default_text, "{}") == 0)
        add(text, "as if empty");
    else if (entry->default_text != NULL)
        add(text, "`%s`", entry->default_text);
    else if (entry->default_words != NULL)
        add(text, "%s", entry->default_words);
    return text;
}

const char *rw_describe_choices(const rw_key_table *table, const rw_entry *entry, char text[RW_DESCRIPTION_SIZE]) {
    const rw_entry *by = rw_key_table_find(table, table->by);
    text[0] = '\0';
    if (by == NULL || entry->only == 0)
        return NULL;
    for (size_t k = 0; k < by->n_words; k++)
        if (rw_entry_applies(entry, RW_ONLY(k)))
            add(text, "%s%s", text[0] != '\0' ? ", " : "", by->words[k]);
    return text;
}

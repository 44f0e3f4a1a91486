#include "config/key_table_writer.h"

#include <math.h>
#include <string.h>

#include "config/render.h"

/* What is being written. */
typedef struct {
    FILE *out;
    const rw_scenario *scenario;
    int indent; /* of a map that is written in lines */
} writer;

static void write_lines(const writer *w, const rw_key_table *table, const void *object, bool dash);
static void write_flow(const writer *w, const rw_key_table *table, const void *object);

static const void *at(const void *object, size_t offset) {
    return (const char *)object + offset;
}

static size_t count_of(const rw_entry *entry, const void *object) {
    return *(const size_t *)at(object, entry->count_offset);
}

/* The items of a list or map by name. */
static const char *items_of(const rw_entry *entry, const void *object) {
    const char *items = NULL;
    memcpy(&items, at(object, entry->offset), sizeof items); /* a pointer to the items' struct */
    return items;
}

static const rw_population_spec *population_of(const writer *w, const rw_entry *entry, const void *object) {
    return &w->scenario->populations[*(const uint32_t *)at(object, entry->of_offset)];
}

static const char *unit_of(const writer *w, const rw_entry *entry, const void *object) {
    return entry->quantity != NULL ? entry->quantity(w->scenario, object, false).unit : entry->unit;
}

static unsigned choice_of(const rw_entry *entry, const void *object) {
    unsigned value = 0;
    memcpy(&value, at(object, entry->offset), sizeof value); /* an enumeration */
    return value;
}

static bool flag_of(const rw_entry *entry, const void *object) {
    return entry->offset == SIZE_MAX || *(const bool *)at(object, entry->offset);
}

/* Whether there is anything to write under a key that may be left out. */
static bool is_said(const rw_entry *entry, const void *object) {
    const void *value = entry->offset != SIZE_MAX ? at(object, entry->offset) : NULL;
    switch (entry->kind) {
    case RW_KIND_QUANTITY:
        return *(const double *)value != entry->default_number;
    case RW_KIND_TIME:
        return *(const uint64_t *)value > 0;
    case RW_KIND_TEXT:
    case RW_KIND_NAME:
        return *(const char *const *)value != NULL;
    case RW_KIND_SIGNAL:
        return *(const rw_signal_spec *const *)value != NULL;
    case RW_KIND_PROJECTIONS:
        return *(const bool *const *)value != NULL;
    case RW_KIND_MODEL:
        return *(const rw_model *const *)value != NULL;
    case RW_KIND_COURSE:
        return ((const rw_schedule *)value)->count > 0;
    case RW_KIND_TIMES:
    case RW_KIND_MODELS:
        return count_of(entry, object) > 0;
    case RW_KIND_MAP:
        return flag_of(entry, object);
    default:
        return true;
    }
}

/* Whether the resolved scenario has a key. */
static bool is_shown(const writer *w, const rw_key_table *table, const rw_entry *entry, const void *object) {
    if (entry->kind == RW_KIND_INLINE)
        return false;
    const rw_entry *by = rw_key_table_find(table, table->by);
    if (by != NULL && !rw_entry_applies(entry, RW_ONLY(choice_of(by, object))))
        return false;
    if (entry->shown != NULL && !entry->none)
        return entry->shown(w->scenario, object);
    return entry->required || entry->none || entry->default_text != NULL || is_said(entry, object);
}

/* Whether a map that may be none is. */
static bool is_none(const writer *w, const rw_entry *entry, const void *object) {
    return entry->kind == RW_KIND_MAP && entry->none &&
           !(entry->shown != NULL ? entry->shown(w->scenario, object) : flag_of(entry, object));
}

/* Whether a value is written in lines below its key. */
static bool is_block(const writer *w, const rw_entry *entry, const void *object) {
    switch (entry->kind) {
    case RW_KIND_SETTINGS:
    case RW_KIND_MODELS:
        return true;
    case RW_KIND_MAP:
        return !entry->table->flow && !is_none(w, entry, object);
    case RW_KIND_LIST:
    case RW_KIND_NAMED:
        return count_of(entry, object) > 0;
    default:
        return false;
    }
}

static void write_quantity(const writer *w, const rw_entry *entry, const void *object) {
    double number = *(const double *)at(object, entry->offset);
    if (entry->none && number == 0.0)
        (void)fputs("none", w->out);
    else
        rw_render_number(w->out, number, unit_of(w, entry, object));
}

static void write_times(const writer *w, const rw_entry *entry, const void *object) {
    const uint64_t *steps = *(const uint64_t *const *)at(object, entry->offset);
    size_t count = count_of(entry, object);
    if (entry->none && count == 0) {
        (void)fputs("none", w->out);
        return;
    }
    (void)fputc('[', w->out);
    for (size_t k = 0; k < count; k++) {
        (void)fputs(k > 0 ? ", " : "", w->out);
        rw_render_steps(w->out, w->scenario->step_ms, steps[k]);
    }
    (void)fputc(']', w->out);
}

/* A value on the line of its key. */
static void write_value(const writer *w, const rw_entry *entry, const void *object) {
    const rw_scenario *scenario = w->scenario;
    const void *value = entry->offset != SIZE_MAX ? at(object, entry->offset) : NULL;
    if (entry->write != NULL) {
        entry->write(w->out, scenario, object);
        return;
    }
    switch (entry->kind) {
    case RW_KIND_QUANTITY:
        write_quantity(w, entry, object);
        break;
    case RW_KIND_INTEGER:
        (void)fprintf(w->out, "%llu", (unsigned long long)*(const uint64_t *)value);
        break;
    case RW_KIND_FLAG:
        (void)fputs(*(const bool *)value ? "true" : "false", w->out);
        break;
    case RW_KIND_TEXT:
    case RW_KIND_NAME:
        rw_render_text(w->out, *(const char *const *)value);
        break;
    case RW_KIND_CHOICE:
        (void)fputs(entry->words[choice_of(entry, object)], w->out);
        break;
    case RW_KIND_TIME:
        rw_render_steps(w->out, scenario->step_ms, *(const uint64_t *)value);
        break;
    case RW_KIND_TIMES:
        write_times(w, entry, object);
        break;
    case RW_KIND_DISTRIBUTION:
        rw_render_value(w->out, value, unit_of(w, entry, object));
        break;
    case RW_KIND_COURSE:
        rw_render_schedule(w->out, scenario->step_ms, value, unit_of(w, entry, object));
        break;
    case RW_KIND_SELECTION:
        rw_render_selection(w->out, value, population_of(w, entry, object)->count);
        break;
    case RW_KIND_POPULATION:
        rw_render_text(w->out, scenario->populations[*(const uint32_t *)value].name);
        break;
    case RW_KIND_PROJECTIONS:
        rw_render_places(w->out, scenario, &(rw_places){NULL, *(const bool *const *)value});
        break;
    case RW_KIND_PLACES:
        rw_render_places(w->out, scenario, value);
        break;
    case RW_KIND_SIGNAL:
        rw_render_text(w->out, (*(const rw_signal_spec *const *)value)->name);
        break;
    case RW_KIND_SHARES:
        rw_render_shares(w->out, population_of(w, entry, object), *(const rw_share *const *)value,
                         count_of(entry, object));
        break;
    case RW_KIND_MODEL:
        (void)fputs((*(const rw_model *const *)value)->name, w->out);
        break;
    case RW_KIND_MAP:
        if (is_none(w, entry, object))
            (void)fputs("none", w->out);
        else
            write_flow(w, entry->table, object);
        break;
    case RW_KIND_LIST:
        (void)fputs("[]", w->out); /* a list of something is written in lines */
        break;
    case RW_KIND_NAMED:
        (void)fputs("{}", w->out);
        break;
    default:
        break;
    }
}

static void write_settings(const writer *w, const rw_entry *entry, const void *object, int indent) {
    if (entry->write != NULL) {
        entry->write(w->out, w->scenario, object);
        return;
    }
    const rw_model *model = *(const rw_model *const *)at(object, entry->of_offset);
    rw_render_fields(w->out, indent, model, *(const rw_setting *const *)at(object, entry->offset),
                     count_of(entry, object), false);
}

static void write_models(const writer *w, const rw_entry *entry, const void *object) {
    const rw_model_spec *models = *(const rw_model_spec *const *)at(object, entry->offset);
    for (size_t k = 0; k < count_of(entry, object); k++) {
        (void)fprintf(w->out, "%*s%s:\n", w->indent + 2, "", models[k].model->name);
        rw_render_fields(w->out, w->indent + 4, models[k].model, models[k].settings, models[k].n_settings,
                         models[k].by_subunit);
    }
}

static void write_items(const writer *w, const rw_entry *entry, const void *object) {
    const rw_key_table *table = entry->table;
    for (size_t k = 0; k < count_of(entry, object); k++) {
        const char *item = items_of(entry, object) + k * table->item_size;
        writer inner = *w;
        inner.indent += 4;
        (void)fprintf(w->out, "%*s", w->indent + 2, "");
        if (entry->kind == RW_KIND_NAMED) {
            rw_render_text(w->out, *(const char *const *)(item + table->name_offset));
            (void)fputs(table->flow ? ": " : ":\n", w->out);
        } else {
            (void)fputs("- ", w->out);
        }
        if (table->flow) {
            write_flow(&inner, table, item);
            (void)fputc('\n', w->out);
        } else {
            write_lines(&inner, table, item, entry->kind == RW_KIND_LIST);
        }
    }
}

static void write_block(const writer *w, const rw_entry *entry, const void *object) {
    writer inner = *w;
    inner.indent += 2;
    if (entry->kind == RW_KIND_SETTINGS)
        write_settings(w, entry, object, inner.indent);
    else if (entry->kind == RW_KIND_MODELS)
        write_models(w, entry, object);
    else if (entry->kind == RW_KIND_MAP)
        write_lines(&inner, entry->table, object, false);
    else
        write_items(w, entry, object);
}

/* Writes a map in lines; after a dash the first key is on its line. */
static void write_lines(const writer *w, const rw_key_table *table, const void *object, bool dash) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (!is_shown(w, table, entry, object)) {
            if (entry->instead != NULL)
                entry->instead(w->out, w->scenario, object);
            continue;
        }
        if (entry->name == NULL) {
            write_settings(w, entry, object, w->indent);
            continue;
        }
        (void)fprintf(w->out, "%*s%s:", dash ? 0 : w->indent, "", entry->name);
        dash = false;
        if (is_block(w, entry, object)) {
            (void)fputc('\n', w->out);
            write_block(w, entry, object);
        } else {
            (void)fputc(' ', w->out);
            write_value(w, entry, object);
            (void)fputc('\n', w->out);
        }
    }
}

static void write_flow(const writer *w, const rw_key_table *table, const void *object) {
    const char *gap = "";
    (void)fputc('{', w->out);
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (!is_shown(w, table, entry, object))
            continue;
        (void)fprintf(w->out, "%s%s: ", gap, entry->name);
        write_value(w, entry, object);
        gap = ", ";
    }
    (void)fputc('}', w->out);
}

void rw_key_table_write(FILE *out, const rw_scenario *scenario, const rw_key_table *table, const void *object) {
    write_lines(&(writer){out, scenario, 0}, table, object, false);
}

#include "config/key_table_reader.h"

#include <math.h>
#include <string.h>

#include "config/cell_selection.h"
#include "config/distribution.h"
#include "config/model_settings.h"
#include "config/references.h"
#include "config/schedule.h"

enum { MOST_KEYS = 64 }; /* of a table */

static bool is_word(const rw_node *node, const char *word) {
    return node != NULL && node->kind == RW_NODE_SCALAR && strcmp(node->text, word) == 0;
}

static void *at(void *object, size_t offset) {
    return (char *)object + offset;
}

static size_t *count_at(void *object, const rw_entry *entry) {
    return (size_t *)at(object, entry->count_offset);
}

static uint64_t population_count(const rw_reader *r, const rw_entry *entry, void *object) {
    return r->scenario->populations[*(uint32_t *)at(object, entry->of_offset)].count;
}

static rw_quantity quantity_of(const rw_reader *r, const rw_node *node, const rw_entry *entry, const void *object) {
    if (entry->quantity != NULL)
        return entry->quantity(r->scenario, object, node != NULL && rw_is_distribution(node));
    return (rw_quantity){entry->unit, entry->min, entry->max, 0.0};
}

static rw_err read_quantity(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_quantity quantity = quantity_of(r, node, entry, object);
    double *number = at(object, entry->offset);
    if (node == NULL && entry->default_number != 0.0)
        *number = entry->default_number;
    if (node != NULL && quantity.unit != NULL)
        (void)rw_read_number(r, node, quantity, number);
    return RW_OK;
}

static rw_err read_integer(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)rw_read_count(r, node, entry->least, entry->most, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_flag(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)rw_read_flag(r, node, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_text(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    if (rw_read_text(r, node))
        *(const char **)at(object, entry->offset) = node->text;
    return RW_OK;
}

static rw_err read_name(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)rw_read_name(r, node, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_choice(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    unsigned value = 0;
    size_t choice = 0;
    memcpy(&value, at(object, entry->offset), sizeof value); /* an enumeration */
    choice = value;
    if (rw_read_choice(r, node, entry->words, entry->n_words, &choice)) {
        value = (unsigned)choice;
        memcpy(at(object, entry->offset), &value, sizeof value);
    }
    return RW_OK;
}

static rw_err read_time(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)rw_read_steps(r, node, entry->least, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_times(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    return rw_read_times(r, node, at(object, entry->offset), count_at(object, entry));
}

static rw_err read_distribution(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_quantity quantity = quantity_of(r, node, entry, object);
    if (node != NULL && quantity.unit != NULL)
        (void)rw_read_value(r, node, quantity, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_course(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    return rw_read_schedule(r, node, quantity_of(r, node, entry, object), entry->default_text,
                            at(object, entry->offset));
}

static rw_err read_selection(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    return rw_read_selection(r, node, population_count(r, entry, object), at(object, entry->offset));
}

static rw_err read_population(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)rw_read_population(r, node, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_signal(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_read_signal(r, node, at(object, entry->offset));
    return RW_OK;
}

static rw_err read_model(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    if (node != NULL)
        *(const rw_model **)at(object, entry->offset) = rw_read_model(r, node, entry->model_kind);
    return RW_OK;
}

/* Parameters of a model: the keys of a map of their own, or those keys of the map that the table does not have. */
static rw_err read_settings(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_model *model = *(const rw_model **)at(object, entry->of_offset);
    const rw_key_table *others = entry->name == NULL ? entry->table : NULL;
    return node == NULL || model == NULL
               ? RW_OK
               : rw_read_settings(r, node, model, others, at(object, entry->offset), count_at(object, entry));
}

/* A map of keys of the same object. */
static rw_err read_map(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    bool has_flag = entry->offset != SIZE_MAX, is_none = entry->none && is_word(node, "none");
    if (has_flag)
        *(bool *)at(object, entry->offset) = node != NULL && !is_none;
    if (node == NULL || is_none)
        return RW_OK;
    if (entry->none && node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be none or a map, for example %s", entry->form);
        return RW_OK;
    }
    return rw_key_table_read(r, node, entry->table, object);
}

/* Allocates the items of a list or map by name; false after a diagnostic. */
static rw_err make_items(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object, char **items) {
    const rw_key_table *table = entry->table;
    *items = NULL;
    if (entry->kind == RW_KIND_LIST && !rw_read_list(r, node))
        return RW_OK;
    if (entry->kind == RW_KIND_NAMED && node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of %s, not %s", table->name,
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
        return RW_OK;
    }
    if (node->count > entry->most) {
        rw_node_key_wrong(r->diagnostics, node, "%zu %s are too many; at most %llu", node->count, table->name,
                          (unsigned long long)entry->most);
        return RW_OK;
    }
    RW_TRY(rw_arena_allocate(r->arena, items, node->count, table->item_size));
    memcpy(at(object, entry->offset), items, sizeof *items); /* a pointer to the items' struct */
    *count_at(object, entry) = node->count;
    return RW_OK;
}

static rw_err read_items(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    char *items = NULL;
    if (node == NULL)
        return RW_OK;
    RW_TRY(make_items(r, node, entry, object, &items));
    for (const rw_node *child = items != NULL ? node->first : NULL; child != NULL; child = child->next) {
        char *item = items + child->index * entry->table->item_size;
        *(rw_mark *)item = child->key != NULL ? child->key_mark : child->mark;
        if (entry->kind == RW_KIND_NAMED) {
            *(const char **)(item + entry->table->name_offset) = child->key;
            (void)rw_check_name(r, child, child->key);
        }
        RW_TRY(rw_key_table_read(r, child, entry->table, item));
    }
    return RW_OK;
}

static rw_err read_nothing(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    (void)r;
    (void)node;
    (void)entry;
    (void)object;
    return RW_OK;
}

rw_err rw_entry_read_kind(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    static rw_entry_reader *const readers[] = {
        [RW_KIND_QUANTITY] = read_quantity,
        [RW_KIND_INTEGER] = read_integer,
        [RW_KIND_FLAG] = read_flag,
        [RW_KIND_TEXT] = read_text,
        [RW_KIND_NAME] = read_name,
        [RW_KIND_CHOICE] = read_choice,
        [RW_KIND_TIME] = read_time,
        [RW_KIND_TIMES] = read_times,
        [RW_KIND_DISTRIBUTION] = read_distribution,
        [RW_KIND_COURSE] = read_course,
        [RW_KIND_LENGTHS] = read_nothing,
        [RW_KIND_SELECTION] = read_selection,
        [RW_KIND_POPULATION] = read_population,
        [RW_KIND_PROJECTIONS] = read_nothing,
        [RW_KIND_PLACES] = read_nothing,
        [RW_KIND_SIGNAL] = read_signal,
        [RW_KIND_SHARES] = read_nothing,
        [RW_KIND_MODEL] = read_model,
        [RW_KIND_SETTINGS] = read_settings,
        [RW_KIND_MODELS] = read_nothing,
        [RW_KIND_MAP] = read_map,
        [RW_KIND_LIST] = read_items,
        [RW_KIND_NAMED] = read_items,
        [RW_KIND_INLINE] = read_nothing,
        [RW_KIND_OTHER] = read_nothing,
    };
    return readers[entry->kind](r, node, entry, object);
}

/* Whether keys of the map are parameters of a model. */
static bool has_inline_settings(const rw_key_table *table) {
    for (size_t k = 0; k < table->n_entries; k++)
        if (table->entries[k].kind == RW_KIND_SETTINGS && table->entries[k].name == NULL)
            return true;
    return false;
}

static bool is_choice(const rw_key_table *table, const rw_entry *entry) {
    return table->by != NULL && entry->name != NULL && strcmp(entry->name, table->by) == 0;
}

/* Lists the choices for which a key exists: "fixed_indegree or fixed_outdegree". */
static void report_key_of_other_choice(rw_reader *r, const rw_node *child, const rw_key_table *table,
                                       const rw_entry *entry) {
    const rw_entry *by = rw_key_table_find(table, table->by);
    char text[256] = "";
    for (size_t k = 0; k < by->n_words; k++) {
        size_t used = strlen(text);
        if (rw_entry_applies(entry, RW_ONLY(k)))
            (void)snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? " or " : "", by->words[k]);
    }
    rw_node_key_wrong(r->diagnostics, child, "has a meaning only with %s: %s", by->name, text);
}

static void offer_keys(const rw_key_table *table, uint32_t choice, rw_key *keys, size_t *n) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (entry->kind == RW_KIND_INLINE)
            offer_keys(entry->table, UINT32_MAX, keys, n);
        else if (entry->name != NULL && rw_entry_applies(entry, choice) && *n < MOST_KEYS)
            keys[(*n)++] = (rw_key){entry->name, false};
    }
}

/* A map that is being read. */
typedef struct {
    const rw_key_table *table;
    const rw_node *map, *text; /* text: stands for the key `shorthand`, and the map is empty */
    void *object;
    uint32_t choice;
} map_context;

static const rw_node *value_of(const map_context *context, const rw_entry *entry) {
    if (entry->name == NULL)
        return context->map;
    if (context->text != NULL && strcmp(entry->name, context->table->shorthand) == 0)
        return context->text;
    return rw_node_get(context->map, entry->name);
}

/* Names the keys that the table does not have; parameters of models are looked at where they are read. */
static void check_keys(rw_reader *r, const map_context *context) {
    rw_key keys[MOST_KEYS];
    size_t n_keys = 0;
    offer_keys(context->table, context->choice, keys, &n_keys);
    for (const rw_node *child = context->map->first; child != NULL; child = child->next) {
        const rw_entry *entry = rw_key_table_find(context->table, child->key);
        if (entry != NULL && !rw_entry_applies(entry, context->choice))
            report_key_of_other_choice(r, child, context->table, entry);
        else if (!rw_key_table_has(context->table, child->key) && !has_inline_settings(context->table) &&
                 (context->table->replaced == NULL || !context->table->replaced(r, child)))
            rw_report_unknown_key(r, child, keys, n_keys);
    }
}

static bool is_missing(const map_context *context, const rw_entry *entry) {
    return entry->required && rw_entry_applies(entry, context->choice) && value_of(context, entry) == NULL;
}

static void check_required(rw_reader *r, const map_context *context) {
    for (size_t k = 0; k < context->table->n_entries; k++) {
        const rw_entry *entry = &context->table->entries[k];
        const char *hint = entry->missing;
        if (is_missing(context, entry))
            rw_node_key_wrong(r->diagnostics, context->map, "the key \"%s\" is missing%s%s", entry->name,
                              hint != NULL ? ": " : "", hint != NULL ? hint : "");
    }
}

/* The default of a key as a node. */
static rw_node default_node(const map_context *context, const rw_entry *entry) {
    bool is_map = strcmp(entry->default_text, "{}") == 0;
    return (rw_node){.kind = is_map ? RW_NODE_MAP : RW_NODE_SCALAR,
                     .mark = context->map->mark,
                     .key_mark = context->map->key_mark,
                     .text = is_map ? NULL : entry->default_text,
                     .key = entry->name,
                     .parent = (rw_node *)(uintptr_t)context->map}; /* only to say where it is */
}

/* Reads one key, or its default. */
static rw_err read_entry(rw_reader *r, const map_context *context, const rw_entry *entry) {
    const rw_node *node = value_of(context, entry);
    const size_t before = r->diagnostics->count;
    bool said = node != NULL;
    rw_node default_value;
    if (!said && entry->required)
        return RW_OK;
    if (!said && entry->default_text != NULL) {
        default_value = default_node(context, entry);
        node = &default_value;
    }
    r->map = context->map;
    if (entry->none && entry->kind == RW_KIND_QUANTITY && is_word(node, "none"))
        *(double *)at(context->object, entry->offset) = 0.0;
    else if (!entry->none || entry->kind == RW_KIND_MAP || !is_word(node, "none"))
        RW_TRY((entry->read != NULL ? entry->read : rw_entry_read_kind)(r, node, entry, context->object));
    r->map = context->map;
    if (entry->check != NULL && r->diagnostics->count == before)
        entry->check(r, said ? node : NULL, context->object);
    return RW_OK;
}

static rw_err read_entries(rw_reader *r, const map_context *context) {
    bool decided = true;
    for (size_t k = 0; k < context->table->n_entries; k++) {
        const rw_entry *entry = &context->table->entries[k];
        const size_t before = r->diagnostics->count;
        if (!rw_entry_applies(entry, context->choice) || (entry->depends && !decided) ||
            is_choice(context->table, entry))
            continue;
        RW_TRY(read_entry(r, context, entry));
        decided = decided && !(entry->decides && (is_missing(context, entry) || r->diagnostics->count > before));
    }
    return RW_OK;
}

/* Reads the key that says which others there are; *known: it is right. */
static rw_err read_choice_of_keys(rw_reader *r, map_context *context, bool *known) {
    const rw_entry *by = rw_key_table_find(context->table, context->table->by);
    const size_t before = r->diagnostics->count;
    *known = true;
    context->choice = UINT32_MAX;
    if (by == NULL)
        return RW_OK;
    RW_TRY(read_entry(r, context, by));
    *known = value_of(context, by) != NULL && r->diagnostics->count == before;
    unsigned value = 0; /* of an enumeration */
    memcpy(&value, at(context->object, by->offset), sizeof value);
    context->choice = *known ? RW_ONLY(value) : 0;
    return RW_OK;
}

rw_err rw_key_table_read(rw_reader *r, const rw_node *node, const rw_key_table *table, void *object) {
    const size_t before = r->diagnostics->count;
    map_context context = {.table = table, .map = node, .object = object};
    rw_node map;
    bool known = false;
    if (node->kind == RW_NODE_SCALAR && table->shorthand != NULL) {
        map = *node;
        map.kind = RW_NODE_MAP;
        map.first = map.last = NULL;
        context.map = &map;
        context.text = node;
    }
    if (table->begin != NULL)
        table->begin(r, context.map, object);
    if (!rw_read_is_map(r, context.map))
        return RW_OK;
    RW_TRY(read_choice_of_keys(r, &context, &known));
    if (known)
        check_keys(r, &context);
    check_required(r, &context);
    if (known)
        RW_TRY(read_entries(r, &context));
    return table->finish != NULL && r->diagnostics->count == before ? table->finish(r, context.map, object) : RW_OK;
}

#include "config/branch_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "config/branch_times.h"
#include "config/key_table.h"
#include "config/scenario_table.h"
#include "model/registry.h"

/* The comparison. Nodes of the parent may be NULL: only the branch has them. */
typedef struct {
    const rw_scenario *branch;
    const char *parent; /* the file of the parent's scenario */
    uint64_t step;
    rw_diagnostics *diagnostics;
} comparison;

static void compare_tables(const comparison *c, const rw_key_table *table, const rw_node *old, const rw_node *new);

static rw_branch_begin begin_of(const comparison *c) {
    const rw_scenario *scenario = c->branch;
    return (rw_branch_begin){(double)c->step * scenario->step_ms, 0.25 * scenario->step_ms};
}

RW_PRINTF(3, 4) static void refuse(const comparison *c, const rw_node *node, const char *format, ...) {
    char path[192], message[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rw_diagnostics_add(c->diagnostics, (rw_mark){0}, rw_node_path(node, path, sizeof path),
                       "%s (the branch begins at %.12g ms)", message, (double)c->step * c->branch->step_ms);
}

static void refuse_initial(const comparison *c, const rw_node *old, const rw_node *new) {
    if (old != NULL && old->kind == RW_NODE_SCALAR)
        refuse(c, new, "acts at the start of a run only: leave it at %.100s, or start a run with it", old->text);
    else
        refuse(
            c, new != NULL ? new : old,
            "acts at the start of a run only: leave it as the parent's scenario.yaml has it, or start a run with it");
}

/* ---- initial states ---- */

static void compare_states(const comparison *c, const rw_model *model, const rw_node *old, const rw_node *new) {
    for (size_t k = 0; model != NULL && k < model->n_fields; k++) {
        if (model->fields[k].role != RW_STATE)
            continue;
        const rw_node *before = rw_node_get(old, model->fields[k].name), *now = rw_node_get(new, model->fields[k].name);
        if (!rw_node_equal(before, now))
            refuse_initial(c, before, now);
    }
}

/* The states of a model that both have; that of a map is under the key that says which. */
static void compare_settings(const comparison *c, const rw_key_table *table, const rw_entry *entry, const rw_node *old,
                             const rw_node *new) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *says = &table->entries[k];
        const rw_node *name = rw_node_get(new, says->name != NULL ? says->name : "");
        if (says->kind != RW_KIND_MODEL || says->offset != entry->of_offset || name == NULL ||
            !rw_node_equal(rw_node_get(old, says->name), name))
            continue;
        compare_states(c, rw_registry_find(says->model_kind, name->text),
                       entry->name != NULL ? rw_node_get(old, entry->name) : old,
                       entry->name != NULL ? rw_node_get(new, entry->name) : new);
    }
}

static void compare_models(const comparison *c, const rw_entry *entry, const rw_node *old, const rw_node *new) {
    for (const rw_node *now = new != NULL ? new->first : NULL; now != NULL; now = now->next) {
        const rw_node *before = rw_node_get(old, now->key);
        if (before != NULL)
            compare_states(c, rw_registry_find(entry->model_kind, now->key), before, now);
    }
}

/* ---- what has an end ---- */

static bool is_behind(const comparison *c, const rw_key_table *table, const rw_node *map) {
    return map != NULL && rw_time_is_behind(rw_node_get(map, table->ends), begin_of(c));
}

/* What lies behind and is not as it was; `node` is in the parent's scenario or in the branch's. */
static void refuse_past(const comparison *c, const rw_key_table *table, const rw_node *node, bool is_new) {
    refuse(c, node, "lies behind the branch, its time `%s` being %.40s: it cannot act any more, nor be undone; %s",
           table->ends, rw_node_get(node, table->ends)->text,
           is_new ? "give it a later time, or leave it out" : "leave it as the parent's scenario.yaml has it");
}

static void compare_ending_map(const comparison *c, const rw_key_table *table, const rw_node *old, const rw_node *new) {
    bool acts = (old != NULL && !is_behind(c, table, old)) || (new != NULL && !is_behind(c, table, new));
    if (!acts && !rw_node_equal(old, new))
        refuse_past(c, table, new != NULL ? new : old, old == NULL);
}

static bool holds(const rw_node *list, const rw_node *item) {
    const rw_node *other = list != NULL ? list->first : NULL;
    while (other != NULL && !rw_node_equal(other, item))
        other = other->next;
    return other != NULL;
}

static const rw_node *item_at(const rw_node *list, uint32_t index) {
    const rw_node *item = list != NULL ? list->first : NULL;
    while (item != NULL && item->index != index)
        item = item->next;
    return item;
}

/* Every item that lies behind is in both lists. */
static void compare_ending_items(const comparison *c, const rw_key_table *table, const rw_node *old,
                                 const rw_node *new) {
    for (const rw_node *before = old != NULL ? old->first : NULL; before != NULL; before = before->next)
        if (is_behind(c, table, before) && !holds(new, before))
            refuse_past(c, table, before, false);
    for (const rw_node *now = new != NULL ? new->first : NULL; now != NULL; now = now->next) {
        const rw_node *before = item_at(old, now->index);
        bool told = before != NULL && is_behind(c, table, before) && !holds(new, before);
        if (is_behind(c, table, now) && !holds(old, now) && !told)
            refuse_past(c, table, now, true);
    }
}

/* ---- values in time ---- */

static void compare_courses(const comparison *c, const rw_node *old, const rw_node *new) {
    if (!rw_node_equal(old, new) && rw_courses_agree(old, new, begin_of(c)))
        refuse(c, new,
               "differs from the parent's only in what lies behind the branch, which cannot act any more; change it "
               "after that time, or leave it as the parent's scenario.yaml has it");
}

static void compare_times(const comparison *c, const rw_entry *entry, const rw_node *old_map, const rw_node *new_map) {
    const rw_node *old = rw_node_get(old_map, entry->name), *new = rw_node_get(new_map, entry->name);
    const rw_branch_begin begin = begin_of(c);
    double lasts_ms = entry->lasts != NULL ? rw_node_number(rw_node_get(new_map, entry->lasts)) : 0.0;
    double lasted_ms = entry->lasts != NULL ? rw_node_number(rw_node_get(old_map, entry->lasts)) : 0.0;
    const rw_node *added = rw_time_only_behind(new, old, begin, lasts_ms);
    const rw_node *left_out = rw_time_only_behind(old, new, begin, lasted_ms);
    if (added != NULL)
        refuse(c, added, "%.40s lies behind the branch and cannot act any more; leave it out", added->text);
    else if (entry->lasts != NULL && new != NULL && left_out != NULL)
        refuse(c, new, "%.40s lies behind the branch and cannot be undone; leave it in the list", left_out->text);
}

/* ---- the walk ---- */

/* The counterpart of an item: by name, or by its first key, which says what it is about. `expected` is the item after
 * the last one found, with which the search begins. */
static const rw_node *find_item(const rw_node *list, const rw_node **expected, const rw_node *item) {
    for (size_t k = 0; list != NULL && k < list->count; k++) {
        const rw_node *other = *expected != NULL ? *expected : list->first;
        *expected = other->next;
        bool found = item->key != NULL ? other->key != NULL && strcmp(item->key, other->key) == 0
                                       : other->kind == RW_NODE_MAP && rw_node_equal(item->first, other->first);
        if (found)
            return other;
    }
    return NULL;
}

static void compare_items(const comparison *c, const rw_key_table *table, const rw_node *old, const rw_node *new) {
    const rw_node *expected = NULL;
    for (const rw_node *item = new != NULL ? new->first : NULL; item != NULL; item = item->next) {
        const rw_node *before = find_item(old, &expected, item);
        compare_tables(c, table, before, item);
    }
}

/* Whether both name one file: a result names its own files from its folder, the branch by their full paths. */
static bool is_same_file(const comparison *c, const rw_node *old, const rw_node *new) {
    const char *slash = strrchr(c->parent, '/');
    if (old->kind != RW_NODE_SCALAR || new->kind != RW_NODE_SCALAR || old->text[0] == '/' || slash == NULL ||
        strlen(c->parent) + strlen(old->text) >= sizeof(rw_path))
        return false;
    char *before = realpath(rw_path_of("%.*s/%s", (int)(slash - c->parent), c->parent, old->text).text, NULL);
    char *now = realpath(new->text, NULL);
    bool same = before != NULL && now != NULL && strcmp(before, now) == 0;
    free(before);
    free(now);
    return same;
}

static void compare_initial(const comparison *c, const rw_entry *entry, const rw_node *old, const rw_node *new) {
    rw_branch_begin begin = begin_of(c);
    if (old == NULL || new == NULL || rw_node_equal(old, new) || (entry->is_file && is_same_file(c, old, new)))
        return;
    if (entry->kind != RW_KIND_TIME)
        refuse_initial(c, old, new);
    else if (rw_time_is_behind(old, begin) && rw_time_is_behind(new, begin))
        refuse(c, new, "%.40s lies behind the branch, which counts from its beginning; leave it at %.40s", new->text,
               old->text);
}

/* Whether the key beside which an entry is initial is in the map, or in that which contains it. */
static bool is_beside(const rw_entry *entry, const rw_node *map) {
    return entry->beside == NULL || rw_node_get(map, entry->beside) != NULL ||
           (map != NULL && rw_node_get(map->parent, entry->beside) != NULL);
}

static void compare_entry(const comparison *c, const rw_key_table *table, const rw_entry *entry, const rw_node *old_map,
                          const rw_node *new_map) { /* NOLINT(misc-no-recursion): tables are nested a few deep */
    const char *key = entry->name != NULL ? entry->name : "";
    const rw_node *old = rw_node_get(old_map, key), *new = rw_node_get(new_map, key);
    bool ends = entry->table != NULL && entry->table->ends != NULL;
    if (entry->initial && is_beside(entry, new_map))
        compare_initial(c, entry, old, new);
    switch (entry->kind) {
    case RW_KIND_SETTINGS:
        compare_settings(c, table, entry, old_map, new_map);
        break;
    case RW_KIND_MODELS:
        compare_models(c, entry, old, new);
        break;
    case RW_KIND_COURSE:
        compare_courses(c, old, new);
        break;
    case RW_KIND_TIMES:
        if (entry->moments)
            compare_times(c, entry, old_map, new_map);
        break;
    case RW_KIND_MAP:
        (ends ? compare_ending_map : compare_tables)(c, entry->table, old, new);
        break;
    case RW_KIND_LIST:
    case RW_KIND_NAMED:
        (ends ? compare_ending_items : compare_items)(c, entry->table, old, new);
        break;
    default:
        break;
    }
}

static void compare_tables(const comparison *c, const rw_key_table *table, const rw_node *old, const rw_node *new) {
    for (size_t k = 0; k < table->n_entries; k++) {
        const rw_entry *entry = &table->entries[k];
        if (entry->kind == RW_KIND_INLINE)
            compare_tables(c, entry->table, old, new);
        else
            compare_entry(c, table, entry, old, new);
    }
}

static rw_err compare(const rw_scenario *branch, const char *parent, uint64_t step, rw_arena *arena) {
    const rw_node *old = NULL, *new = NULL;
    rw_diagnostics *diagnostics = NULL;
    RW_TRY(rw_document_read(&old, arena, parent));
    RW_TRY(RW_ARENA_NEW(arena, diagnostics, 1));
    RW_TRY(rw_document_parse(&new, arena, diagnostics, "scenario.yaml", branch->resolved_text,
                             strlen(branch->resolved_text)));
    if (diagnostics->count == 0)
        compare_tables(&(comparison){branch, parent, step, diagnostics}, &rw_scenario_table, old, new);
    return rw_diagnostics_result(diagnostics);
}

rw_err rw_branch_check(const rw_scenario *branch, const char *parent, uint64_t step) {
    rw_arena *arena = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = compare(branch, parent, step, arena);
    rw_arena_destroy(&arena);
    return err;
}

#include "io/sonata/sonata_in_sets.h"

#include <inttypes.h>
#include <string.h>

#include "base/nearest.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"

enum { MAX_LOOKUPS = 1000 };

/* The cells found so far; all of one population. */
typedef struct {
    size_t population; /* SIZE_MAX: none yet */
    bool *member;
    int lookups;
} members;

static rw_err enter_population(rw_sonata_reader *reader, const rw_node *node, const char *name, members *set) {
    size_t p = rw_sonata_population_find(reader->scenario, name);
    if (p == SIZE_MAX)
        return rw_sonata_json_wrong(reader, node, "there is no population '%s' in the circuit", name);
    if (set->population != SIZE_MAX && set->population != p)
        return rw_sonata_json_wrong(reader, node,
                                    "the node set spans populations '%s' and '%s'; only one is possible here",
                                    reader->scenario->populations[set->population].name, name);
    if (set->population == SIZE_MAX)
        RW_TRY(RW_ARENA_NEW(reader->arena, set->member, reader->scenario->populations[p].count));
    set->population = p;
    return RW_OK;
}

/* ---- rules: every key of a map must hold ---- */

static rw_err keep_ids(rw_sonata_reader *reader, const rw_node *rule, uint64_t count, bool *holds) {
    bool *listed = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, listed, count));
    const rw_node *item = rule->kind == RW_NODE_LIST ? rule->first : rule;
    for (; item != NULL; item = rule->kind == RW_NODE_LIST ? item->next : NULL) {
        uint64_t id;
        RW_TRY(rw_sonata_json_integer(reader, item, &id));
        if (id >= count)
            return rw_sonata_json_wrong(reader, item, "node %" PRIu64 " does not exist; the population has %" PRIu64,
                                        id, count);
        listed[id] = true;
    }
    for (uint64_t i = 0; i < count; i++)
        holds[i] = holds[i] && listed[i];
    return RW_OK;
}

static bool accepts(const rw_node *rule, const char *cell) {
    if (cell == NULL || rule->kind == RW_NODE_MAP)
        return false;
    if (rule->kind == RW_NODE_SCALAR)
        return strcmp(rule->text, cell) == 0;
    for (const rw_node *item = rule->first; item != NULL; item = item->next) {
        if (item->kind == RW_NODE_SCALAR && strcmp(item->text, cell) == 0)
            return true;
    }
    return false;
}

/* Keeps the cells whose node type says `rule` in column rule->key. */
static rw_err keep_types(rw_sonata_reader *reader, const rw_node *rule, size_t population, bool *holds) {
    const rw_sonata_population *of = &reader->populations[population];
    bool known = false;
    for (size_t k = 0; k < of->types.n_columns; k++)
        known = known || strcmp(of->types.columns[k], rule->key) == 0;
    if (!known)
        return rw_sonata_json_wrong(
            reader, rule,
            "%s has no column '%s'; node sets go by population, node_id and columns of the node "
            "types",
            of->types.file, rule->key);
    bool *accepted = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, accepted, of->types.n_rows));
    for (size_t row = 0; row < of->types.n_rows; row++)
        accepted[row] = accepts(rule, rw_sonata_table_cell(&of->types, row, rule->key));
    for (uint64_t i = 0; i < reader->scenario->populations[population].count; i++)
        holds[i] = holds[i] && accepted[of->type_row[i]];
    return RW_OK;
}

static rw_err add_rule(rw_sonata_reader *reader, const rw_node *map, members *set) {
    const rw_node *population;
    RW_TRY(rw_sonata_json_need(reader, map, "population", RW_NODE_SCALAR, &population));
    RW_TRY(enter_population(reader, population, population->text, set));
    RW_ASSERT(set->member != NULL);
    uint64_t count = reader->scenario->populations[set->population].count;
    bool *holds = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, holds, count));
    memset(holds, true, count);
    for (const rw_node *rule = map->first; rule != NULL; rule = rule->next) {
        if (strcmp(rule->key, "node_id") == 0)
            RW_TRY(keep_ids(reader, rule, count, holds));
        else if (rule != population)
            RW_TRY(keep_types(reader, rule, set->population, holds));
    }
    for (uint64_t i = 0; i < count; i++)
        set->member[i] = set->member[i] || holds[i];
    return RW_OK;
}

/* ---- names and lists ---- */

static rw_err unknown_set(rw_sonata_reader *reader, const rw_node *node) {
    enum { MOST = 256 };
    const char *names[MOST];
    size_t n = 0;
    const rw_node *sets = reader->node_sets.root;
    for (const rw_node *set = sets != NULL ? sets->first : NULL; set != NULL && n < MOST; set = set->next)
        names[n++] = set->key;
    for (size_t p = 0; p < reader->scenario->n_populations && n < MOST; p++)
        names[n++] = reader->scenario->populations[p].name;
    const char *meant = rw_nearest(node->text, names, n);
    return rw_sonata_json_wrong(reader, node, "there is no node set or population '%s'%s%s%s", node->text,
                                meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "",
                                meant != NULL ? "'?" : "");
}

static rw_err add_members(rw_sonata_reader *reader, const rw_node *node, members *set) {
    if (++set->lookups > MAX_LOOKUPS)
        return rw_sonata_json_wrong(reader, node, "node sets refer to each other in a circle");
    if (node->kind == RW_NODE_MAP)
        return add_rule(reader, node, set);
    if (node->kind == RW_NODE_LIST) {
        for (const rw_node *item = node->first; item != NULL; item = item->next)
            RW_TRY(add_members(reader, item, set));
        return RW_OK;
    }
    const rw_node *named = rw_node_get(reader->node_sets.root, node->text);
    if (named != NULL && named->kind != RW_NODE_SCALAR)
        return add_members(reader, named, set);
    if (rw_sonata_population_find(reader->scenario, node->text) == SIZE_MAX)
        return unknown_set(reader, node);
    RW_TRY(enter_population(reader, node, node->text, set));
    RW_ASSERT(set->member != NULL);
    memset(set->member, true, reader->scenario->populations[set->population].count);
    return RW_OK;
}

static rw_err select_members(rw_arena *arena, const members *set, uint64_t count, rw_selection *selection) {
    uint64_t n = 0, k = 0, *ids = NULL;
    for (uint64_t i = 0; i < count; i++)
        n += set->member[i];
    *selection = (rw_selection){.kind = RW_SELECT_ALL, .count = n};
    if (n == count)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(arena, ids, n));
    for (uint64_t i = 0; i < count; i++) {
        if (set->member[i])
            ids[k++] = i;
    }
    selection->kind = RW_SELECT_IDS;
    selection->ids = ids;
    return RW_OK;
}

rw_err rw_sonata_node_set(rw_sonata_reader *reader, const rw_node *node, size_t *population, rw_selection *selection) {
    members set = {.population = SIZE_MAX};
    RW_TRY(add_members(reader, node, &set));
    if (set.population == SIZE_MAX)
        return rw_sonata_json_wrong(reader, node, "the node set is empty");
    *population = set.population;
    RW_TRY(select_members(reader->arena, &set, reader->scenario->populations[set.population].count, selection));
    if (selection->count == 0)
        return rw_sonata_json_wrong(reader, node, "the node set is empty");
    return RW_OK;
}

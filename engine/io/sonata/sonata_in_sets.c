#include "io/sonata/sonata_in_sets.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <regex.h>
#include <string.h>

#include "base/count.h"
#include "base/nearest.h"
#include "io/sonata/sonata_in_config.h"
#include "io/sonata/sonata_in_nodes.h"
#include "io/sonata/sonata_in_table.h"
#include "io/sonata/sonata_reader.h"

enum { MAX_LOOKUPS = 1000 };

/* The cells found so far, of every population. */
typedef struct {
    bool **member; /* [n_populations][count] */
    int lookups;
} members;

/* ---- rules: every key of a map must hold ---- */

/* A rule for one population: which of its cells are left. */
typedef struct {
    size_t population;
    uint64_t count;
    bool *holds; /* [count] */
} rule_state;

static const rw_node *first_of(const rw_node *list_or_one) {
    return list_or_one->kind == RW_NODE_LIST ? list_or_one->first : list_or_one;
}

static const rw_node *next_of(const rw_node *list_or_one, const rw_node *item) {
    return list_or_one->kind == RW_NODE_LIST ? item->next : NULL;
}

/* Keeps the cells with these numbers. Only a population that the rule names must have all of them. */
static rw_err keep_ids(rw_sonata_reader *reader, const rw_node *rule, bool named, rule_state *state) {
    bool *listed = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, listed, state->count));
    for (const rw_node *item = first_of(rule); item != NULL; item = next_of(rule, item)) {
        uint64_t id;
        RW_TRY(rw_sonata_json_integer(reader, item, &id));
        if (id < state->count)
            listed[id] = true;
        else if (named)
            return rw_sonata_json_wrong(reader, item, "node %" PRIu64 " does not exist; the population has %" PRIu64,
                                        id, state->count);
    }
    for (uint64_t i = 0; i < state->count; i++)
        state->holds[i] = state->holds[i] && listed[i];
    return RW_OK;
}

/* Whether an attribute's value is the one that a rule gives. */
static bool equals(const rw_node *value, const char *text, double number) {
    double wanted;
    if (value->kind != RW_NODE_SCALAR)
        return false;
    if (text != NULL && strcmp(value->text, text) == 0)
        return true;
    if (!rw_sonata_number(value->text, &wanted) || value->quoted)
        return false;
    return text != NULL ? rw_sonata_number(text, &number) && number == wanted : number == wanted;
}

/* {"$gt": 5, "$lte": 10}: limits of a number, which must all hold. */
static rw_err within_limits(rw_sonata_reader *reader, const rw_node *limits, const char *text, double number,
                            bool *within) {
    *within = text != NULL ? rw_sonata_number(text, &number) : !isnan(number);
    for (const rw_node *limit = limits->first; limit != NULL; limit = limit->next) {
        static const char *const names[] = {"$gt", "$gte", "$lt", "$lte"};
        double bound;
        size_t k = 0;
        while (k < RW_COUNT(names) && strcmp(names[k], limit->key) != 0)
            k++;
        if (k == RW_COUNT(names))
            return rw_sonata_json_wrong(
                reader, limit, "the limits of a node set are $gt, $gte, $lt and $lte, and $regex stands alone");
        RW_TRY(rw_sonata_json_number(reader, limit, &bound));
        const bool holds[] = {number > bound, number >= bound, number < bound, number <= bound};
        *within = *within && holds[k];
    }
    return RW_OK;
}

static rw_err accepts(rw_sonata_reader *reader, const rw_node *rule, const char *text, double number, bool *accepted) {
    *accepted = false;
    if (rule->kind == RW_NODE_MAP)
        return within_limits(reader, rule, text, number, accepted);
    for (const rw_node *item = first_of(rule); item != NULL; item = next_of(rule, item))
        *accepted = *accepted || equals(item, text, number);
    return RW_OK;
}

/* What POSIX and ECMAScript, the form of other readers, read alike; and nothing that would take long. */
static bool is_plain_expression(const char *text) {
    size_t length = strlen(text);
    for (const char *at = text; *at != '\0'; at++) {
        bool quantified = at > text && strchr("*+?", at[-1]) != NULL && strchr("*+?", *at) != NULL;
        if (*at == '{' || quantified || (*at == '(' && at[1] == '?'))
            return false;
        if (*at == '\\' && (isalnum((unsigned char)at[1]) || *++at == '\0'))
            return false;
    }
    return length > 0 && length <= 200;
}

/* {"$regex": "^L4"}: a part of the text matches. */
static rw_err keep_matching(rw_sonata_reader *reader, const rw_node *expression, const char *attribute,
                            rule_state *state) {
    regex_t compiled;
    if (expression->kind != RW_NODE_SCALAR || !is_plain_expression(expression->text) ||
        regcomp(&compiled, expression->text, REG_EXTENDED | REG_NOSUB) != 0)
        return rw_sonata_json_wrong(
            reader, expression,
            "$regex is an extended regular expression of at most 200 bytes, without {}, without "
            "\\ before a letter or digit, and without (?");
    for (uint64_t i = 0; i < state->count; i++) {
        const char *text;
        double number;
        rw_sonata_node_attribute(&reader->populations[state->population], i, attribute, &text, &number);
        state->holds[i] = state->holds[i] && text != NULL && regexec(&compiled, text, 0, NULL, 0) == 0;
    }
    regfree(&compiled);
    return RW_OK;
}

static bool has_attribute(const rw_sonata_population *of, const char *name) {
    for (size_t k = 0; k < of->types.n_columns; k++) {
        if (strcmp(of->types.columns[k], name) == 0)
            return true;
    }
    for (size_t k = 0; k < of->n_attributes; k++) {
        if (strcmp(of->attributes[k].name, name) == 0)
            return true;
    }
    return false;
}

/* Keeps the cells whose attribute rule->key is as the rule says. */
static rw_err keep_attribute(rw_sonata_reader *reader, const rw_node *rule, bool named, rule_state *state) {
    const rw_sonata_population *of = &reader->populations[state->population];
    bool known = has_attribute(of, rule->key);
    for (size_t p = 0; p < reader->scenario->n_populations && !named && !known; p++)
        known = has_attribute(&reader->populations[p], rule->key);
    if (!known)
        return rw_sonata_json_wrong(
            reader, rule,
            "%s has no column '%s', and %s no dataset of this name; node sets go by population, "
            "node_id, and attributes of nodes and node types",
            of->types.file, rule->key, of->file);
    const rw_node *expression = rule->kind == RW_NODE_MAP && rule->count == 1 ? rw_node_get(rule, "$regex") : NULL;
    if (expression != NULL)
        return keep_matching(reader, expression, rule->key, state);
    for (uint64_t i = 0; i < state->count; i++) {
        const char *text;
        double number;
        bool accepted;
        rw_sonata_node_attribute(of, i, rule->key, &text, &number);
        RW_TRY(accepts(reader, rule, text, number, &accepted));
        state->holds[i] = state->holds[i] && accepted;
    }
    return RW_OK;
}

static bool is_population_key(const char *key) {
    return strcmp(key, "population") == 0 || strcmp(key, "populations") == 0;
}

/* Adds the cells of one population for which the rule holds. */
static rw_err add_cells(rw_sonata_reader *reader, const rw_node *map, size_t population, bool named, members *set) {
    rule_state state = {.population = population, .count = reader->scenario->populations[population].count};
    RW_TRY(RW_ARENA_NEW(reader->arena, state.holds, state.count));
    memset(state.holds, true, state.count);
    for (const rw_node *rule = map->first; rule != NULL; rule = rule->next) {
        if (is_population_key(rule->key))
            continue;
        bool by_id = strcmp(rule->key, "node_id") == 0 || strcmp(rule->key, "node_ids") == 0;
        RW_TRY((by_id ? keep_ids : keep_attribute)(reader, rule, named, &state));
    }
    for (uint64_t i = 0; i < state.count; i++)
        set->member[population][i] = set->member[population][i] || state.holds[i];
    return RW_OK;
}

static rw_err add_rule(rw_sonata_reader *reader, const rw_node *map, members *set) {
    const rw_node *populations = rw_node_get(map, "population");
    if (populations == NULL)
        populations = rw_node_get(map, "populations");
    for (size_t p = 0; populations == NULL && p < reader->scenario->n_populations; p++)
        RW_TRY(add_cells(reader, map, p, false, set));
    const rw_node *item = populations != NULL ? first_of(populations) : NULL;
    for (; item != NULL; item = next_of(populations, item)) {
        size_t p = item->kind == RW_NODE_SCALAR ? rw_sonata_population_find(reader->scenario, item->text) : SIZE_MAX;
        if (p == SIZE_MAX)
            return rw_sonata_json_wrong(reader, item, "there is no population '%s' in the circuit",
                                        item->kind == RW_NODE_SCALAR ? item->text : rw_node_kind_name(item));
        RW_TRY(add_cells(reader, map, p, true, set));
    }
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
    size_t p = rw_sonata_population_find(reader->scenario, node->text);
    bool all = p == SIZE_MAX && strcmp(node->text, "all") == 0;
    if (p == SIZE_MAX && !all)
        return unknown_set(reader, node);
    for (size_t k = 0; k < reader->scenario->n_populations; k++)
        memset(set->member[k], true, all || k == p ? reader->scenario->populations[k].count : 0);
    return RW_OK;
}

static rw_err select_members(rw_arena *arena, const bool *member, uint64_t count, rw_selection *selection) {
    uint64_t n = 0, k = 0, *ids = NULL;
    for (uint64_t i = 0; i < count; i++)
        n += member[i];
    *selection = (rw_selection){.kind = RW_SELECT_ALL, .count = n};
    if (n == count)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(arena, ids, n));
    for (uint64_t i = 0; i < count; i++) {
        if (member[i])
            ids[k++] = i;
    }
    selection->kind = RW_SELECT_IDS;
    selection->ids = ids;
    return RW_OK;
}

rw_err rw_sonata_node_set(rw_sonata_reader *reader, const rw_node *node, const rw_sonata_part **parts, size_t *n) {
    const rw_scenario *scenario = reader->scenario;
    members set = {0};
    rw_sonata_part *list = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, set.member, scenario->n_populations));
    RW_TRY(RW_ARENA_NEW(reader->arena, list, scenario->n_populations));
    for (size_t p = 0; p < scenario->n_populations; p++)
        RW_TRY(RW_ARENA_NEW(reader->arena, set.member[p], scenario->populations[p].count));
    RW_TRY(add_members(reader, node, &set));
    *n = 0;
    for (size_t p = 0; p < scenario->n_populations; p++) {
        rw_sonata_part *part = &list[*n];
        part->population = p;
        RW_TRY(select_members(reader->arena, set.member[p], scenario->populations[p].count, &part->cells));
        *n += part->cells.count > 0;
    }
    if (*n == 0)
        return rw_sonata_json_wrong(reader, node, "the node set is empty");
    *parts = list;
    return RW_OK;
}

#include "study/sweep/plan_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes as YAML text ---- */

static void print_scalar(FILE *out, const rw_node *node, bool nested) {
    if (!node->quoted && !(nested && strpbrk(node->text, ",[]{}\"#") != NULL)) {
        (void)fputs(node->text, out);
        return;
    }
    (void)fputc('"', out);
    for (const char *c = node->text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            (void)fputc('\\', out);
        (void)fputs(*c == '\n' ? "\\n" : *c == '\t' ? "\\t" : (char[]){*c, '\0'}, out);
    }
    (void)fputc('"', out);
}

static void print_node(FILE *out, const rw_node *node, bool nested) {
    if (node->kind == RW_NODE_SCALAR) {
        print_scalar(out, node, nested);
        return;
    }
    const bool map = node->kind == RW_NODE_MAP;
    (void)fputc(map ? '{' : '[', out);
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        if (map)
            (void)fprintf(out, "%s: ", child->key);
        print_node(out, child, true);
        (void)fputs(child->next != NULL ? ", " : "", out);
    }
    (void)fputc(map ? '}' : ']', out);
}

rw_err rw_sweep_plan_node_text(rw_reader *r, const rw_node *node, const char **text) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "not enough memory for a sweep; close other programs");
    print_node(out, node, false);
    rw_err err = fclose(out) == 0 ? rw_arena_string(r->arena, text, buffer)
                                  : rw_fail(RW_ERR_SYSTEM, "not enough memory for a sweep; close other programs");
    free(buffer); /* NOLINT: the C library's own */
    return err;
}

/* ---- numbers that share a unit ---- */

bool rw_sweep_plan_split_number(const char *text, double *number, const char **unit) {
    const char *rest = rw_number_parse(text, number);
    if (rest == NULL)
        return false;
    *unit = rest + strspn(rest, " ");
    return true;
}

bool rw_sweep_plan_read_pair(rw_reader *r, const rw_node *node, double pair[2], const char **unit) {
    const char *units[2] = {"", ""};
    if (!rw_read_list(r, node))
        return false;
    if (node->count != 2 || node->first->kind != RW_NODE_SCALAR || node->last->kind != RW_NODE_SCALAR ||
        !rw_sweep_plan_split_number(node->first->text, &pair[0], &units[0]) ||
        !rw_sweep_plan_split_number(node->last->text, &pair[1], &units[1]) || strcmp(units[0], units[1]) != 0) {
        rw_node_wrong(r->diagnostics, node, "must be two numbers in the same unit, for example [0.1 nS, 0.5 nS]");
        return false;
    }
    *unit = units[0];
    return true;
}

/* ---- keys and overrides ---- */

/* "what sweep.yaml:12 sets" */
static rw_err name_origin(rw_reader *r, const rw_node *node, const char **origin) {
    char text[300];
    (void)snprintf(text, sizeof text, "what %.250s:%u sets", node->mark.file, (unsigned)node->mark.line);
    return rw_arena_string(r->arena, origin, text);
}

rw_err rw_sweep_plan_read_keys(rw_reader *r, const rw_node *node, rw_keys *keys) {
    if (node == NULL)
        return RW_OK;
    const char **names = NULL;
    size_t count = node->kind == RW_NODE_LIST ? node->count : 1;
    RW_TRY(RW_ARENA_NEW(r->arena, names, count));
    const rw_node *first = node->kind == RW_NODE_LIST ? node->first : node;
    for (size_t i = 0; i < count; i++, first = first->next) {
        if (!rw_read_text(r, first))
            return RW_OK;
        names[i] = first->text;
    }
    if (count == 0)
        rw_node_wrong(r->diagnostics, node, "name at least one key of the scenario, for example populations.pyr.count");
    *keys = (rw_keys){.names = names, .count = count};
    return name_origin(r, node, &keys->origin);
}

rw_err rw_sweep_plan_read_set(rw_reader *r, const rw_node *node, const rw_override **set, size_t *n_set) {
    rw_override *list = NULL;
    if (node == NULL || rw_node_is_null(node))
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of scenario keys and values, for example {seed: 2}");
        return RW_OK;
    }
    RW_TRY(RW_ARENA_NEW(r->arena, list, node->count));
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        list[child->index].key = child->key;
        RW_TRY(name_origin(r, child, &list[child->index].origin));
        RW_TRY(rw_sweep_plan_node_text(r, child, &list[child->index].value));
    }
    *set = list;
    *n_set = node->count;
    return RW_OK;
}

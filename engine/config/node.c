#include "config/node.h"

#include <stdio.h>
#include <string.h>

const rw_node *rw_node_get(const rw_node *map, const char *key) {
    if (map == NULL || map->kind != RW_NODE_MAP)
        return NULL;
    const rw_node *child = map->first;
    while (child != NULL && strcmp(child->key, key) != 0)
        child = child->next;
    return child;
}

bool rw_node_is_null(const rw_node *node) {
    return node->kind == RW_NODE_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const char *rw_node_path(const rw_node *node, char *path, size_t size) {
    path[0] = '\0';
    if (node->parent == NULL)
        return path;
    (void)rw_node_path(node->parent, path, size);
    size_t used = strlen(path);
    const char *dot = used > 0 ? "." : "";
    if (node->key != NULL)
        (void)snprintf(path + used, size - used, "%s%s", dot, node->key);
    else
        (void)snprintf(path + used, size - used, "%s%u", dot, node->index);
    return path;
}

const char *rw_node_kind_name(const rw_node *node) {
    return node->kind == RW_NODE_MAP ? "a map" : node->kind == RW_NODE_LIST ? "a list" : "text";
}

static void add_wrong(rw_diagnostics *diagnostics, const rw_node *node, rw_mark mark, const char *format,
                      va_list arguments) {
    char path[192], message[512];
    (void)vsnprintf(message, sizeof message, format, arguments);
    rw_diagnostics_add(diagnostics, mark, rw_node_path(node, path, sizeof path), "%s", message);
}

void rw_node_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_wrong(diagnostics, node, node->mark, format, arguments);
    va_end(arguments);
}

void rw_node_key_wrong(rw_diagnostics *diagnostics, const rw_node *node, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_wrong(diagnostics, node, node->key != NULL ? node->key_mark : node->mark, format, arguments);
    va_end(arguments);
}

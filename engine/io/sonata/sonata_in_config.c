#include "io/sonata/sonata_in_config.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/count.h"
#include "config/document_json.h"
#include "config/number.h"
#include "io/input_files.h"
#include "io/sonata/sonata_reader.h"

enum { PATH_SIZE = 4096, MAX_REPLACED = 64 };

rw_err rw_sonata_json_wrong(rw_sonata_reader *reader, const rw_node *node, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    rw_node_wrong(reader->diagnostics, node, "%s", message);
    rw_err err = rw_diagnostics_result(reader->diagnostics);
    RW_ASSERT(err != RW_OK);
    return err;
}

/* ---- files and paths ---- */

/* Whether `at` begins with the path component `name`. */
static bool is_component(const char *at, const char *name) {
    size_t length = strlen(name);
    return strncmp(at, name, length) == 0 && (at[length] == '/' || at[length] == '\0');
}

/* Takes "./" and doubled slashes out of a path; ".." stays, because links may make it mean something. */
static void simplify(char *path) {
    bool is_absolute = path[0] == '/';
    char *write = path;
    for (const char *read = path; *read != '\0';) {
        bool starts_component = write == path || write[-1] == '/';
        if (starts_component && is_component(read, "."))
            read += read[1] == '/' ? 2 : 1;
        else if (starts_component && (write > path || !is_absolute) && *read == '/')
            read++;
        else
            *write++ = *read++;
    }
    *write = '\0';
}

rw_err rw_sonata_join(rw_arena *arena, const char *directory, const char *path, const char **joined) {
    size_t size = strlen(directory) + strlen(path) + 1;
    char *text = NULL;
    RW_TRY(RW_ARENA_NEW(arena, text, size));
    (void)snprintf(text, size, "%s%s", path[0] == '/' ? "" : directory, path);
    simplify(text);
    *joined = text;
    return RW_OK;
}

rw_err rw_sonata_directory(rw_arena *arena, const char *path, const char **directory) {
    const char *slash = strrchr(path, '/');
    char *text = NULL;
    size_t length = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    RW_TRY(RW_ARENA_NEW(arena, text, length + 1));
    memcpy(text, path, length);
    *directory = text;
    return RW_OK;
}

rw_err rw_sonata_json_read(rw_sonata_reader *reader, rw_sonata_json *json, const char *path) {
    const char *text;
    size_t length;
    if (json != &reader->main)
        RW_TRY(rw_input_files_add(&reader->scenario->inputs_read, reader->arena, path));
    RW_TRY(rw_document_load(&text, &length, reader->arena, path));
    RW_TRY(rw_document_parse_json(&json->root, reader->arena, reader->diagnostics, path, text, length));
    RW_TRY(rw_diagnostics_result(reader->diagnostics));
    RW_CHECK(json->root != NULL && json->root->kind == RW_NODE_MAP, RW_ERR_INPUT, "%s: is not a JSON object {...}",
             path);
    if (json == &reader->main)
        reader->scenario->source_text = text;
    return rw_sonata_directory(reader->arena, path, &json->directory);
}

/* The manifest variable that `text` begins with (after the $); *length is its name's length. */
static const rw_node *find_variable(const rw_sonata_json *json, const char *text, size_t *length) {
    const rw_node *manifest = rw_node_get(json->root, "manifest");
    *length = 0;
    while (isalnum((unsigned char)text[*length]) || text[*length] == '_')
        (*length)++;
    for (const rw_node *child = manifest != NULL ? manifest->first : NULL; child != NULL; child = child->next) {
        const char *name = child->key != NULL ? child->key : ""; /* a list instead of a map has no keys */
        name += name[0] == '$';
        name += name[0] == '{'; /* ${NAME} is seen as a key, too */
        size_t name_length = strcspn(name, "}");
        if (child->kind == RW_NODE_SCALAR && name_length == *length && strncmp(text, name, *length) == 0)
            return child;
    }
    return NULL;
}

/* The variables that BMTK defines itself: the directory of the configuration and the working directory. */
static rw_err built_in(rw_sonata_reader *reader, const rw_node *node, const char *name, size_t length,
                       const char *before, char *value, bool *found) {
    static const char *const names[] = {"configdir", "workingdir", "configfname", "time", "date", "datetime"};
    size_t k = 0;
    while (k < RW_COUNT(names) && (strlen(names[k]) != length || strncmp(names[k], name, length) != 0))
        k++;
    *found = k < RW_COUNT(names);
    if (!*found)
        return RW_OK;
    if (k > 1)
        return rw_sonata_json_wrong(reader, node, "$%s names another file in every run, so nothing can be read there",
                                    names[k]);
    if (before[0] != '\0')
        return rw_sonata_json_wrong(reader, node, "$%s is a whole directory; a path can only begin with it", names[k]);
    (void)snprintf(value, PATH_SIZE, "."); /* paths begin at the directory of the configuration */
    RW_CHECK(k == 0 || getcwd(value, PATH_SIZE) != NULL, RW_ERR_SYSTEM,
             "the working directory cannot be determined: %s", strerror(errno));
    return RW_OK;
}

static rw_err expand(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node, const char *text,
                     char *out, int *replaced);

/* Appends the value of the variable at `text`, which begins with $; *length is that of the whole reference. */
static rw_err expand_variable(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node,
                              const char *text, char *out, int *replaced, size_t *length) {
    char value[PATH_SIZE];
    size_t name_length;
    bool braces = text[1] == '{', found = false;
    const char *name = text + 1 + braces;
    const rw_node *variable = find_variable(json, name, &name_length);
    *length = 1 + name_length + (braces ? 2 : 0);
    if (variable != NULL && (!braces || name[name_length] == '}'))
        return expand(reader, json, variable, variable->text, out, replaced);
    if (!braces || name[name_length] == '}')
        RW_TRY(built_in(reader, node, name, name_length, out, value, &found));
    if (!found)
        return rw_sonata_json_wrong(reader, node, "%s: the manifest has no such variable", text);
    (void)snprintf(out, PATH_SIZE, "%s", value);
    return RW_OK;
}

/* Appends `text` to out with every $VARIABLE and ${VARIABLE} replaced. */
static rw_err expand(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node, const char *text,
                     char *out, int *replaced) {
    if ((*replaced)++ > MAX_REPLACED)
        return rw_sonata_json_wrong(reader, node, "manifest variables refer to each other in a circle");
    while (*text != '\0') {
        size_t used = strlen(out), length = 1;
        if (used + 1 >= PATH_SIZE)
            return rw_sonata_json_wrong(reader, node, "the path is longer than %d bytes", PATH_SIZE);
        if (*text == '$') {
            RW_TRY(expand_variable(reader, json, node, text, out, replaced, &length));
        } else {
            out[used] = *text;
            out[used + 1] = '\0';
        }
        text += length;
    }
    return RW_OK;
}

rw_err rw_sonata_json_path(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node,
                           const char **path) {
    if (node->kind != RW_NODE_SCALAR || node->text[0] == '\0' || rw_node_is_null(node))
        return rw_sonata_json_wrong(reader, node, "a path is expected");
    char text[PATH_SIZE] = "";
    int replaced = 0;
    RW_TRY(expand(reader, json, node, node->text, text, &replaced));
    return rw_sonata_join(reader->arena, json->directory, text, path);
}

rw_err rw_sonata_component(rw_sonata_reader *reader, const char *directory_key, const char *file, const char **path) {
    const rw_node *directory = rw_node_get(rw_node_get(reader->circuit.root, "components"), directory_key);
    if (directory == NULL)
        return rw_sonata_json_wrong(reader, reader->circuit.root,
                                    "components.%s is missing; it is the directory of %s, which dynamics_params names",
                                    directory_key, file);
    const char *text;
    RW_TRY(rw_sonata_json_path(reader, &reader->circuit, directory, &text));
    size_t length = strlen(text) + 2;
    char *with_slash = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, with_slash, length));
    (void)snprintf(with_slash, length, "%s/", text);
    return rw_sonata_join(reader->arena, with_slash, file, path);
}

/* ---- values ---- */

bool rw_sonata_number(const char *text, double *value) {
    const char *end = rw_number_parse(text, value);
    return end != NULL && *end == '\0' && isfinite(*value);
}

rw_err rw_sonata_json_need(rw_sonata_reader *reader, const rw_node *map, const char *key, rw_node_kind kind,
                           const rw_node **member) {
    *member = rw_node_get(map, key);
    if (*member == NULL)
        return rw_sonata_json_wrong(reader, map, "'%s' is missing; SONATA requires it here", key);
    if ((*member)->kind != kind) {
        rw_node expected = {.kind = kind};
        return rw_sonata_json_wrong(reader, *member, "%s is expected, not %s", rw_node_kind_name(&expected),
                                    rw_node_kind_name(*member));
    }
    return RW_OK;
}

rw_err rw_sonata_json_number(rw_sonata_reader *reader, const rw_node *node, double *value) {
    if (node->kind == RW_NODE_SCALAR && !node->quoted && rw_sonata_number(node->text, value))
        return RW_OK;
    return rw_sonata_json_wrong(reader, node, "a plain finite number is expected");
}

rw_err rw_sonata_json_integer(rw_sonata_reader *reader, const rw_node *node, uint64_t *value) {
    double number;
    RW_TRY(rw_sonata_json_number(reader, node, &number));
    if (!(number >= 0.0 && number < 0x1p53 && number == floor(number)))
        return rw_sonata_json_wrong(reader, node, "a whole number from 0 to 2^53 is expected");
    *value = (uint64_t)number;
    return RW_OK;
}

bool rw_sonata_json_disabled(const rw_node *map) {
    const rw_node *enabled = rw_node_get(map, "enabled");
    return enabled != NULL && enabled->kind == RW_NODE_SCALAR &&
           (strcmp(enabled->text, "false") == 0 || strcmp(enabled->text, "False") == 0);
}

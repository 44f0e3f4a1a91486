#include "io/sonata/sonata_in_groups.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/h5_read.h"
#include "io/hdf5/h5_text.h"

enum { MAX_GROUPS = 1024, NAME_SIZE = 512 };

/* ---- which rows are in which group ---- */

static int ascending(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Lists the groups that rows belong to, ascending in ids[MAX_GROUPS]. */
static rw_err list_ids(const rw_sonata_groups *groups, const uint64_t *id, uint64_t *ids, size_t *n) {
    *n = 0;
    for (uint64_t e = 0; e < groups->count; e++) {
        if (e > 0 && id[e] == id[e - 1])
            continue; /* neighbours mostly share their group */
        size_t k = 0;
        while (k < *n && ids[k] != id[e])
            k++;
        if (k < *n)
            continue;
        RW_CHECK(*n < MAX_GROUPS, RW_ERR_INPUT, "%s: dataset %s/%s_group_id names more than %d groups",
                 groups->population->file, groups->population->group, groups->kind, MAX_GROUPS);
        ids[(*n)++] = id[e];
    }
    if (*n > 1)
        qsort(ids, *n, sizeof *ids, ascending);
    return RW_OK;
}

static rw_err name_groups(rw_sonata_groups *groups, rw_arena *arena, const uint64_t *ids, size_t n) {
    const char **names = NULL;
    RW_TRY(RW_ARENA_NEW(arena, names, n));
    for (size_t k = 0; k < n; k++) {
        char text[24];
        (void)snprintf(text, sizeof text, "%" PRIu64, ids[k]);
        RW_TRY(rw_arena_string(arena, &names[k], text));
        RW_CHECK(n == 1 || rw_h5_is(groups->population, text, H5O_TYPE_GROUP), RW_ERR_INPUT,
                 "%s: group %s/%s is missing, to which %s_group_id assigns %ss", groups->population->file,
                 groups->population->group, text, groups->kind, groups->kind);
    }
    groups->names = names;
    groups->n = n;
    return RW_OK;
}

/* Finds the groups and, if there are several, each row's. */
static rw_err assign(rw_sonata_groups *groups, rw_arena *arena, const uint64_t *id) {
    uint64_t ids[MAX_GROUPS] = {0};
    uint32_t *of = NULL;
    size_t n;
    RW_TRY(list_ids(groups, id, ids, &n));
    RW_TRY(name_groups(groups, arena, ids, n > 0 ? n : 1));
    if (n <= 1)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(arena, of, groups->count));
    for (uint64_t e = 0; e < groups->count; e++) {
        uint32_t k = 0; /* groups are few */
        while (k < n && ids[k] != id[e])
            k++;
        RW_ASSERT(k < n);
        of[e] = k;
    }
    groups->of = of;
    return RW_OK;
}

rw_err rw_sonata_groups_load(rw_sonata_groups *groups, rw_arena *arena, const rw_h5_location *population,
                             const char *kind, uint64_t count) {
    char name[32];
    uint64_t *values = NULL, *row = NULL;
    *groups = (rw_sonata_groups){.population = population, .kind = kind, .count = count};
    RW_TRY(RW_NEW(values, count, "groups of a circuit"));
    (void)snprintf(name, sizeof name, "%s_group_id", kind);
    rw_err err = rw_h5_has(population, name) ? rw_h5_read_u64(population, name, count, values) : RW_OK;
    if (err == RW_OK)
        err = assign(groups, arena, values);
    rw_free(values);
    RW_TRY(err);
    (void)snprintf(name, sizeof name, "%s_group_index", kind);
    if (rw_h5_has(population, name)) {
        RW_TRY(RW_ARENA_NEW(arena, row, count));
        RW_TRY(rw_h5_read_u64(population, name, count, row));
        groups->row = row;
    }
    RW_CHECK(groups->row != NULL || groups->n == 1, RW_ERR_INPUT,
             "%s: dataset %s/%s is missing; with several groups SONATA requires it", population->file,
             population->group, name);
    return RW_OK;
}

rw_err rw_sonata_groups_unused(const rw_sonata_groups *groups, rw_arena *arena, const char **name) {
    const char *const *found;
    size_t n;
    *name = NULL;
    RW_TRY(rw_h5_groups(groups->population, arena, &found, &n));
    for (size_t k = 0; k < n; k++) {
        bool unused = found[k][0] != '\0' && found[k][strspn(found[k], "0123456789")] == '\0' && groups->count > 0;
        for (size_t g = 0; g < groups->n; g++)
            unused = unused && strcmp(found[k], groups->names[g]) != 0;
        *name = unused && *name == NULL ? found[k] : *name;
    }
    return RW_OK;
}

/* ---- datasets ---- */

/* "0/dynamics_params/tau_m" */
static const char *path_in_group(const rw_sonata_groups *groups, size_t g, const char *folder, const char *name,
                                 char *path) {
    (void)snprintf(path, NAME_SIZE, "%s/%s%s%s", groups->names[g], folder != NULL ? folder : "",
                   folder != NULL ? "/" : "", name);
    return path;
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Appends the datasets of one group to a list that has room for them. */
static rw_err append_columns(const rw_sonata_groups *groups, rw_arena *arena, const char *path, const char ***list,
                             size_t *n) {
    rw_h5_location group;
    const char *const *found;
    const char **longer = NULL;
    size_t n_found;
    RW_TRY(rw_h5_open_group(&group, groups->population, path));
    rw_err err = rw_h5_datasets(&group, arena, &found, &n_found);
    rw_h5_close(&group);
    RW_TRY(err);
    RW_TRY(RW_ARENA_NEW(arena, longer, *n + n_found));
    for (size_t k = 0; k < *n; k++)
        longer[k] = (*list)[k];
    for (size_t k = 0; k < n_found; k++)
        longer[*n + k] = found[k];
    *list = longer;
    *n += n_found;
    return RW_OK;
}

rw_err rw_sonata_groups_columns(const rw_sonata_groups *groups, rw_arena *arena, const char *folder,
                                const char *const **names, size_t *n_names) {
    const char **list = NULL;
    size_t n = 0, kept = 0;
    for (size_t g = 0; g < groups->n; g++) {
        char path[NAME_SIZE];
        (void)snprintf(path, sizeof path, "%s%s%s", groups->names[g], folder != NULL ? "/" : "",
                       folder != NULL ? folder : "");
        if (rw_h5_is(groups->population, path, H5O_TYPE_GROUP))
            RW_TRY(append_columns(groups, arena, path, &list, &n));
    }
    if (n > 1)
        qsort(list, n, sizeof *list, by_name);
    for (size_t k = 0; k < n; k++) {
        if (k == 0 || strcmp(list[k], list[k - 1]) != 0)
            list[kept++] = list[k];
    }
    *names = list;
    *n_names = kept;
    return RW_OK;
}

/* ---- values ---- */

/* An attribute while its groups are read. */
typedef struct {
    const char **text;
    double *number;
} scattered;

/* Calls the place of row e in group g; false if e is not in g. */
static bool place_of(const rw_sonata_groups *groups, size_t g, uint64_t e, uint64_t *place) {
    *place = groups->row != NULL ? groups->row[e] : e;
    return groups->of == NULL || groups->of[e] == g;
}

static rw_err check_place(const rw_sonata_groups *groups, uint64_t e, uint64_t place, uint64_t n, const char *path) {
    const rw_h5_location *population = groups->population;
    RW_CHECK(place < n || groups->row == NULL, RW_ERR_INPUT,
             "%s: dataset %s/%s_group_index, row %" PRIu64 ": entry %" PRIu64 " does not exist; %s has %" PRIu64,
             population->file, population->group, groups->kind, e, place, path, n);
    RW_CHECK(place < n, RW_ERR_INPUT, "%s: dataset %s has %" PRIu64 " rows where the others have %" PRIu64,
             population->file, rw_h5_path_in(population, path), n, groups->count);
    return RW_OK;
}

static rw_err scatter_texts(const rw_sonata_groups *groups, rw_arena *arena, size_t g, const char *path,
                            const char *const *texts, uint64_t n, scattered *into) {
    if (into->text == NULL)
        RW_TRY(RW_ARENA_NEW(arena, into->text, groups->count));
    for (uint64_t e = 0; e < groups->count; e++) {
        uint64_t place;
        if (!place_of(groups, g, e, &place))
            continue;
        RW_TRY(check_place(groups, e, place, n, path));
        bool none = strcmp(texts[place], "NULL") == 0 || strcmp(texts[place], "NONE") == 0; /* as in tables */
        into->text[e] = none ? NULL : texts[place];
    }
    return RW_OK;
}

static rw_err scatter_numbers(const rw_sonata_groups *groups, rw_arena *arena, size_t g, const char *path,
                              const double *numbers, uint64_t n, scattered *into) {
    if (into->number == NULL) {
        RW_TRY(RW_ARENA_NEW(arena, into->number, groups->count));
        for (uint64_t e = 0; e < groups->count; e++)
            into->number[e] = NAN;
    }
    for (uint64_t e = 0; e < groups->count; e++) {
        uint64_t place;
        if (!place_of(groups, g, e, &place))
            continue;
        RW_TRY(check_place(groups, e, place, n, path));
        into->number[e] = numbers[place];
    }
    return RW_OK;
}

/* Texts that the numbers of a dataset stand for. */
static rw_err read_from_library(const rw_sonata_groups *groups, rw_arena *arena, size_t g, const char *path,
                                const char *library, scattered *into) {
    const rw_h5_location *population = groups->population;
    const char *const *words;
    const char **texts = NULL;
    uint64_t n_words, n, *index = NULL;
    RW_TRY(rw_h5_read_texts(population, library, arena, &words, &n_words));
    RW_TRY(rw_h5_read_length(population, path, &n));
    RW_TRY(RW_ARENA_NEW(arena, index, n));
    RW_TRY(RW_ARENA_NEW(arena, texts, n));
    RW_TRY(rw_h5_read_u64(population, path, n, index));
    for (uint64_t k = 0; k < n; k++) {
        RW_CHECK(index[k] < n_words, RW_ERR_INPUT,
                 "%s: dataset %s, row %" PRIu64 ": entry %" PRIu64 " does not exist; @library has %" PRIu64,
                 population->file, rw_h5_path_in(population, path), k, index[k], n_words);
        texts[k] = words[index[k]];
    }
    return scatter_texts(groups, arena, g, path, texts, n, into);
}

static rw_err read_group(const rw_sonata_groups *groups, rw_arena *arena, size_t g, const char *folder,
                         const char *name, bool finite, scattered *into) {
    const rw_h5_location *population = groups->population;
    char path[NAME_SIZE], library[NAME_SIZE];
    uint64_t n;
    double *numbers = NULL;
    (void)path_in_group(groups, g, folder, name, path);
    if (!rw_h5_has(population, path))
        return RW_OK;
    if (rw_h5_is_text(population, path)) {
        const char *const *texts;
        RW_TRY(rw_h5_read_texts(population, path, arena, &texts, &n));
        return scatter_texts(groups, arena, g, path, texts, n, into);
    }
    if (rw_h5_has(population, path_in_group(groups, g, "@library", name, library)))
        return read_from_library(groups, arena, g, path, library, into);
    RW_TRY(rw_h5_read_length(population, path, &n));
    RW_TRY(RW_NEW(numbers, n, "attributes of a circuit"));
    rw_err err = (finite ? rw_h5_read_finite : rw_h5_read_f64)(population, path, n, numbers);
    if (err == RW_OK)
        err = scatter_numbers(groups, arena, g, path, numbers, n, into);
    rw_free(numbers);
    return err;
}

static rw_err read_all(const rw_sonata_groups *groups, rw_arena *arena, const char *folder, const char *name,
                       bool finite, rw_sonata_attribute *attribute) {
    scattered into = {0};
    for (size_t g = 0; g < groups->n; g++)
        RW_TRY(read_group(groups, arena, g, folder, name, finite, &into));
    *attribute = (rw_sonata_attribute){name, into.text, into.number};
    return RW_OK;
}

rw_err rw_sonata_groups_read(const rw_sonata_groups *groups, rw_arena *arena, const char *name,
                             rw_sonata_attribute *attribute) {
    return read_all(groups, arena, NULL, name, false, attribute);
}

bool rw_sonata_groups_readable(const rw_sonata_groups *groups, const char *name) {
    for (size_t g = 0; g < groups->n; g++) {
        char path[NAME_SIZE];
        rw_h5_shape shape;
        (void)path_in_group(groups, g, NULL, name, path);
        if (!rw_h5_has(groups->population, path) || rw_h5_is_text(groups->population, path))
            continue;
        if (rw_h5_read_shape(groups->population, path, &shape) != RW_OK || shape.rank != 1)
            return false;
    }
    return true;
}

rw_err rw_sonata_groups_numbers(const rw_sonata_groups *groups, rw_arena *arena, const char *folder, const char *name,
                                const double **values) {
    rw_sonata_attribute attribute;
    RW_TRY(read_all(groups, arena, folder, name, true, &attribute));
    RW_CHECK(attribute.text == NULL, RW_ERR_INPUT, "%s: dataset %s of the %s groups of %s does not hold numbers",
             groups->population->file, name, groups->kind, groups->population->group);
    *values = attribute.number;
    return RW_OK;
}

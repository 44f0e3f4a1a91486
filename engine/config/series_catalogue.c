#include "config/series_catalogue.h"

#include <string.h>

static const struct {
    const char *name, *object, *joint;
} groups[] = {
#define GROUP(id, name, object, joint) [RW_SERIES_OF_##id] = {name, object, joint},
    RW_SERIES_GROUPS(GROUP)
#undef GROUP
};

static const rw_series_entry catalogue[] = {
#define ENTRY(id, of, span, name, unit, quantity, title, description)                                                  \
    [RW_SERIES_##id] = {RW_SERIES_OF_##of, RW_SERIES_SPAN_##span, name, unit, quantity, title, description},
    RW_SERIES(ENTRY)
#undef ENTRY
};

const rw_series_entry *rw_series_get(rw_series series) {
    return &catalogue[series];
}

const char *rw_series_group_name(rw_series_group group) {
    return groups[group].name;
}

const char *rw_series_joint(rw_series_group group) {
    return groups[group].joint;
}

const char *rw_series_object_name(rw_series_group group) {
    return groups[group].object;
}

rw_path rw_series_name_with(rw_series series, const char *const *parts, size_t n_parts) {
    const char *name = catalogue[series].name;
    rw_path path = rw_path_of("%.*s", (int)strcspn(name, "{"), name);
    for (size_t i = 0; i < n_parts; i++) {
        size_t end = strcspn(name, "}");
        RW_ASSERT(name[end] == '}');
        name += end + 1;
        path = rw_path_of("%s%s%.*s", path.text, parts[i], (int)strcspn(name, "{"), name);
    }
    RW_ASSERT(strchr(name, '{') == NULL);
    return path;
}

rw_path rw_series_group_path(rw_series_group group, const char *object) {
    const char *name = groups[group].name;
    return rw_path_of("%s%s%s%s", name[0] != '\0' ? "/" : "", name, object[0] != '\0' ? "/" : "", object);
}

rw_path rw_series_folder(rw_series series, const char *object) {
    const char *name = catalogue[series].name;
    rw_path path = rw_path_of("%s/%.*s", rw_series_group_path(catalogue[series].group, object).text,
                              (int)strcspn(name, "{"), name);
    *strrchr(path.text, '/') = '\0';
    return path;
}

rw_path rw_series_path_with(rw_series series, const char *object, const char *const *parts, size_t n_parts) {
    return rw_path_of("%s/%s", rw_series_group_path(catalogue[series].group, object).text,
                      rw_series_name_with(series, parts, n_parts).text);
}

rw_path rw_series_path(rw_series series, const char *object) {
    return rw_series_path_with(series, object, NULL, 0);
}

rw_path rw_series_title(rw_series series, const char *object) {
    const rw_series_entry *entry = &catalogue[series];
    return rw_path_of("%s%s%s", entry->title, object[0] != '\0' ? groups[entry->group].joint : "", object);
}

/* Whether a text is a name whose braces, from the first to the last, stand for anything. */
static bool is_of_name(const char *name, const char *text) {
    const size_t before = strcspn(name, "{");
    const char *after = strrchr(name, '}');
    if (after == NULL)
        return strcmp(name, text) == 0;
    const size_t length = strlen(text), end = strlen(after + 1);
    return length > before + end && strncmp(name, text, before) == 0 && strcmp(after + 1, text + length - end) == 0;
}

const rw_series_entry *rw_series_match(rw_series_group group, const char *dataset) {
    for (rw_series s = 0; s < RW_SERIES_COUNT; s++)
        if (catalogue[s].group == group && is_of_name(catalogue[s].name, dataset))
            return &catalogue[s];
    return NULL;
}

bool rw_series_find(rw_series_group group, const char *name, rw_series *series) {
    for (rw_series s = 0; s < RW_SERIES_COUNT; s++)
        if (catalogue[s].group == group && strcmp(catalogue[s].name, name) == 0) {
            *series = s;
            return true;
        }
    return false;
}

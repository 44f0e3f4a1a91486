#include "io/sonata/sonata_in_keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "io/sonata/sonata_in_config.h"

/* ---- lists of words ---- */

enum { MOST_WORDS = 64, LONGEST_WORD = 48 };

typedef struct {
    char word[MOST_WORDS][LONGEST_WORD];
    const char *at[MOST_WORDS];
    size_t n;
} words;

static void add_words(words *list, const char *text) {
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, " ");
        RW_ASSERT(list->n < MOST_WORDS && length < LONGEST_WORD);
        (void)snprintf(list->word[list->n], LONGEST_WORD, "%.*s", (int)length, text);
        list->at[list->n] = list->word[list->n];
        list->n++;
        text += length + strspn(text + length, " ");
    }
}

static bool has_word(const char *text, const char *word) {
    size_t length = strlen(word);
    for (const char *at = text; at != NULL && (at = strstr(at, word)) != NULL; at += length) {
        if ((at == text || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

static bool same_letters(const char *a, const char *b) {
    while (*a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* The word that a misspelt one is meant to be, or NULL. */
static const char *meant_by(const words *list, const char *word) {
    for (size_t k = 0; k < list->n; k++) {
        if (same_letters(list->at[k], word))
            return list->at[k];
    }
    return rw_nearest(word, list->at, list->n);
}

/* ---- what has no effect ---- */

/* Remembers a path for the warning at the end. */
static rw_err note_idle(rw_sonata_reader *reader, const char *path) {
    const char *already = reader->idle != NULL ? reader->idle : "";
    size_t size = strlen(already) + strlen(path) + 3;
    char *longer = NULL;
    RW_TRY(RW_ARENA_NEW(reader->arena, longer, size));
    (void)snprintf(longer, size, "%s%s%s", already, already[0] != '\0' ? ", " : "", path);
    reader->idle = longer;
    return RW_OK;
}

rw_err rw_sonata_idle_tell(rw_sonata_reader *reader) {
    if (reader->idle == NULL)
        return RW_OK;
    return rw_scenario_warn(reader->scenario, "%s: has no effect here: %s", reader->main.root->mark.file, reader->idle);
}

/* ---- sections ---- */

rw_err rw_sonata_section_check(rw_sonata_reader *reader, const rw_node *map, const rw_sonata_section *section) {
    words known = {.n = 0};
    add_words(&known, section->read);
    add_words(&known, section->common);
    size_t n_read = known.n;
    add_words(&known, section->idle);
    for (const rw_node *node = map != NULL && map->kind == RW_NODE_MAP ? map->first : NULL; node; node = node->next) {
        size_t k = 0;
        char path[192];
        while (k < known.n && strcmp(known.at[k], node->key) != 0)
            k++;
        (void)rw_node_path(node, path, sizeof path);
        if (k < n_read)
            continue;
        if (k < known.n) {
            RW_TRY(note_idle(reader, path));
            continue;
        }
        const char *meant = meant_by(&known, node->key);
        if (meant != NULL || section->strict)
            return rw_sonata_json_wrong(reader, node, "is not read%s%s%s", meant != NULL ? "; did you mean '" : "",
                                        meant != NULL ? meant : "", meant != NULL ? "'?" : "; remove it");
        RW_TRY(rw_scenario_warn(reader->scenario, "%s:%u: %s is not read", node->mark.file, node->mark.line, path));
    }
    return RW_OK;
}

static const rw_sonata_section top = {
    .read = "manifest network simulation networks components target_simulator node_sets node_sets_file node_set run "
            "inputs reports conditions",
    .idle = "output version config_path config_dir metadata"};
static const rw_sonata_section components = {
    .read = "point_neuron_models_dir synaptic_models_dir",
    .idle = "morphologies_dir biophysical_neuron_models_dir mechanisms_dir templates_dir morphologies mechanisms "
            "templates models_dir provenance filter_models_dir"};
static const rw_sonata_section networks = {.read = "nodes edges", .idle = "", .strict = true};
static const rw_sonata_section nodes_entry = {
    .read = "nodes_file node_types_file populations enabled", .idle = "gids", .strict = true};
static const rw_sonata_section edges_entry = {
    .read = "edges_file edge_types_file populations enabled", .idle = "", .strict = true};
static const rw_sonata_section run = {.read = "tstart tstop duration dt random_seed",
                                      .idle =
                                          "block_run block_size nsteps_block overwrite_output_dir print_time n_thread "
                                          "precise_times allow_offgrid_spikes dL spike_threshold calc_ecp",
                                      .strict = true};
static const rw_sonata_section conditions = {.read = "", .idle = "celsius v_init"};

static rw_err check_entries(rw_sonata_reader *reader, const rw_node *list, const rw_sonata_section *section) {
    for (const rw_node *entry = list != NULL ? list->first : NULL; entry != NULL; entry = entry->next)
        RW_TRY(rw_sonata_section_check(reader, entry, section));
    return RW_OK;
}

rw_err rw_sonata_configuration_check(rw_sonata_reader *reader, const rw_sonata_json *json) {
    const rw_node *root = json->root, *network = rw_node_get(root, "networks");
    RW_TRY(rw_sonata_section_check(reader, root, &top));
    RW_TRY(rw_sonata_section_check(reader, rw_node_get(root, "components"), &components));
    RW_TRY(rw_sonata_section_check(reader, network, &networks));
    RW_TRY(check_entries(reader, rw_node_get(network, "nodes"), &nodes_entry));
    RW_TRY(check_entries(reader, rw_node_get(network, "edges"), &edges_entry));
    RW_TRY(rw_sonata_section_check(reader, rw_node_get(root, "run"), &run));
    return rw_sonata_section_check(reader, rw_node_get(root, "conditions"), &conditions);
}

/* ---- columns ---- */

rw_err rw_sonata_column_check(rw_sonata_reader *reader, const rw_sonata_columns *columns, const char *place,
                              const char *name) {
    words acts = {.n = 0};
    if (has_word(columns->acts, name) || has_word(columns->labels, name))
        return RW_OK;
    add_words(&acts, columns->acts);
    const char *meant = meant_by(&acts, name);
    RW_CHECK(meant == NULL, RW_ERR_INPUT, "%s: column '%s' is not read; did you mean '%s'?", place, name, meant);
    RW_CHECK(!has_word(columns->misnamed, name), RW_ERR_INPUT,
             "%s: column '%s' is not read, though it would change the circuit; rewire reads %s", place, name,
             columns->acts);
    return columns->tells ? rw_scenario_warn(reader->scenario, "%s: column '%s' is not read", place, name) : RW_OK;
}

rw_err rw_sonata_groups_check(rw_sonata_reader *reader, const rw_sonata_groups *groups) {
    const char *unused;
    RW_TRY(rw_sonata_groups_unused(groups, reader->arena, &unused));
    return unused == NULL ? RW_OK
                          : rw_scenario_warn(reader->scenario, "%s: %s: group %s has no %ss and is not read",
                                             groups->population->file, groups->population->group, unused, groups->kind);
}

#include "config/sections/populations_section.h"

#include <math.h>
#include <string.h>

#include "config/key_table_reader.h"
#include "config/model_settings.h"
#include "config/render.h"
#include "config/shares.h"
#include "model/registry.h"

static const char *const other_models[] = {"spikes"};
static const char *const position_words[] = {"random", "grid"};

static void begin(rw_reader *r, const rw_node *node, void *object) {
    rw_population_spec *population = object;
    population->count = 1;
    if (strcmp(node->key, "all") == 0 || strcmp(node->key, "none") == 0)
        rw_node_key_wrong(r->diagnostics, node,
                          "cannot be the name of a population: record.spikes means something else by it");
}

static bool replays(const rw_population_spec *population) {
    return population->model_known && population->model == NULL;
}

/* A neuron model, or spikes. */
static rw_err read_model(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_population_spec *population = object;
    if (!rw_read_text(r, node))
        return RW_OK;
    if (strcmp(node->text, "spikes") != 0)
        RW_TRY(rw_entry_read_kind(r, node, entry, object));
    population->model_known = population->model != NULL || strcmp(node->text, "spikes") == 0;
    return RW_OK;
}

static void write_model(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_population_spec *population = object;
    (void)scenario;
    (void)fputs(population->model != NULL ? population->model->name : "spikes", out);
}

static rw_err read_positions(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    if (rw_node_get(r->map, entry->name) != NULL && r->scenario->dimensions == 0) {
        rw_node_key_wrong(r->diagnostics, node, "cells have positions only in a space; add space: {size: [...]}");
        return RW_OK;
    }
    return rw_entry_read_kind(r, node, entry, object);
}

static bool has_positions(const rw_scenario *scenario, const void *object) {
    return scenario->dimensions > 0 && ((const rw_population_spec *)object)->position != RW_POSITION_TABLE;
}

static void write_origin_of_positions(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_population_spec *population = object;
    if (population->position == RW_POSITION_TABLE)
        (void)fprintf(out, "    # positions: from %s\n",
                      population->mark.file != NULL ? population->mark.file : scenario->path);
}

/* Only for cells that replay spikes. */
static void check_file(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *population = object;
    if (node != NULL && population->model != NULL)
        rw_node_key_wrong(r->diagnostics, node, "only cells of model spikes read their spikes from a file");
}

/* A path, or a list of paths. */
static rw_err read_files(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_population_spec *population = object;
    const char **files = NULL;
    (void)entry;
    if (node == NULL)
        return RW_OK;
    bool is_list = node->kind == RW_NODE_LIST;
    if (is_list && node->count == 0)
        rw_node_wrong(r->diagnostics, node, "names no file; leave `file` out if the cells are silent");
    RW_TRY(RW_ARENA_NEW(r->arena, files, is_list ? node->count : 1));
    size_t n = 0;
    for (const rw_node *item = is_list ? node->first : node; item != NULL; item = is_list ? item->next : NULL)
        if (rw_read_text(r, item))
            files[n++] = item->text;
    population->spikes_files = files;
    population->n_spikes_files = n;
    return RW_OK;
}

/* The files by their full paths, so that the resolved scenario can stand anywhere. */
static void write_files(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_population_spec *population = object;
    bool several = population->n_spikes_files > 1;
    for (size_t k = 0; k < population->n_spikes_files; k++) {
        (void)fputs(k > 0 ? ", " : several ? "[" : "", out);
        rw_render_path(out, scenario, population->spikes_files[k]);
    }
    (void)fputs(several ? "]" : "", out);
}

static bool has_files(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_population_spec *)object)->n_spikes_files > 0;
}

/* Where the result will have the cells, beside the scenario that is written, it needs no other file. */
static void write_nodes_file(FILE *out, const rw_scenario *scenario, const void *object) {
    const rw_population_spec *population = object;
    if (population->nodes_of_result != NULL)
        rw_render_text(out, population->nodes_of_result);
    else
        rw_render_path(out, scenario, population->nodes_file);
}

static bool has_nodes_file(const rw_scenario *scenario, const void *object) {
    const rw_population_spec *population = object;
    (void)scenario;
    return population->nodes_file != NULL || population->nodes_of_result != NULL;
}

/* A resolved scenario has nothing but comments where the nodes file says everything. */
static bool leaves_all_open(const rw_population_spec *population, const rw_node *node) {
    return node != NULL && population->nodes_file != NULL && rw_node_is_null(node);
}

static rw_err read_set(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    if (node != NULL && replays(object))
        rw_node_key_wrong(r->diagnostics, node, "cells of model spikes only replay spikes: they have no parameters");
    if (leaves_all_open(object, node))
        return RW_OK;
    return rw_entry_read_kind(r, node, entry, object);
}

static bool has_model(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_population_spec *)object)->model != NULL;
}

static bool has_receptors(const rw_scenario *scenario, const void *object) {
    (void)scenario;
    return ((const rw_population_spec *)object)->n_receptors > 0;
}

/* Parameters of receptors on these cells. */
static rw_err read_receptors(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    rw_population_spec *population = object;
    if (node == NULL || !population->model_known)
        return RW_OK;
    if (node->kind != RW_NODE_MAP) {
        rw_node_wrong(r->diagnostics, node, "must be a map of receptors, not %s", rw_node_kind_name(node));
        return RW_OK;
    }
    if (population->model == NULL || !rw_model_takes_receptors(population->model)) {
        rw_node_key_wrong(r->diagnostics, node, "cells of model %s take no receptors",
                          population->model != NULL ? population->model->name : "spikes");
        return RW_OK;
    }
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        const rw_model *model = rw_find_model(r, child, child->key, true, entry->model_kind);
        if (model == NULL)
            continue;
        rw_model_spec read = {.model = model};
        size_t index = 0;
        if (!leaves_all_open(population, child))
            RW_TRY(rw_read_settings(r, child, model, NULL, &read.settings, &read.n_settings));
        RW_TRY(rw_add_receptor(r, population, model, &index));
        rw_model_spec *receptor =
            (rw_model_spec *)(uintptr_t)&population->receptors[index]; /* allocated by this reader */
        receptor->settings = read.settings;
        receptor->n_settings = read.n_settings;
    }
    return RW_OK;
}

static rw_err check_shares_of_subunits(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *population = object;
    double sum = 0.0;
    char text[RW_NUMBER_SIZE];
    for (size_t s = 0; s < RW_GLUN2_COUNT; s++)
        sum += population->glun2[s];
    if (fabs(sum - 1.0) > 1e-9)
        rw_node_key_wrong(r->diagnostics, node, "the shares of the subunits must sum to 1, not to %s",
                          rw_number_print(text, rw_number_tidy(sum)));
    return RW_OK;
}

/* Only cells that can have NMDA receptors. */
static void check_subunits(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *population = object;
    if (node != NULL && population->model_known &&
        (population->model == NULL || !rw_model_takes_receptors(population->model)))
        rw_node_key_wrong(r->diagnostics, node, "cells of model %s take no receptors, and so have no NMDA receptors",
                          population->model != NULL ? population->model->name : "spikes");
}

static const rw_entry glun2_entries[] = {
    {"A", RW_QUANTITY(rw_population_spec, glun2[RW_GLUN2A], "1", 0.0, 1.0), .default_text = "0",
     .help = "Share of GluN2A."},
    {"B", RW_QUANTITY(rw_population_spec, glun2[RW_GLUN2B], "1", 0.0, 1.0), .default_text = "0",
     .help = "Share of GluN2B."},
    {"C", RW_QUANTITY(rw_population_spec, glun2[RW_GLUN2C], "1", 0.0, 1.0), .default_text = "0",
     .help = "Share of GluN2C."},
    {"D", RW_QUANTITY(rw_population_spec, glun2[RW_GLUN2D], "1", 0.0, 1.0), .default_text = "0",
     .help = "Share of GluN2D."},
};

static const rw_key_table glun2_table = {
    .name = "glun2",
    .help = "Shares of the GluN2 subunits in the NMDA receptors of these cells; they "
            "sum to 1. Subunits differ in decay, magnesium block and affinity to drugs.",
    RW_ENTRIES(glun2_entries),
    .flow = true,
    .finish = check_shares_of_subunits};

static const rw_entry entries[] = {
    {"model", RW_MODEL_OF(rw_population_spec, model, RW_NEURON), .words = other_models,
     .n_words = RW_COUNT(other_models), .required = true, .read = read_model, .write = write_model,
     .form = "a neuron model, or `spikes`",
     .help = "What the cells are; `spikes` are cells that "
             "replay a file of spikes and have no dynamics."},
    {"count", RW_INTEGER(rw_population_spec, count, 1, (uint64_t)1 << 40), .required = true, .help = "How many cells."},
    {"positions", RW_CHOICE(rw_population_spec, position, position_words, RW_COUNT(position_words)),
     .default_text = "random", .read = read_positions, .shown = has_positions, .instead = write_origin_of_positions,
     .help = "Positions in the space."},
    {"file", RW_OTHER, .default_words = "no spikes", .form = "a path, or a list of paths",
     .schema = "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}, "
               "\"minItems\": 1}]}",
     .read = read_files, .check = check_file, .shown = has_files, .write = write_files,
     .help =
         "SONATA spikes that cells of model spikes replay, of several files all; a path begins at the scenario's "
         "folder. A spike is at the end of the step that its time lies in; several spikes of a cell in one step count "
         "as several."},
    {"file_population", RW_TEXT(rw_population_spec, spikes_population), .default_words = "the only one",
     .check = check_file, .help = "The population in each file."},
    {"nodes", RW_TEXT(rw_population_spec, nodes_file), .default_words = "none", .initial = true, .is_file = true,
     .shown = has_nodes_file, .write = write_nodes_file,
     .help = "SONATA nodes of a result (nodes.h5); its path begins at the scenario's folder. Parameters and initial "
             "states that neither `set` nor `receptors` gives are those of each cell there, in the population of the "
             "same name, and what the node types beside it say of the cells goes into the result."},
    {"glun2", RW_MAP_IF(rw_population_spec, has_glun2, &glun2_table), .default_words = "subunits are not distinguished",
     .check = check_subunits, .help = "Subunits of the NMDA receptors."},
    {"set", RW_SETTINGS(rw_population_spec, settings, n_settings, model), .default_words = "the model's defaults",
     .read = read_set, .shown = has_model, .help = "Parameters and initial states of the cells."},
    {"receptors", RW_MODELS(rw_population_spec, receptors, n_receptors, RW_RECEPTOR),
     .default_words = "the models' defaults", .read = read_receptors, .shown = has_receptors,
     .help = "Parameters of receptors on these cells."},
};

static rw_err finish(rw_reader *r, const rw_node *node, void *object) {
    const rw_population_spec *population = object;
    const rw_node *named = rw_node_get(node, "file_population");
    if (population->nodes_file != NULL && population->has_glun2)
        rw_node_key_wrong(r->diagnostics, rw_node_get(node, "nodes"),
                          "does not say what each subunit of glun2 has; leave out one of the two");
    if (named != NULL && population->n_spikes_files == 0)
        rw_node_key_wrong(r->diagnostics, named, "names a population of a file, but there is no key file");
    return RW_OK;
}

/* Leaves what is not set to the nodes file. */
static rw_err leave_open(rw_arena *arena, const rw_model *model, const rw_setting **settings, size_t *n_settings) {
    rw_setting *list = NULL;
    size_t n = *n_settings;
    RW_TRY(RW_ARENA_NEW(arena, list, n + model->n_fields));
    if (n > 0)
        memcpy(list, *settings, n * sizeof *list);
    for (size_t f = 0; f < model->n_fields; f++) {
        bool open = model->fields[f].role == RW_PARAMETER || model->fields[f].role == RW_STATE;
        for (size_t k = 0; k < *n_settings; k++)
            open = open && list[k].field != f;
        if (open)
            list[n++] = (rw_setting){f, {.kind = RW_TABLE, .min = -INFINITY, .max = INFINITY}};
    }
    *settings = list;
    *n_settings = n;
    return RW_OK;
}

rw_err rw_populations_leave_open(rw_scenario *scenario) {
    for (size_t p = 0; p < scenario->n_populations; p++) {
        rw_population_spec *population = &scenario->populations[p];
        if (population->nodes_file == NULL || population->model == NULL)
            continue;
        RW_TRY(leave_open(scenario->arena, population->model, &population->settings, &population->n_settings));
        for (size_t k = 0; k < population->n_receptors; k++) {
            rw_model_spec *receptor = (rw_model_spec *)(uintptr_t)&population->receptors[k]; /* of this reader */
            RW_TRY(leave_open(scenario->arena, receptor->model, &receptor->settings, &receptor->n_settings));
        }
    }
    return RW_OK;
}

const rw_key_table rw_population_table = {.name = "populations",
                                          .help = "Populations of cells, by name.",
                                          RW_ENTRIES(entries),
                                          RW_ITEM_BY_NAME(rw_population_spec),
                                          .begin = begin,
                                          .finish = finish};

rw_err rw_read_populations(rw_reader *r, const rw_node *node, const rw_entry *entry, void *object) {
    const rw_scenario *scenario = r->scenario;
    RW_TRY(rw_names_create(&r->populations, r->arena, node != NULL ? node->count : 0));
    if (node != NULL && (node->kind != RW_NODE_MAP || node->count == 0)) {
        rw_node_key_wrong(r->diagnostics, node, "must be a map with at least one population");
        return RW_OK;
    }
    RW_TRY(rw_entry_read_kind(r, node, entry, object));
    for (size_t p = 0; p < scenario->n_populations; p++)
        (void)rw_names_add(r->populations, scenario->populations[p].name, (uint32_t)p); /* twice: known already */
    return RW_OK;
}

/* Reads a circuit in which one file is the fuzzer's and the rest are sound, and checks what is promised of a circuit
 * that was accepted. The files lie in shared memory if the system has it, else in a temporary directory.
 *
 * The first byte says which file the others make. JSON and CSV files are the bytes as they are. HDF5 files are valid
 * containers whose groups, types, shapes, layouts, values and attributes the bytes choose: given damaged containers,
 * HDF5 1.10 itself leaks and asks for absurd amounts of memory, which would hide what is ours to mend. A byte of 0, or
 * none, chooses what is right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/sonata/sonata_in.h"
#include "io/sonata/sonata_in_spikes.h"
#include "place.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CONFIG, SETS, NODE_TYPES, EDGE_TYPES, CELL, SYNAPSE, NODES, EDGES, SPIKES, N_FILES };
enum { N_CELLS = 6, N_SOURCES = 3, N_EDGES = 8, N_SPIKES = 5 };

static const char config_text[] =
    "{\"manifest\": {\"$DIR\": \".\"}, \"target_simulator\": \"NEST\", \"node_sets_file\": \"$DIR/101\",\n"
    " \"run\": {\"tstop\": 10.0, \"dt\": 0.1}, \"components\": {\"point_neuron_models_dir\": \"$DIR\",\n"
    " \"synaptic_models_dir\": \"${DIR}\"}, \"networks\": {\n"
    " \"nodes\": [{\"nodes_file\": \"$DIR/106\", \"node_types_file\": \"$DIR/102\"}],\n"
    " \"edges\": [{\"edges_file\": \"$DIR/107\", \"edge_types_file\": \"$DIR/103\"}]},\n"
    " \"inputs\": {\"in\": {\"input_type\": \"spikes\", \"module\": \"h5\", \"input_file\": \"108\", \"node_set\": "
    "\"ext\"}},\n"
    " \"reports\": {\"v\": {\"cells\": \"some\", \"variable_name\": \"V_m\", \"dt\": 0.2}}}\n";
static const char sets_text[] = "{\"some\": {\"population\": \"int\", \"node_id\": [0, 2], \"ei\": \"e\"},\n"
                                " \"all\": [\"some\", \"int\"]}\n";
static const char node_types_text[] = "node_type_id model_type model_template ei dynamics_params\n"
                                      "0 virtual NULL e NULL\n"
                                      "1 point_neuron nest:iaf_psc_alpha e 104\n"
                                      "2 point_neuron nest:iaf_psc_alpha \"i\" NULL\n";
static const char edge_types_text[] = "edge_type_id model_template syn_weight delay dynamics_params\n"
                                      "0 static_synapse 2.5 1.5 105\n"
                                      "1 static_synapse -3.5 2.0 NULL\n";
static const char cell_text[] = "{\"tau_m\": 20.0, \"E_L\": -65.0, \"V_reset\": -70.0}\n";
static const char synapse_text[] = "{\"delay\": 0.5}\n";

static const char *const text_of[] = {config_text,     sets_text, node_types_text,
                                      edge_types_text, cell_text, synapse_text};

/* ---- choices ---- */

typedef struct {
    const uint8_t *at, *end;
} choices;

static uint8_t choose(choices *from) {
    return from->at < from->end ? *from->at++ : 0;
}

static hid_t choose_type(choices *from, hid_t right) {
    const hid_t types[] = {right,         H5T_STD_I8LE,  H5T_STD_U8LE,   H5T_STD_I16BE,  H5T_STD_U32LE,
                           H5T_STD_I64LE, H5T_STD_U64BE, H5T_IEEE_F32LE, H5T_IEEE_F64BE, H5T_NATIVE_LDOUBLE,
                           H5T_C_S1,      H5T_STD_B16LE, H5T_UNIX_D32LE, H5T_STD_I32LE,  H5T_IEEE_F64LE};
    return types[choose(from) % (sizeof types / sizeof types[0])];
}

/* A shape: one dimension of `right` elements, or something else. */
static hid_t choose_space(choices *from, hsize_t right, hsize_t *length, bool *huge) {
    uint8_t rank = choose(from), n = choose(from);
    *huge = n == 255;
    *length = n == 0 ? right : *huge ? (hsize_t)1 << 40 : (hsize_t)(n % 20);
    hsize_t dims[2] = {*length, 2};
    switch (rank % 8) {
    case 5:
        *length = 1;
        *huge = false;
        return H5Screate(H5S_SCALAR);
    case 6:
        *length *= 2;
        return H5Screate_simple(2, dims, NULL);
    case 7:
        *length = 0;
        *huge = false;
        return H5Screate(H5S_NULL);
    default:
        return H5Screate_simple(1, dims, NULL);
    }
}

static hid_t choose_layout(choices *from, hid_t space, bool huge) {
    hid_t plist = H5Pcreate(H5P_DATASET_CREATE);
    uint8_t layout = choose(from);
    hsize_t chunk[2] = {4, 2};
    int rank = H5Sget_simple_extent_ndims(space);
    if ((layout % 4 >= 2 || huge) && rank > 0)
        (void)H5Pset_chunk(plist, rank, chunk);
    if (layout % 4 == 3 && rank > 0)
        (void)H5Pset_deflate(plist, 1);
    return plist;
}

static void write_values(choices *from, hid_t dataset, hid_t type, hsize_t length, const double *right,
                         hsize_t n_right) {
    uint8_t bytes[20 * 2 * 16] = {0};
    size_t size = (size_t)length * H5Tget_size(type);
    if (choose(from) == 0 && length <= n_right &&
        (H5Tget_class(type) == H5T_INTEGER || H5Tget_class(type) == H5T_FLOAT)) {
        (void)H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, right);
    } else if (size <= sizeof bytes) {
        for (size_t k = 0; k < size; k++)
            bytes[k] = choose(from);
        (void)H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
    }
}

static void add_column(choices *from, hid_t group, const char *name, hid_t type, const double *values, hsize_t n) {
    uint8_t what = choose(from);
    if (what % 16 == 1)
        return;
    if (what % 16 == 2) {
        (void)H5Gclose(H5Gcreate2(group, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        return;
    }
    if (what % 16 == 3) {
        (void)H5Lcreate_soft("/nowhere", group, name, H5P_DEFAULT, H5P_DEFAULT);
        return;
    }
    hsize_t length;
    bool huge;
    type = choose_type(from, type);
    hid_t space = choose_space(from, n, &length, &huge);
    hid_t plist = choose_layout(from, space, huge);
    hid_t dataset = H5Dcreate2(group, name, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
    if (dataset >= 0 && !huge)
        write_values(from, dataset, type, length, values, n);
    (void)H5Dclose(dataset);
    (void)H5Pclose(plist);
    (void)H5Sclose(space);
}

static void add_text(choices *from, hid_t group, const char *dataset, const char *name, const char *right) {
    uint8_t what = choose(from), length = what % 8 == 4 ? choose(from) : 0;
    char text[300] = "";
    (void)snprintf(text, sizeof text, "%s", right);
    for (uint8_t k = 0; k < length; k++)
        text[k] = (char)choose(from);
    if (what % 8 == 1)
        return;
    hid_t type = H5Tcopy(what % 8 == 2 ? H5T_STD_I32LE : H5T_C_S1);
    if (what % 8 != 2)
        (void)H5Tset_size(type, what % 8 == 3 ? H5T_VARIABLE : strlen(text) + 1);
    hid_t space = H5Screate(what % 8 == 5 ? H5S_NULL : H5S_SCALAR);
    hid_t attribute = H5Acreate_by_name(group, dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const char *pointer = text;
    if (attribute >= 0)
        (void)H5Awrite(attribute, type, what % 8 == 3 ? (const void *)&pointer : text);
    (void)H5Aclose(attribute);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
}

static hid_t add_group(choices *from, hid_t parent, const char *right) {
    uint8_t what = choose(from);
    char text[4] = {(char)(what | 1), (char)('a' + what % 26), '\0', '\0'};
    return H5Gcreate2(parent, what == 0 ? right : text, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

/* ---- files ---- */

static const double counting[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const double zeros[8];

static void make_nodes(choices *from, hid_t file) {
    static const double types[] = {1, 1, 2, 1, 2, 2};
    hid_t nodes = add_group(from, file, "nodes");
    hid_t cells = add_group(from, nodes, "int");
    add_column(from, cells, "node_type_id", H5T_STD_U64LE, types, N_CELLS);
    add_column(from, cells, "node_id", H5T_STD_U64LE, counting, N_CELLS);
    hid_t attributes = add_group(from, cells, "0");
    hid_t sources = add_group(from, nodes, "ext");
    add_column(from, sources, "node_type_id", H5T_STD_I64LE, zeros, N_SOURCES);
    (void)H5Gclose(sources);
    (void)H5Gclose(attributes);
    (void)H5Gclose(cells);
    (void)H5Gclose(nodes);
}

static void make_edges(choices *from, hid_t file) {
    static const double targets[] = {5, 4, 3, 2, 1, 0, 5, 5}, types[] = {0, 1, 0, 1, 0, 0, 0, 1};
    static const double weights[] = {1, -2, 3, -4, 5, 6, 0, -0.5}, delays[] = {1, 1, 2, 0.1, 1, 1, 1, 1};
    hid_t edges = add_group(from, file, "edges");
    hid_t group = add_group(from, edges, "int_to_int");
    add_column(from, group, "source_node_id", H5T_STD_U64LE, counting, N_EDGES - 2);
    add_column(from, group, "target_node_id", H5T_STD_U64LE, targets, N_EDGES - 2);
    add_column(from, group, "edge_type_id", H5T_STD_U32LE, types, N_EDGES - 2);
    add_column(from, group, "edge_group_id", H5T_STD_U16LE, zeros, N_EDGES - 2);
    add_column(from, group, "edge_group_index", H5T_STD_U32LE, counting, N_EDGES - 2);
    add_text(from, group, "source_node_id", "node_population", "int");
    add_text(from, group, "target_node_id", "node_population", "int");
    hid_t attributes = add_group(from, group, "0");
    add_column(from, attributes, "syn_weight", H5T_IEEE_F64LE, weights, N_EDGES - 2);
    add_column(from, attributes, "delay", H5T_IEEE_F32LE, delays, N_EDGES - 2);
    if (choose(from) != 0)
        add_column(from, attributes, "nsyns", H5T_STD_U32LE, counting, N_EDGES - 2);
    (void)H5Gclose(attributes);
    (void)H5Gclose(group);
    (void)H5Gclose(edges);
}

static void make_spikes(choices *from, hid_t file) {
    static const double times[] = {0.01, 3.3, 3.31, 9.96, 12.0}, ids[] = {0, 1, 1, 2, 0};
    hid_t spikes = add_group(from, file, "spikes");
    bool old = choose(from) != 0;
    hid_t group = old ? spikes : add_group(from, spikes, "ext");
    add_column(from, group, "timestamps", H5T_IEEE_F64LE, times, N_SPIKES);
    add_column(from, group, old ? "gids" : "node_ids", H5T_STD_U64LE, ids, N_SPIKES);
    add_text(from, group, "timestamps", "units", "ms");
    if (!old)
        (void)H5Gclose(group);
    (void)H5Gclose(spikes);
}

static const char *directory;

/* Paths are short names, 100 and so on, so that the fuzzer finds them. */
static const char *path_of(int file) {
    static char path[80];
    (void)snprintf(path, sizeof path, "%s/%d", directory, 100 + file);
    return path;
}

static void put(int file, const void *bytes, size_t size) {
    place_put(path_of(file), bytes, size);
}

static void put_h5(int file, choices from) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    (void)H5Pset_fapl_core(access, 65536, 0);
    (void)H5Pset_libver_bounds(access, choose(&from) % 2 ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
    hid_t id = H5Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (file == NODES)
        make_nodes(&from, id);
    else if (file == EDGES)
        make_edges(&from, id);
    else
        make_spikes(&from, id);
    (void)H5Fflush(id, H5F_SCOPE_GLOBAL);
    static uint8_t image[1 << 20];
    ssize_t size = H5Fget_file_image(id, image, sizeof image);
    if (size < 0)
        abort();
    put(file, image, (size_t)size);
    (void)H5Fclose(id);
    (void)H5Pclose(access);
}

/* The sound file. */
static void put_sound(int file) {
    if (file < NODES)
        put(file, text_of[file], strlen(text_of[file]));
    else
        put_h5(file, (choices){NULL, NULL});
}

/* ---- what an accepted circuit promises ---- */

static void check_edges(const rw_scenario *scenario, const rw_projection_spec *projection) {
    const rw_edge_table *table = &projection->table;
    for (uint64_t e = 0; e < table->count; e++) {
        RW_ASSERT(table->source[e] < scenario->populations[projection->source].count);
        RW_ASSERT(table->target[e] < scenario->populations[projection->target].count);
        RW_ASSERT(table->delay_steps[e] >= 1 && table->weight[e] - table->weight[e] == 0.0f);
    }
}

static void check_spikes(const rw_scenario *scenario, const rw_population_spec *population) {
    const rw_spike_table *spikes = &population->spikes;
    for (uint64_t s = 0; s < spikes->count; s++) {
        RW_ASSERT(spikes->id[s] < population->count && spikes->step[s] >= 1 && spikes->step[s] <= scenario->n_steps);
        RW_ASSERT(s == 0 || spikes->step[s] > spikes->step[s - 1] ||
                  (spikes->step[s] == spikes->step[s - 1] && spikes->id[s] >= spikes->id[s - 1]));
    }
}

static void check_reports(const rw_scenario *scenario) {
    for (size_t r = 0; r < scenario->record.n_reports; r++) {
        const rw_report_spec *report = &scenario->record.reports[r];
        RW_ASSERT(report->every_steps >= 1 && report->targets.count >= 1);
        for (uint64_t i = 0; report->targets.kind == RW_SELECT_IDS && i < report->targets.count; i++)
            RW_ASSERT(report->targets.ids[i] < scenario->populations[report->population].count);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    directory = place_make("sonata");
    for (int file = 0; file < N_FILES; file++)
        put_sound(file);
    rw_scenario *scenario = NULL; /* without the fuzzer's file everything is sound, or nothing here is tested */
    rw_err err = rw_sonata_read(&scenario, path_of(CONFIG), NULL, 0);
    if (err == RW_OK)
        err = rw_sonata_load_spikes(scenario);
    if (err != RW_OK)
        (void)fprintf(stderr, "%s\n", rw_error_message());
    RW_ASSERT(err == RW_OK && scenario->n_projections == 2 && scenario->record.n_reports == 1);
    rw_scenario_destroy(&scenario);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    static int previous = 0;
    int file = data[0] % N_FILES;
    if (file != previous)
        put_sound(previous);
    previous = file;
    if (file < NODES)
        put(file, data + 1, size - 1);
    else
        put_h5(file, (choices){data + 1, data + size});
    rw_scenario *scenario = NULL;
    rw_err err = rw_sonata_read(&scenario, path_of(CONFIG), NULL, 0);
    if (err == RW_OK) {
        err = rw_sonata_load_spikes(scenario);
        for (size_t p = 0; p < scenario->n_projections; p++)
            check_edges(scenario, &scenario->projections[p]);
        for (size_t p = 0; err == RW_OK && p < scenario->n_populations; p++)
            check_spikes(scenario, &scenario->populations[p]);
        check_reports(scenario);
    }
    RW_ASSERT(err == RW_OK || err == RW_ERR_INPUT || err == RW_ERR_SYSTEM);
    RW_ASSERT(err == RW_OK || rw_error_message()[0] != '\0');
    rw_scenario_destroy(&scenario);
    return 0;
}

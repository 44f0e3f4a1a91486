/* Whatever stands in the files of a result: it is reported, compared and searched for differences, or refused with a
 * message.
 *
 * The first byte says which file of a sound result is changed, the second what reads it then. A text is then the bytes
 * that follow. In an HDF5 file, which stays a valid container (why: fuzz_sonata.c), the bytes choose objects, and what
 * happens to each: it vanishes, it gets another type, shape and values, or only other values. */
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/diff.h"
#include "place.h"
#include "rewire.h"
#include "study/comparison/cohort_of_results.h"
#include "study/report/report_run.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario_text[] =
    "rewire: 1\nseed: 1\ntime: {step: 0.1 ms, until: 40 ms}\n"
    "populations: {e: {model: lif_psc_alpha, count: 6, set: {I_e: 600 pA}}}\n"
    "projections:\n"
    "  - {name: ee, from: e, to: e, connect: {rule: pairwise_bernoulli, p: 0.4}, weight: 90 pA, delay: 1 ms,\n"
    "     receptors: {exc: 1}, rewire: {}}\n"
    "growth:\n"
    "  - {on: e.axon, model: linear, target: 5 Hz, nu: 0.2 /ms}\n"
    "  - {on: e.dendrite_exc, model: linear, target: 5 Hz, nu: 0.2 /ms}\n"
    "structure: {every: 10 ms}\n"
    "record: {spikes: all, snapshots: {every: 20 ms}, series: {every: 10 ms}}\n";

static const char *const names[] = {"run.json",  "scenario.yaml", "edges/series.json", "nodes.h5",
                                    "series.h5", "spikes.h5",     "edge_events.h5",    "edges/edges.t000000000200.h5"};
enum { N_FILES = sizeof names / sizeof names[0], LARGEST = 1 << 19, MOST_OBJECTS = 200 };

/* A sound file, and the objects inside. */
typedef struct {
    char path[120];
    uint8_t *bytes;
    size_t size, n_objects;
    char objects[MOST_OBJECTS][80];
} sound_file;

static sound_file files[N_FILES];
static char changed[100], other[100];

typedef struct {
    const uint8_t *at, *end;
} choices;

static uint8_t choose(choices *from) {
    return from->at < from->end ? *from->at++ : 0;
}

static void make_result(const char *directory, const char *scenario, const char *seed) {
    rw_run *run = NULL;
    const char *settings[] = {seed, NULL};
    rw_err err = rw_run_open(&run, scenario, settings, 1);
    if (err == RW_OK)
        err = rw_run_record(run, directory);
    if (err == RW_OK)
        err = rw_run_advance(run, 40.0);
    if (err == RW_OK)
        err = rw_run_close(&run);
    if (err != RW_OK)
        (void)fprintf(stderr, "%s\n", rw_error_message());
    RW_ASSERT(err == RW_OK);
}

static herr_t note_object(hid_t file, const char *name, const H5O_info_t *info, void *to) {
    (void)file, (void)info;
    sound_file *of = to;
    if (of->n_objects < MOST_OBJECTS && strlen(name) < sizeof of->objects[0] && strcmp(name, ".") != 0)
        memcpy(of->objects[of->n_objects++], name, strlen(name) + 1);
    return 0;
}

static void load(sound_file *file, const char *name) {
    (void)snprintf(file->path, sizeof file->path, "%s/%s", changed, name);
    FILE *stream = fopen(file->path, "rb");
    file->bytes = malloc(LARGEST);
    RW_ASSERT(stream != NULL && file->bytes != NULL);
    file->size = fread(file->bytes, 1, LARGEST, stream);
    RW_ASSERT(file->size > 0 && file->size < LARGEST && fclose(stream) == 0);
    if (strstr(name, ".h5") == NULL)
        return;
    hid_t opened = H5Fopen(file->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    RW_ASSERT(opened >= 0 && H5Ovisit2(opened, H5_INDEX_NAME, H5_ITER_INC, note_object, file, H5O_INFO_BASIC) >= 0);
    RW_ASSERT(file->n_objects > 0 && H5Fclose(opened) >= 0);
}

/* ---- changes ---- */

static void replace(choices *from, hid_t file, const char *name) {
    const hid_t types[] = {H5T_IEEE_F64LE, H5T_STD_I8LE,  H5T_STD_U64LE, H5T_IEEE_F32LE,
                           H5T_STD_I64LE,  H5T_STD_U32LE, H5T_C_S1,      H5T_STD_B16LE};
    uint8_t values[32 * 8];
    hsize_t dims[2] = {choose(from) % 17, 1 + choose(from) % 2};
    hid_t type = types[choose(from) % 8], space = H5Screate_simple(1 + choose(from) % 2, dims, NULL);
    (void)H5Ldelete(file, name, H5P_DEFAULT);
    hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    for (size_t k = 0; k < sizeof values; k++)
        values[k] = choose(from);
    if (dataset >= 0)
        (void)H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    (void)H5Dclose(dataset);
    (void)H5Sclose(space);
}

/* The first values of a dataset become others. */
static void overwrite(choices *from, hid_t file, const char *name) {
    static uint8_t values[1 << 16];
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (dataset < 0)
        return;
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    bool plain = H5Tget_class(type) == H5T_INTEGER || H5Tget_class(type) == H5T_FLOAT;
    if (plain && n > 0 && (size_t)n * H5Tget_size(type) <= sizeof values &&
        H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0) {
        for (size_t k = choose(from), last = k + choose(from) % 16; k < last && k < sizeof values; k++)
            values[k] = choose(from);
        (void)H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    }
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Dclose(dataset);
}

static void change(const sound_file *of, choices from) {
    hid_t file = H5Fopen(of->path, H5F_ACC_RDWR, H5P_DEFAULT);
    RW_ASSERT(file >= 0);
    for (int k = 0; k < 4 && from.at < from.end; k++) {
        const char *name = of->objects[choose(&from) % of->n_objects];
        uint8_t what = choose(&from) % 4;
        if (what == 0)
            (void)H5Ldelete(file, name, H5P_DEFAULT);
        else
            (what == 1 ? replace : overwrite)(&from, file, name);
    }
    (void)H5Fclose(file);
}

/* ---- what reads results ---- */

static void check(rw_err err) {
    RW_ASSERT(err == RW_OK || err == RW_DIFFERENT || err == RW_ERR_INPUT || err == RW_ERR_SYSTEM);
    RW_ASSERT(err == RW_OK || err == RW_DIFFERENT || strlen(rw_error_message()) > 0);
}

static rw_err report(rw_arena *arena) {
    rw_result_in result;
    RW_TRY(rw_result_in_open(&result, arena, changed));
    return rw_report_run(&(rw_figures){.arena = arena}, &result);
}

static rw_err compare(rw_arena *arena) {
    const rw_window late = {.name = "late", .from_ms = 10.0, .to_ms = 40.0};
    const char *results[] = {changed, other};
    rw_cohort cohort = {0};
    return rw_cohort_of_results(&cohort, arena, results, 2, &late, 1);
}

static void read_result(uint8_t how) {
    rw_arena *arena = NULL;
    char *difference = NULL;
    RW_ASSERT(rw_arena_create(&arena) == RW_OK);
    if (how % 3 == 0)
        check(report(arena));
    else if (how % 3 == 1)
        check(compare(arena));
    else
        check(rw_result_diff(changed, other, &difference));
    rw_free(difference);
    rw_arena_destroy(&arena);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    char scenario[100];
    const char *directory = place_make("result");
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    (void)snprintf(scenario, sizeof scenario, "%s/scenario.yaml", directory);
    (void)snprintf(changed, sizeof changed, "%s/changed", directory);
    (void)snprintf(other, sizeof other, "%s/other", directory);
    place_put(scenario, scenario_text, strlen(scenario_text));
    make_result(changed, scenario, "seed=1");
    make_result(other, scenario, "seed=2");
    for (int k = 0; k < N_FILES; k++)
        load(&files[k], names[k]);
    rw_arena *arena = NULL;
    RW_ASSERT(rw_arena_create(&arena) == RW_OK && report(arena) == RW_OK && compare(arena) == RW_OK);
    rw_arena_destroy(&arena);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    const sound_file *file = &files[data[0] % N_FILES];
    if (file->n_objects == 0)
        place_put(file->path, data + 2, size - 2);
    else
        change(file, (choices){data + 2, data + size});
    read_result(data[1]);
    place_put(file->path, file->bytes, file->size);
    return 0;
}

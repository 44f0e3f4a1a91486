/* Results: files are whole or named .part, names may be in any language, failures are reported, and run.json is true.
 */
#define _XOPEN_SOURCE 700 /* nftw */
#include <fcntl.h>
#include <ftw.h>
#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/diff.h"
#include "io/directory.h"
#include "io/nodes.h"
#include "io/result.h"
#include "io/sha256.h"
#include "network_builder.h"
#include "sim/advance.h"

/* A run in a folder of its own. */
typedef struct {
    network_builder builder;
    bool spikes[2];
    rw_report_spec report;
    rw_network *network;
    rw_simulation *sim;
    rw_result *result;
    rw_path folder;
} fixture;

static int make_fixture(void **state) {
    fixture *it = calloc(1, sizeof *it);
    it->folder = rw_path_of("%s/rewire.XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (mkdtemp(it->folder.text) == NULL)
        return -1;
    builder_start(&it->builder);
    rw_scenario *scenario = &it->builder.scenario;
    scenario->n_steps = 2000;
    uint32_t cells = builder_population(&it->builder, "lif_psc_exp", 30);
    builder_population(&it->builder, "lif_psc_exp", 1);
    static const rw_setting drive = {.field = 8, .value = {.kind = RW_CONSTANT, .a = 500.0}};
    assert_string_equal(it->builder.populations[cells].model->fields[drive.field].name, "I_e");
    it->builder.populations[cells].settings = &drive;
    it->builder.populations[cells].n_settings = 1;
    rw_projection_spec *projection = builder_projection(&it->builder, cells, cells, RW_CONNECT_ONE_TO_ONE);
    projection->autapses = true;
    builder_share(&it->builder, projection, false, rw_model_field(it->builder.populations[cells].model, "exc"), 1.0);
    builder_projection(&it->builder, cells, 1, RW_CONNECT_NONE);
    it->spikes[cells] = true;
    it->report =
        (rw_report_spec){.name = "V", .variable = "V_m", .unit = "mV", .targets = {.count = 30}, .every_steps = 7};
    it->report.field = rw_model_field(it->builder.populations[cells].model, "V_m");
    scenario->source_text = "rewire: 1\n";
    scenario->record = (rw_record_spec){
        .spikes = it->spikes, .snapshots = true, .series_steps = 100, .reports = &it->report, .n_reports = 1};
    *state = it;
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static int destroy_fixture(void **state) {
    fixture *it = *state;
    rw_result_destroy(&it->result);
    rw_simulation_destroy(&it->sim);
    rw_network_destroy(&it->network);
    int rc = nftw(it->folder.text, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(it);
    return rc;
}

static rw_path inside(const fixture *it, const char *name) {
    return rw_path_of("%s/%s", it->folder.text, name);
}

static bool exists(const fixture *it, const char *name) {
    return access(inside(it, name).text, F_OK) == 0;
}

/* Builds everything up to the first step. */
static void start(fixture *it, const char *directory) {
    const rw_run_info info = {.command_line = "rewire run \"test\"", .n_threads = 1};
    assert_ok(rw_network_create(&it->network, &it->builder.scenario, 1));
    assert_ok(rw_simulation_create(&it->sim, it->network));
    assert_ok(rw_result_create(&it->result, inside(it, directory).text, &it->builder.scenario, &info));
}

/* A whole run. */
static void run(fixture *it, const char *directory) {
    start(it, directory);
    assert_ok(rw_result_attach(it->result, it->sim));
    assert_ok(rw_simulation_advance(it->sim, it->builder.scenario.n_steps, NULL));
    assert_ok(rw_result_finish(it->result, it->sim, RW_OK));
    rw_result_destroy(&it->result);
    rw_simulation_destroy(&it->sim);
    rw_network_destroy(&it->network);
}

/* The text of a small file; free it. */
static char *read_text(const fixture *it, const char *name) {
    char *text = calloc(1, 1 << 20);
    FILE *file = fopen(inside(it, name).text, "r");
    assert_non_null(file);
    (void)fread(text, 1, (1 << 20) - 1, file);
    (void)fclose(file);
    return text;
}

static void assert_in_file(const fixture *it, const char *name, const char *part) {
    char *text = read_text(it, name);
    if (strstr(text, part) == NULL)
        fail_msg("%s has no %s:\n%s", name, part, text);
    free(text);
}

/* Length of a one-dimensional dataset, or of the first dimension; -1 if the file or the dataset cannot be opened. */
static long length_of(const char *path, const char *dataset) {
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t id = file >= 0 ? H5Dopen2(file, dataset, H5P_DEFAULT) : H5I_INVALID_HID;
    hsize_t size[2] = {0, 0};
    long length = -1;
    if (id >= 0) {
        hid_t space = H5Dget_space(id);
        H5Sget_simple_extent_dims(space, size, NULL);
        length = (long)size[0];
        H5Sclose(space);
        H5Dclose(id);
    }
    if (file >= 0)
        H5Fclose(file);
    return length;
}

static void a_checksum_is_the_published_one(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int times;
        const char *sum;
    } cases[] = {
        {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        rw_sha256 sum;
        char text[RW_SHA256_TEXT];
        rw_sha256_start(&sum);
        for (int k = 0; k < cases[i].times; k++)
            rw_sha256_add(&sum, cases[i].text, strlen(cases[i].text));
        assert_ok(rw_sha256_finish(&sum, text));
        assert_string_equal(text, cases[i].sum);
    }
}

static int refuse_unfinished(const char *path, const struct stat *info, int kind, struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    if (strstr(path, ".part") != NULL || strstr(path, ".reserve") != NULL)
        fail_msg("%s is left", path);
    return 0;
}

static void a_finished_run_leaves_whole_files_only(void **state) {
    fixture *it = *state;
    run(it, "new/parents/run");
    static const char *const files[] = {"run.json",  "scenario.yaml", "circuit_config.json", "simulation_config.json",
                                        "nodes.h5",  "spikes.h5",     "node_sets.json",      "node_types.csv",
                                        "series.h5", "reports/V.h5",  "edge_types.csv",      "edges/series.json"};
    for (size_t i = 0; i < RW_COUNT(files); i++)
        if (!exists(it, rw_path_of("new/parents/run/%s", files[i]).text))
            fail_msg("%s is missing", files[i]);
    assert_int_equal(nftw(inside(it, "new/parents/run").text, refuse_unfinished, 8, FTW_PHYS), 0);
    assert_in_file(it, "new/parents/run/run.json", "\"status\": \"done\"");
    assert_in_file(it, "new/parents/run/run.json", "\"command_line\": \"rewire run \\\"test\\\"\"");
    assert_in_file(it, "new/parents/run/run.json", "\"step_reached\": 2000");
    assert_true(length_of(inside(it, "new/parents/run/spikes.h5").text, "/spikes/population A/node_ids") > 100);
    assert_int_equal(length_of(inside(it, "new/parents/run/series.h5").text, "/time"), 21);
    assert_int_equal(length_of(inside(it, "new/parents/run/reports/V.h5").text, "/report/population A/data"),
                     1 + 2000 / 7);
}

static void equal_runs_are_equal_and_a_changed_one_is_found(void **state) {
    fixture *it = *state;
    char *report;
    run(it, "a");
    run(it, "b");
    assert_int_equal(rw_result_diff(inside(it, "a").text, inside(it, "b").text, &report), RW_OK);
    assert_null(report);
    it->builder.projections[0].weight.a = 30.0;
    run(it, "c");
    assert_int_equal(rw_result_diff(inside(it, "a").text, inside(it, "c").text, &report), RW_DIFFERENT);
    if (strstr(report, "edges/edges.t000000000000.h5: /edges/projection a/0/syn_weight[0]: 1 against 30") == NULL)
        fail_msg("%s", report);
    rw_free(report);
}

static void a_directory_with_another_run_is_refused(void **state) {
    fixture *it = *state;
    rw_result *second = NULL;
    const rw_run_info info = {0};
    run(it, "run");
    assert_int_equal(rw_result_create(&second, inside(it, "run").text, &it->builder.scenario, &info), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "holds another run"));
    assert_int_equal(mkdir(inside(it, "old").text, 0777), 0);
    FILE *left = fopen(inside(it, "old/spikes.h5.part").text, "w");
    (void)fclose(left);
    assert_int_equal(rw_result_create(&second, inside(it, "old").text, &it->builder.scenario, &info), RW_ERR_INPUT);
    assert_int_equal(mkdir(inside(it, "empty").text, 0777), 0);
    assert_ok(rw_result_create(&second, inside(it, "empty").text, &it->builder.scenario, &info));
    assert_in_file(it, "empty/run.json", "\"status\": \"running\"");
    rw_result_destroy(&second);
}

static void a_file_in_the_way_is_a_failure_of_the_system(void **state) {
    fixture *it = *state;
    rw_result *result = NULL;
    const rw_run_info info = {0};
    FILE *file = fopen(inside(it, "file").text, "w");
    (void)fclose(file);
    assert_int_equal(rw_result_create(&result, inside(it, "file/run").text, &it->builder.scenario, &info),
                     RW_ERR_SYSTEM);
    assert_null(result);
    assert_int_equal(rw_result_create(&result, inside(it, "file").text, &it->builder.scenario, &info), RW_ERR_SYSTEM);
    assert_null(result);
}

static void names_may_be_in_any_language_but_not_paths(void **state) {
    fixture *it = *state;
    rw_result *result = NULL;
    const rw_run_info info = {0};
    it->builder.populations[0].name = "neurönes \xe2\x86\x92 \xd0\xaf";
    run(it, "run");
    assert_true(length_of(inside(it, "run/nodes.h5").text, "/nodes/neurönes \xe2\x86\x92 \xd0\xaf/node_id") == 30);
    assert_in_file(it, "run/circuit_config.json", "\"neurönes \xe2\x86\x92 \xd0\xaf\": {");
    assert_in_file(it, "run/node_types.csv", "0 \"neurönes \xe2\x86\x92 \xd0\xaf\" point_neuron");
    it->builder.populations[0].name = "../outside";
    assert_int_equal(rw_result_create(&result, inside(it, "path").text, &it->builder.scenario, &info), RW_ERR_INPUT);
    assert_false(exists(it, "path"));
}

static void a_stopped_run_keeps_what_it_recorded(void **state) {
    fixture *it = *state;
    start(it, "run");
    assert_ok(rw_result_attach(it->result, it->sim));
    assert_ok(rw_simulation_advance(it->sim, 1234, NULL));
    assert_int_equal(rw_fail(RW_ERR_STOPPED, "stopped \"here\""), RW_ERR_STOPPED);
    assert_ok(rw_result_finish(it->result, it->sim, RW_ERR_STOPPED));
    assert_in_file(it, "run/run.json", "\"status\": \"interrupted\"");
    assert_in_file(it, "run/run.json", "\"message\": \"stopped \\\"here\\\"\"");
    assert_in_file(it, "run/run.json", "\"step_reached\": 1234");
    assert_true(exists(it, "run/edges/edges.t000000001234.h5"));
    assert_int_equal(length_of(inside(it, "run/series.h5").text, "/time"), 14);
    assert_true(length_of(inside(it, "run/spikes.h5").text, "/spikes/population A/node_ids") > 100);
}

/* Length of a dataset in a copy of the file, which is what a kill would leave: what HDF5 holds back is not in it. */
static long length_of_copy(const fixture *it, const char *name, const char *dataset) {
    char buffer[4096];
    FILE *from = fopen(inside(it, name).text, "r"), *to = fopen(inside(it, "copy.h5").text, "w");
    assert_non_null(from);
    assert_non_null(to);
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, from)) > 0;)
        assert_int_equal(fwrite(buffer, 1, n, to), n);
    (void)fclose(from);
    assert_int_equal(fclose(to), 0);
    return length_of(inside(it, "copy.h5").text, dataset);
}

static void a_killed_run_leaves_readable_parts(void **state) {
    fixture *it = *state;
    start(it, "run");
    assert_ok(rw_result_attach(it->result, it->sim));
    assert_ok(rw_simulation_advance(it->sim, 1999, NULL));
    assert_true(length_of_copy(it, "run/spikes.h5.part", "/spikes/population A/node_ids") > 100);
    assert_true(length_of_copy(it, "run/series.h5.part", "/time") >= 18); /* a tenth of the run may be missing */
    assert_true(length_of_copy(it, "run/reports/V.h5.part", "/report/population A/data") > 250);
    assert_in_file(it, "run/run.json", "\"status\": \"running\"");
    assert_false(exists(it, "run/spikes.h5"));
}

/* Runs on a disk that fills up, and finishes while it is full or after space was freed. Files may not grow beyond a
 * limit, which is what a full disk does, as seen from the program. */
static void fill_the_disk(fixture *it, const char *directory, bool freed_before_finish, char *message, size_t size) {
    struct rlimit old;
    it->builder.scenario.n_steps = 400000;       /* more spikes than the limit allows */
    it->builder.scenario.checkpoint.none = true; /* it is HDF5 that meets the limit, not the journal */
    start(it, directory);
    assert_ok(rw_result_attach(it->result, it->sim));
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    const struct rlimit small = {100 * 1024, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    rw_err err = rw_simulation_advance(it->sim, it->builder.scenario.n_steps, NULL);
    (void)snprintf(message, size, "%s", rw_error_message());
    if (freed_before_finish)
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    rw_err finished = rw_result_finish(it->result, it->sim, err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(err, RW_ERR_SYSTEM);
    assert_ok(finished);
    rw_result_destroy(&it->result);
    rw_simulation_destroy(&it->sim);
    rw_network_destroy(&it->network);
}

static void a_full_disk_is_told_and_nothing_looks_whole(void **state) {
    fixture *it = *state;
    for (int freed = 0; freed < 2; freed++) {
        char message[1024];
        const char *name = freed ? "freed" : "full";
        fill_the_disk(it, name, freed, message, sizeof message);
        char *end = strstr(message, ".part: cannot write");
        if (end == NULL || strstr(message, "file write failed: File too large; free space") == NULL)
            fail_msg("%s", message);
        assert_in_file(it, rw_path_of("%s/run.json", name).text, "\"status\": \"failed\"");
        assert_in_file(it, rw_path_of("%s/run.json", name).text, "File too large; free space");
        *end = '\0'; /* the message begins with the path of the file that could not be written */
        assert_int_not_equal(access(message, F_OK), 0);
        assert_int_equal(access(rw_path_of("%s.part", message).text, F_OK), 0);
        assert_false(exists(it, rw_path_of("%s/run.json.reserve", name).text));
    }
}

static void a_locked_file_is_told_with_the_way_out(void **state) {
    fixture *it = *state;
    char *report;
    run(it, "run");
    int file = open(inside(it, "run/series.h5").text, O_RDWR);
    assert_int_equal(flock(file, LOCK_EX), 0);
    rw_err err = rw_result_diff(inside(it, "run").text, inside(it, "run").text, &report);
    (void)close(file);
    assert_int_equal(err, RW_ERR_SYSTEM);
    if (strstr(rw_error_message(), "run/series.h5") == NULL ||
        strstr(rw_error_message(), "HDF5_USE_FILE_LOCKING") == NULL)
        fail_msg("%s", rw_error_message());
}

/* Its pages would become memory, as they did for the cells of all other ranks. Whoever reads here gets a signal. */
static void a_rank_that_does_not_write_reads_no_cell(void **state) {
    fixture *it = *state;
    rw_comm *one_of_two = NULL;
    rw_directory directory;
    long page = sysconf(_SC_PAGESIZE);
    double *unreadable = mmap(NULL, (size_t)page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(unreadable, MAP_FAILED);
    assert_ok(rw_comm_pretend(&one_of_two, 1, 2));
    assert_ok(rw_network_create_part(&it->network, &it->builder.scenario, one_of_two, 1));
    assert_ok(rw_simulation_create(&it->sim, it->network));
    assert_ok(rw_directory_open_non_writing(&directory, inside(it, "non_writing").text));
    const rw_block *cells = &it->network->populations[0].neuron;
    double *readable[64];
    assert_in_range(cells->model->n_fields, 1, RW_COUNT(readable));
    for (size_t f = 0; f < cells->model->n_fields; f++) {
        readable[f] = cells->columns[f].values;
        cells->columns[f].values = unreadable;
    }
    rw_err err = rw_nodes_write(&directory, it->sim);
    for (size_t f = 0; f < cells->model->n_fields; f++)
        cells->columns[f].values = readable[f];
    assert_ok(err);
    assert_non_null(rw_directory_find(&directory, "nodes.h5"));
    rw_directory_close(&directory);
    assert_false(exists(it, "non_writing"));
    rw_simulation_destroy(&it->sim);
    rw_network_destroy(&it->network);
    rw_comm_destroy(&one_of_two, RW_OK);
    assert_int_equal(munmap(unreadable, (size_t)page), 0);
}

#define result_test(name) cmocka_unit_test_setup_teardown(name, make_fixture, destroy_fixture)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checksum_is_the_published_one),
        result_test(a_finished_run_leaves_whole_files_only),
        result_test(equal_runs_are_equal_and_a_changed_one_is_found),
        result_test(a_directory_with_another_run_is_refused),
        result_test(a_file_in_the_way_is_a_failure_of_the_system),
        result_test(names_may_be_in_any_language_but_not_paths),
        result_test(a_stopped_run_keeps_what_it_recorded),
        result_test(a_killed_run_leaves_readable_parts),
        result_test(a_locked_file_is_told_with_the_way_out),
        result_test(a_full_disk_is_told_and_nothing_looks_whole),
        result_test(a_rank_that_does_not_write_reads_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* rewire sweep: many runs of one scenario. The work is done in engine/study; here are its words. */
#define _GNU_SOURCE /* prctl */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/json.h"
#include "base/nearest.h"
#include "cli/commands.h"
#include "cli/cost.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "config/document.h"
#include "study/collect.h"
#include "study/point.h"
#include "study/pool.h"
#include "study/slurm.h"

/* Everything that can be said to any of the words; each takes some of it. */
typedef struct {
    const char *words[2];
    const char *directory, *points, *into, *worker, *time, *memory;
    int jobs, threads, per_task, max_parallel;
    bool quiet, as_json, any_version, mpi, failed;
} said;

static volatile sig_atomic_t stop_signal;

static void on_signal(int number) {
    stop_signal = number;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* ---- which sweep ---- */

static bool is_file_of_sweep(const char *word) {
    size_t length = strlen(word);
    return (length > 5 && strcmp(word + length - 5, ".yaml") == 0) ||
           (length > 4 && strcmp(word + length - 4, ".yml") == 0);
}

/* out/NAME of NAME.yaml, unless -o says where; a word that is no YAML file is the directory itself. */
static rw_path directory_of(const said *it) {
    const char *word = it->words[0], *slash = strrchr(word, '/'), *name = slash != NULL ? slash + 1 : word;
    if (!is_file_of_sweep(word))
        return rw_path_of("%s", word);
    if (it->directory != NULL)
        return rw_path_of("%s", it->directory);
    return rw_path_of("out/%.*s", (int)(strrchr(name, '.') - name), name);
}

/* Opens the sweep that the first word names, after freezing it if that is a file. */
static rw_err open_sweep(const said *it, rw_sweep **sweep) {
    rw_path directory = directory_of(it);
    *sweep = NULL;
    RW_CHECK(is_file_of_sweep(it->words[0]) || it->directory == NULL, RW_ERR_INPUT,
             "-o is for a sweep's file; %s is a directory", it->words[0]);
    if (is_file_of_sweep(it->words[0]))
        RW_TRY(rw_sweep_freeze(it->words[0], directory.text));
    return rw_sweep_open(sweep, directory.text, it->any_version);
}

/* ---- plan ---- */

static rw_err plan(const said *it) {
    rw_sweep *sweep = NULL;
    RW_CHECK(is_file_of_sweep(it->words[0]), RW_ERR_INPUT, "%s: give the file of a sweep, NAME.yaml", it->words[0]);
    RW_TRY(open_sweep(it, &sweep));
    const rw_plan *made = sweep->plan;
    if (it->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "directory", sweep->path);
        rw_json_integer(&json, "points", sweep->points.n_points);
        rw_json_text(&json, "plan_sha256", sweep->hash);
        rw_json_close_object(&json);
    } else if (!it->quiet) {
        size_t each = made->n_arms * (size_t)(made->n_subjects * made->n_replicates);
        (void)printf("%s\n  %zu points: %zu of the design (%s) x %zu arm%s x %" PRIu64 " subject%s x %" PRIu64
                     " replicate%s\n  planned in %s; the points are in points.csv there\n\nRun it with\n"
                     "  rewire sweep run %s\n",
                     made->title[0] != '\0' ? made->title : it->words[0], sweep->points.n_points,
                     sweep->points.n_points / each, rw_design_names[made->design], made->n_arms,
                     made->n_arms == 1 ? "" : "s", made->n_subjects, made->n_subjects == 1 ? "" : "s",
                     made->n_replicates, made->n_replicates == 1 ? "" : "s", sweep->path, sweep->path);
    }
    rw_sweep_close(&sweep);
    return RW_OK;
}

/* ---- run ---- */

/* first-last, or one point. */
static rw_err read_range(const char *text, size_t n_points, size_t *first, size_t *last) {
    char *end = NULL;
    *first = 0;
    *last = n_points;
    if (text == NULL)
        return RW_OK;
    *first = strtoul(text, &end, 10);
    bool right = end != text;
    *last = *first;
    if (right && *end == '-') {
        const char *second = end + 1;
        *last = strtoul(second, &end, 10);
        right = end != second;
    }
    RW_CHECK(right && *end == '\0' && *first <= *last && *last < n_points, RW_ERR_INPUT,
             "--points %s: write first-last, from 0 to %zu", text, n_points - 1);
    ++*last;
    return RW_OK;
}

static double available_bytes(void) {
    return (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

static rw_err memory_of_point(const rw_sweep *sweep, int threads, double *bytes) {
    rw_scenario *scenario = NULL;
    rw_cost cost;
    const rw_point *last = &sweep->points.points[sweep->points.n_points - 1];
    RW_TRY(rw_scenario_read(&scenario, rw_path_of("%s/base.yaml", sweep->path).text, last->set, last->n_set));
    rw_err err = rw_cost_predict(&cost, scenario, 1, threads);
    rw_scenario_destroy(&scenario);
    *bytes = err == RW_OK ? cost.memory_bytes : 0.0;
    return err;
}

/* Points at a time and threads of each: one thread a point keeps cores busiest, as long as memory suffices. */
static rw_err choose_jobs(const said *it, const rw_sweep *sweep, size_t n_points, int *jobs, int *threads) {
    int cores = 1;
    double bytes = 0.0;
    RW_TRY(rw_request_threads(&(rw_request){0}, &cores));
    *threads = it->threads > 0 ? it->threads : sweep->plan->threads > 0 ? sweep->plan->threads : 0;
    *jobs = it->jobs;
    if (*jobs == 0) {
        int each = *threads > 0 ? *threads : 1;
        RW_TRY(memory_of_point(sweep, each, &bytes));
        double fit = 0.8 * available_bytes() / bytes;
        *jobs = cores / each > 1 ? cores / each : 1;
        if (fit < *jobs)
            *jobs = fit > 1.0 ? (int)fit : 1;
        if ((size_t)*jobs > n_points)
            *jobs = (int)n_points;
    }
    if (*threads == 0)
        *threads = cores / *jobs > 1 ? cores / *jobs : 1;
    if (!it->quiet)
        (void)fprintf(stderr, "%d point%s at a time, %d thread%s each\n", *jobs, *jobs == 1 ? "" : "s", *threads,
                      *threads == 1 ? "" : "s");
    return RW_OK;
}

typedef struct {
    bool terminal;
    double began_s, shown_s;
    size_t before; /* points done or failed when it began */
} display;

static void show(void *self, size_t done, size_t failed, size_t total) {
    display *it = self;
    double now_s = rw_progress_clock();
    if (now_s - it->shown_s < (it->terminal ? 0.2 : 60.0))
        return;
    it->shown_s = now_s;
    size_t ended = done + failed, left = total - it->before - ended;
    (void)fprintf(stderr, "%s%zu of %zu points done, %zu failed; about %s to go%s", it->terminal ? "\r\033[K" : "",
                  it->before + ended, total, failed,
                  rw_format_duration((now_s - it->began_s) / (double)ended * (double)left).text,
                  it->terminal ? "" : "\n");
    (void)fflush(stderr);
}

static void report_run(const said *it, const rw_sweep *sweep, const rw_pool_result *result, int jobs) {
    double busy = result->wall_s > 0.0 ? result->busy_s / (jobs * result->wall_s) : 1.0;
    if (it->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "directory", sweep->path);
        rw_json_integer(&json, "done", result->done);
        rw_json_integer(&json, "failed", result->failed);
        rw_json_integer(&json, "skipped", result->skipped);
        rw_json_integer(&json, "elsewhere", result->elsewhere);
        rw_json_number(&json, "wall_s", result->wall_s);
        rw_json_number(&json, "busy", busy);
        rw_json_close_object(&json);
    } else if (!it->quiet) {
        (void)printf("%zu points done in %s, %zu failed, %zu there before; workers busy %.0f %%\n", result->done,
                     rw_format_duration(result->wall_s).text, result->failed, result->skipped, 100.0 * busy);
        if (result->elsewhere > 0)
            (void)printf("%zu points are with other workers\n", result->elsewhere);
    }
}

/* Collects once everything is there, so that `run` ends with a table. */
static rw_err finish_run(const said *it, const rw_sweep *sweep) {
    rw_sweep_status status;
    size_t n_done = 0;
    RW_TRY(rw_sweep_status_read(sweep, &status));
    if (status.count[RW_POINT_MISSING] == 0 && status.count[RW_POINT_RUNNING] == 0) {
        RW_TRY(rw_sweep_collect(sweep, &n_done));
        if (!it->quiet && !it->as_json)
            (void)printf("The table is %s/results.csv. Look further with\n  rewire compare %s\n  rewire report %s\n",
                         sweep->path, sweep->path, sweep->path);
    }
    RW_CHECK(status.count[RW_POINT_FAILED] == 0, RW_ERR_SYSTEM,
             "%zu of %zu points failed; `rewire sweep status %s` says why, `rewire sweep retry %s` runs them again",
             status.count[RW_POINT_FAILED], sweep->points.n_points, sweep->path, sweep->path);
    return RW_OK;
}

static rw_err run_points(const said *it, const rw_sweep *sweep) {
    rw_path program;
    rw_pool_options options = {.program = program.text, .stop = &stop_signal};
    rw_pool_result result = {0};
    display screen = {.terminal = isatty(STDERR_FILENO) == 1, .began_s = rw_progress_clock()};
    rw_sweep_status status;
    RW_CHECK(!it->mpi, RW_ERR_INPUT,
             "--mpi is not there yet; start `rewire sweep run` on every node of the allocation instead: workers on "
             "several machines share the points of one directory");
    ssize_t length = readlink("/proc/self/exe", program.text, sizeof program.text - 1);
    RW_CHECK(length > 0, RW_ERR_SYSTEM, "/proc/self/exe cannot be read, so the program cannot be started for a point");
    program.text[length] = '\0';
    RW_TRY(read_range(it->points, sweep->points.n_points, &options.first, &options.last));
    RW_TRY(choose_jobs(it, sweep, options.last - options.first, &options.jobs, &options.threads));
    RW_TRY(rw_sweep_status_read(sweep, &status));
    screen.before = status.count[RW_POINT_DONE] + status.count[RW_POINT_FAILED];
    screen.shown_s = screen.began_s;
    options.progress = it->quiet ? NULL : show;
    options.self = &screen;
    catch_signals();
    rw_err err = rw_pool_run(sweep, &options, &result);
    if (screen.terminal && !it->quiet)
        (void)fprintf(stderr, "\r\033[K");
    if (err != RW_OK)
        return err;
    report_run(it, sweep, &result, options.jobs);
    return finish_run(it, sweep);
}

static rw_err run(const said *it) {
    rw_sweep *sweep = NULL;
    RW_TRY(open_sweep(it, &sweep));
    rw_err err = run_points(it, sweep);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err retry(const said *it) {
    rw_sweep *sweep = NULL;
    size_t count = 0;
    RW_TRY(open_sweep(it, &sweep));
    rw_err err = rw_sweep_forget_failures(sweep, &count);
    if (err == RW_OK && !it->quiet)
        (void)fprintf(stderr, "%zu failed point%s to run again\n", count, count == 1 ? "" : "s");
    if (err == RW_OK)
        err = run_points(it, sweep);
    rw_sweep_close(&sweep);
    return err;
}

/* ---- one point, in a process of its own ---- */

/* The worker is the parent: a point does not outlive it. */
static rw_err tie_to_worker(const char *worker) {
    if (worker == NULL)
        return RW_OK;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    RW_CHECK(strtol(worker, NULL, 10) == (long)getppid(), RW_ERR_STOPPED, "the worker of this point is gone");
    return RW_OK;
}

static rw_err run_point(const said *it, const rw_sweep *sweep, size_t id) {
    const char **words = NULL;
    size_t count = 0;
    if (sweep->plan->memory_limit_byte > 0.0) {
        struct rlimit limit = {(rlim_t)sweep->plan->memory_limit_byte, (rlim_t)sweep->plan->memory_limit_byte};
        (void)setrlimit(RLIMIT_AS, &limit); /* without a limit the point still runs */
    }
    RW_TRY(rw_sweep_point_words(sweep, id, it->into, it->threads > 0 ? it->threads : 1, &words, &count));
    RW_TRY(rw_command_run((int)count, (char **)words)); /* only read */
    return rw_point_measure(sweep, it->into);
}

static rw_err point(const said *it) {
    rw_sweep *sweep = NULL;
    size_t first = 0, last = 0;
    RW_TRY(tie_to_worker(it->worker));
    RW_CHECK(it->into != NULL, RW_ERR_INPUT, "say where the point's result goes: --into DIR");
    RW_TRY(rw_sweep_open(&sweep, it->words[0], true));
    rw_err err = read_range(it->words[1], sweep->points.n_points, &first, &last);
    if (err == RW_OK)
        err = run_point(it, sweep, first);
    rw_sweep_close(&sweep);
    return err;
}

/* ---- status and collect ---- */

enum { FAILURES_SHOWN = 10 };

static rw_err print_failures(const rw_sweep *sweep) {
    rw_point_state *states = NULL;
    size_t shown = 0;
    RW_TRY(rw_arena_allocate(sweep->arena, &states, sweep->points.n_points, sizeof *states));
    RW_TRY(rw_sweep_states(sweep, states));
    for (size_t i = 0; i < sweep->points.n_points && shown < FAILURES_SHOWN; i++) {
        rw_point_failure why;
        if (states[i] != RW_POINT_FAILED)
            continue;
        RW_TRY(rw_point_failure_read(sweep, i, sweep->arena, &why));
        size_t length = strcspn(why.last_words, "\n");
        (void)printf("  point %zu: %s%s%.*s\n", i, why.reason, length > 0 ? ": " : "",
                     (int)(length < 300 ? length : 300), why.last_words);
        shown++;
    }
    return RW_OK;
}

static rw_err print_status(const said *it, const rw_sweep *sweep) {
    rw_sweep_status status;
    RW_TRY(rw_sweep_status_read(sweep, &status));
    const size_t *count = status.count, left = count[RW_POINT_MISSING] + count[RW_POINT_RUNNING];
    double eta_s = status.points_per_s > 0.0 ? (double)left / status.points_per_s : 0.0;
    if (it->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_integer(&json, "points", sweep->points.n_points);
        for (rw_point_state state = 0; state < RW_POINT_STATES; state++)
            rw_json_integer(&json, rw_point_state_name(state), count[state]);
        rw_json_number(&json, "points_per_s", status.points_per_s);
        rw_json_number(&json, "eta_s", eta_s);
        rw_json_close_object(&json);
        return RW_OK;
    }
    (void)printf("%s: %zu points: %zu done, %zu running, %zu failed, %zu missing\n", sweep->path,
                 sweep->points.n_points, count[RW_POINT_DONE], count[RW_POINT_RUNNING], count[RW_POINT_FAILED],
                 count[RW_POINT_MISSING]);
    if (left > 0 && count[RW_POINT_RUNNING] > 0 && status.points_per_s > 0.0)
        (void)printf("about %s to go at the pace of the last points\n", rw_format_duration(eta_s).text);
    return count[RW_POINT_FAILED] > 0 ? print_failures(sweep) : RW_OK;
}

static rw_err status(const said *it) {
    rw_sweep *sweep = NULL;
    RW_TRY(rw_sweep_open(&sweep, directory_of(it).text, true));
    rw_err err = print_status(it, sweep);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err collect(const said *it) {
    rw_sweep *sweep = NULL;
    size_t n_done = 0;
    RW_TRY(rw_sweep_open(&sweep, directory_of(it).text, it->any_version));
    rw_err err = rw_sweep_collect(sweep, &n_done);
    if (err == RW_OK && !it->quiet)
        (void)printf("%zu of %zu points are in %s/results.csv and results.h5\n", n_done, sweep->points.n_points,
                     sweep->path);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err slurm(const said *it) {
    rw_sweep *sweep = NULL;
    const rw_slurm_options options = {.per_task = it->per_task,
                                      .max_parallel = it->max_parallel,
                                      .threads = it->threads,
                                      .jobs = it->jobs,
                                      .time = it->time,
                                      .memory = it->memory};
    rw_path program;
    ssize_t length = readlink("/proc/self/exe", program.text, sizeof program.text - 1);
    RW_CHECK(length > 0, RW_ERR_SYSTEM, "/proc/self/exe cannot be read, so the script would not find the program");
    program.text[length] = '\0';
    RW_TRY(open_sweep(it, &sweep));
    rw_err err = rw_slurm_print(stdout, sweep, program.text, &options);
    rw_sweep_close(&sweep);
    return err;
}

/* ---- words ---- */

typedef struct {
    const char *name, *positional;
    size_t n_words;
    rw_err (*act)(const said *it);
    const char *options; /* letters of the table below */
    const char *doc;
} word;

static const word words[] = {
    {"plan", "SWEEP.yaml", 1, plan, "oqj",
     "Freezes a sweep: lists its points in points.csv and checks their scenarios. Nothing is simulated."},
    {"run", "SWEEP.yaml|DIR", 1, run, "onhpqjam",
     "Runs every point that has neither finished nor failed, each as a process of its own, and collects the table\n"
     "when all are there. Give the same command again after any interruption; several may work on one sweep."},
    {"slurm", "SWEEP.yaml|DIR", 1, slurm, "onhkxtya",
     "Prints a script that submits the sweep to Slurm: a job array with several points per task, and a job that\n"
     "collects when all tasks ended, well or badly. `rewire sweep slurm DIR > submit.sh; sh submit.sh`"},
    {"status", "DIR", 1, status, "j",
     "How many points are done, running, failed, missing; how long it will take; why points failed."},
    {"retry", "DIR", 1, retry, "fnhqja", "Runs the failed points again."},
    {"collect", "DIR", 1, collect, "qa",
     "Writes results.csv and results.h5: a row per point with its parameters and outcome measures."},
    {"point", "DIR POINT", 2, point, "ihw", "Runs one point; this is what the others start."},
};

enum { N_WORDS = sizeof words / sizeof words[0], N_OPTIONS = 15 };

static void print_help(void) {
    (void)printf("usage: rewire sweep WORD ...\n\n");
    for (size_t i = 0; i < N_WORDS; i++)
        (void)printf("  rewire sweep %-8s%-16s%.*s\n", words[i].name, words[i].positional,
                     (int)strcspn(words[i].doc, ":;.,\n"), words[i].doc);
    (void)printf("\n`rewire sweep WORD --help` lists options; several words take --json. configs/README.md describes\n"
                 "the file of a sweep.\n");
}

static rw_err act(const word *chosen, int argc, char **argv) {
    said it = {0};
    bool help = false;
    const struct {
        char letter;
        rw_option option;
    } all[N_OPTIONS] = {
        {'o', {"--output", "-o", RW_OPTION_TEXT, &it.directory, "DIR", "the sweep's directory (default: out/NAME)"}},
        {'n',
         {"--jobs", NULL, RW_OPTION_COUNT, &it.jobs, "N", "points at a time (default: as cores and memory allow)"}},
        {'h',
         {"--threads", NULL, RW_OPTION_COUNT, &it.threads, "N", "threads of a point; results do not depend on it"}},
        {'p', {"--points", NULL, RW_OPTION_TEXT, &it.points, "A-B", "only these points, both ends included"}},
        {'k',
         {"--per-task", NULL, RW_OPTION_COUNT, &it.per_task, "K",
          "points of one task (default: so that there are 100 tasks)"}},
        {'x',
         {"--max-parallel", NULL, RW_OPTION_COUNT, &it.max_parallel, "M", "tasks at a time (default: as Slurm likes)"}},
        {'t', {"--time", NULL, RW_OPTION_TEXT, &it.time, "HH:MM:SS", "time limit of a task"}},
        {'y', {"--mem", NULL, RW_OPTION_TEXT, &it.memory, "SIZE", "memory of a task, as Slurm writes it: 4G"}},
        {'i', {"--into", NULL, RW_OPTION_TEXT, &it.into, "DIR", "where the point's result goes"}},
        {'w', {"--worker", NULL, RW_OPTION_TEXT, &it.worker, "PID", "the process that started this one; ends with it"}},
        {'f', {"--failed", NULL, RW_OPTION_FLAG, &it.failed, NULL, "the failed points (this is the default)"}},
        {'m', {"--mpi", NULL, RW_OPTION_FLAG, &it.mpi, NULL, "not there yet: refused"}},
        {'a',
         {"--allow-mixed", NULL, RW_OPTION_FLAG, &it.any_version, NULL,
          "also if another version of rewire planned it"}},
        {'q', {"--quiet", NULL, RW_OPTION_FLAG, &it.quiet, NULL, "print nothing but errors"}},
        {'j', {"--json", NULL, RW_OPTION_FLAG, &it.as_json, NULL, "one JSON object on standard output"}},
    };
    rw_option options[N_OPTIONS];
    size_t n = 0;
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strchr(chosen->options, all[i].letter) != NULL)
            options[n++] = all[i].option;
    const rw_usage usage = {.name = rw_path_of("sweep %s", chosen->name).text,
                            .positional = chosen->positional,
                            .min_positional = chosen->n_words,
                            .max_positional = chosen->n_words,
                            .options = options,
                            .n_options = n,
                            .doc = chosen->doc};
    RW_TRY(rw_options_parse(&usage, argc, argv, it.words, &help));
    return help ? RW_OK : chosen->act(&it);
}

rw_err rw_command_sweep(int argc, char **argv) {
    const char *names[N_WORDS];
    if (argc < 1 || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        print_help();
        return argc > 0 ? RW_OK : rw_fail(RW_ERR_INPUT, "say what to do with a sweep, for example `rewire sweep run`");
    }
    for (size_t i = 0; i < N_WORDS; i++) {
        names[i] = words[i].name;
        if (strcmp(argv[0], words[i].name) == 0)
            return act(&words[i], argc - 1, argv + 1);
    }
    const char *nearest = rw_nearest(argv[0], names, N_WORDS);
    if (nearest != NULL)
        return rw_fail(RW_ERR_INPUT, "`rewire sweep %s` is not known; did you mean `rewire sweep %s`?", argv[0],
                       nearest);
    return rw_fail(RW_ERR_INPUT, "`rewire sweep %s` is not known; `rewire sweep --help` lists what is", argv[0]);
}

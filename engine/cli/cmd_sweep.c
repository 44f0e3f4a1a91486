#include "cli/cmd_sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/count.h"
#include "base/json.h"
#include "base/nearest.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/sweep_point.h"
#include "cli/sweep_run.h"
#include "cli/usage.h"
#include "io/permission.h"
#include "study/comparison/reach.h"
#include "study/comparison/statistics.h"
#include "study/sweep/point_failure.h"
#include "study/sweep/slurm.h"
#include "study/sweep/status.h"
#include "study/sweep/sweep_results.h"

/* ---- plan ---- */

static void print_saving(const rw_baseline_saving *saving) {
    if (saving->n_baselines == 0)
        (void)printf("  no two points have the same beginning, so each is run from its start\n");
    else
        (void)printf("  %zu points share %zu beginning%s until the first dose or blockade: %s instead of %s are "
                     "simulated, %.0f %% less\n",
                     saving->n_points, saving->n_baselines, saving->n_baselines == 1 ? "" : "s",
                     rw_format_duration(1e-3 * (saving->all_ms - saving->saved_ms)).text,
                     rw_format_duration(1e-3 * saving->all_ms).text, 100.0 * saving->saved_ms / saving->all_ms);
}

static void print_plan(const rw_sweep_arguments *arguments, const rw_sweep *sweep) {
    const rw_sweep_plan *made = sweep->plan;
    const size_t pairs = (size_t)(made->n_subjects * made->n_replicates), each = made->n_arms * pairs;
    (void)printf(
        "%s\n  %zu points: %zu of the design (%s) x %zu arm%s x %" PRIu64 " subject%s x %" PRIu64 " replicate%s\n",
        made->title[0] != '\0' ? made->title : arguments->words[0], sweep->points.n_points,
        sweep->points.n_points / each, rw_design_names[made->design], made->n_arms, made->n_arms == 1 ? "" : "s",
        made->n_subjects, made->n_subjects == 1 ? "" : "s", made->n_replicates, made->n_replicates == 1 ? "" : "s");
    if (made->share)
        print_saving(&sweep->saving);
    if (sweep->points.n_points > pairs && made->design < RW_DESIGN_LHS)
        (void)printf("  %s\n", rw_reach_of(pairs, 1).text);
    (void)printf("  planned in %s; the points are in points.csv there\n\nRun it with\n  rewire sweep run %s\n",
                 sweep->path, sweep->path);
}

static rw_err plan(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    RW_CHECK(rw_sweep_arguments_name_file(arguments), RW_ERR_INPUT, "%s: give the file of a sweep, NAME.yaml",
             arguments->words[0]);
    RW_TRY(rw_sweep_arguments_open(arguments, &sweep));
    if (arguments->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "directory", sweep->path);
        rw_json_integer(&json, "points", sweep->points.n_points);
        rw_json_integer(&json, "baselines", sweep->saving.n_baselines);
        rw_json_integer(&json, "points_that_share", sweep->saving.n_points);
        rw_json_number(&json, "simulated_ms", sweep->saving.all_ms - sweep->saving.saved_ms);
        rw_json_number(&json, "simulated_ms_without_sharing", sweep->saving.all_ms);
        rw_json_integer(&json, "pairs", sweep->plan->n_subjects * sweep->plan->n_replicates);
        rw_json_number(&json, "least_p",
                       rw_permutation_least((size_t)(sweep->plan->n_subjects * sweep->plan->n_replicates)));
        rw_json_text(&json, "plan_sha256", sweep->hash);
        rw_json_close_object(&json);
    } else if (!arguments->quiet) {
        print_plan(arguments, sweep);
    }
    rw_sweep_close(&sweep);
    return RW_OK;
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

static rw_err print_status(const rw_sweep_arguments *arguments, const rw_sweep *sweep) {
    rw_sweep_status status;
    RW_TRY(rw_sweep_status_read(sweep, &status));
    const size_t *count = status.count, left = count[RW_POINT_MISSING] + count[RW_POINT_RUNNING];
    double eta_s = status.points_per_s > 0.0 ? (double)left / status.points_per_s : 0.0;
    if (arguments->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_integer(&json, "points", sweep->points.n_points);
        for (rw_point_state state = 0; state < RW_POINT_STATES; state++)
            rw_json_integer(&json, rw_point_state_name(state), count[state]);
        rw_json_integer(&json, "baselines_running", status.baselines_running);
        rw_json_number(&json, "points_per_s", status.points_per_s);
        rw_json_number(&json, "eta_s", eta_s);
        rw_json_close_object(&json);
        return RW_OK;
    }
    (void)printf("%s: %zu points: %zu done, %zu running, %zu failed, %zu missing\n", sweep->path,
                 sweep->points.n_points, count[RW_POINT_DONE], count[RW_POINT_RUNNING], count[RW_POINT_FAILED],
                 count[RW_POINT_MISSING]);
    if (status.baselines_running > 0)
        (void)printf("%zu beginning%s that points share %s being run\n", status.baselines_running,
                     status.baselines_running == 1 ? "" : "s", status.baselines_running == 1 ? "is" : "are");
    if (left > 0 && count[RW_POINT_RUNNING] > 0 && status.points_per_s > 0.0)
        (void)printf("about %s to go at the pace of the last points\n", rw_format_duration(eta_s).text);
    return count[RW_POINT_FAILED] > 0 ? print_failures(sweep) : RW_OK;
}

static rw_err status(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    RW_TRY(rw_sweep_open(&sweep, rw_sweep_arguments_directory(arguments).text, true));
    rw_err err = print_status(arguments, sweep);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err collect(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    size_t n_done = 0;
    RW_TRY(rw_sweep_open(&sweep, rw_sweep_arguments_directory(arguments).text, arguments->any_version));
    rw_err err = rw_sweep_collect(sweep, &n_done);
    if (err == RW_OK && !arguments->quiet)
        (void)printf("%zu of %zu points are in %s/results.csv and results.h5\n", n_done, sweep->points.n_points,
                     sweep->path);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err slurm(const rw_sweep_arguments *arguments) {
    rw_sweep *sweep = NULL;
    const rw_slurm_options options = {.per_task = arguments->per_task,
                                      .max_parallel = arguments->max_parallel,
                                      .threads = arguments->threads,
                                      .jobs = arguments->jobs,
                                      .time = arguments->time,
                                      .memory = arguments->memory};
    rw_path program;
    RW_TRY(rw_sweep_arguments_program(&program));
    RW_TRY(rw_sweep_arguments_open(arguments, &sweep));
    rw_err err = rw_slurm_print(stdout, sweep, program.text, &options);
    rw_sweep_close(&sweep);
    return err;
}

/* ---- subcommands ---- */

typedef struct {
    const char *name, *positional;
    size_t n_words;
    rw_err (*act)(const rw_sweep_arguments *arguments);
    const char *options; /* letters of the table below */
    const char *doc;
} word;

static const word words[] = {
    {"plan", "SWEEP.yaml", 1, plan, "oqjr",
     "Freezes a sweep: lists its points in points.csv and checks their scenarios. Nothing is simulated."},
    {"run", "SWEEP.yaml|DIR", 1, rw_command_sweep_run, "onhpqjamr",
     "Runs every point that has neither finished nor failed, each as a process of its own, and collects the table\n"
     "when all are there. Give the same command again after any interruption; several may work on one sweep."},
    {"slurm", "SWEEP.yaml|DIR", 1, slurm, "onhkxtyar",
     "Prints a script that submits the sweep to Slurm: a job array with several points per task, and a job that\n"
     "collects when all tasks ended, well or badly. `rewire sweep slurm DIR > submit.sh; sh submit.sh`"},
    {"status", "DIR", 1, status, "j",
     "How many points are done, running, failed, missing; how long it will take; why points failed."},
    {"retry", "DIR", 1, rw_command_sweep_retry, "fnhqja", "Runs the failed points again."},
    {"collect", "DIR", 1, collect, "qa",
     "Writes results.csv and results.h5: a row per point with its parameters and outcome measures."},
    {"point", "DIR POINT", 2, rw_command_sweep_point, "ihwb", "Runs one point; this is what the others start."},
};

enum { N_WORDS = RW_COUNT(words), N_OPTIONS = 17 };

static void print_help(void) {
    (void)printf("usage: rewire sweep WORD ...\n\n");
    for (size_t i = 0; i < N_WORDS; i++)
        (void)printf("  rewire sweep %-8s%-16s%.*s\n", words[i].name, words[i].positional,
                     (int)strcspn(words[i].doc, ":;.,\n"), words[i].doc);
    (void)printf("\n`rewire sweep WORD --help` lists options; several words take --json. configs/README.md describes\n"
                 "the file of a sweep.\n");
}

static rw_err allow(const rw_text_list *paths) {
    for (size_t i = 0; i < paths->count; i++)
        RW_TRY(rw_permission_allow(paths->items[i]));
    return RW_OK;
}

static rw_err act(const word *chosen, int argc, char **argv) {
    rw_sweep_arguments arguments = {0};
    bool help = false;
    const struct {
        char letter;
        rw_option option;
    } all[N_OPTIONS] = {
        {'o',
         {"--output", "-o", RW_OPTION_TEXT, &arguments.directory, "DIR", "the sweep's directory (default: out/NAME)"}},
        {'n',
         {"--jobs", NULL, RW_OPTION_COUNT, &arguments.jobs, "N",
          "points at a time (default: as cores and memory allow)"}},
        {'h',
         {"--threads", NULL, RW_OPTION_COUNT, &arguments.threads, "N",
          "threads of a point; results do not depend on it"}},
        {'p', {"--points", NULL, RW_OPTION_TEXT, &arguments.points, "A-B", "only these points, both ends included"}},
        {'k',
         {"--per-task", NULL, RW_OPTION_COUNT, &arguments.per_task, "K",
          "points of one task (default: so that there are 100 tasks)"}},
        {'x',
         {"--max-parallel", NULL, RW_OPTION_COUNT, &arguments.max_parallel, "M",
          "tasks at a time (default: as Slurm likes)"}},
        {'t', {"--time", NULL, RW_OPTION_TEXT, &arguments.time, "HH:MM:SS", "time limit of a task"}},
        {'y', {"--mem", NULL, RW_OPTION_TEXT, &arguments.memory, "SIZE", "memory of a task, as Slurm writes it: 4G"}},
        {'i', {"--into", NULL, RW_OPTION_TEXT, &arguments.into, "DIR", "where the point's result goes"}},
        {'w',
         {"--worker", NULL, RW_OPTION_TEXT, &arguments.worker, "PID",
          "the process that started this one; ends with it"}},
        {'b',
         {"--baseline", NULL, RW_OPTION_FLAG, &arguments.baseline, NULL,
          "only the beginning that it is the first to have, for the points that share it"}},
        {'f', {"--failed", NULL, RW_OPTION_FLAG, &arguments.failed, NULL, "the failed points (this is the default)"}},
        {'m',
         {"--mpi", NULL, RW_OPTION_FLAG, &arguments.mpi, NULL,
          "under mpirun or srun: every rank runs one point at a time"}},
        {'a',
         {"--allow-mixed", NULL, RW_OPTION_FLAG, &arguments.any_version, NULL,
          "also if another version of rewire planned it"}},
        {'r',
         {"--allow-read", NULL, RW_OPTION_LIST, &arguments.allow_read, "DIR",
          "let the sweep and its scenarios read files in DIR, too"}},
        {'q', {"--quiet", NULL, RW_OPTION_FLAG, &arguments.quiet, NULL, "print nothing but errors"}},
        {'j', {"--json", NULL, RW_OPTION_FLAG, &arguments.as_json, NULL, "one JSON object on standard output"}},
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
    rw_err parsed = rw_options_parse(&usage, argc, argv, arguments.words, &help);
    if (parsed != RW_OK) {
        rw_free(arguments.allow_read.items);
        return parsed;
    }
    rw_err err = help ? RW_OK : allow(&arguments.allow_read);
    if (err == RW_OK && !help)
        err = chosen->act(&arguments);
    rw_free(arguments.allow_read.items);
    return err;
}

/* The words after `rewire sweep`, as a page of the manual or for completion. */
static rw_err print_words(bool as_man) {
    char text[2048] = "Plans, runs and collects many runs of one scenario. Each word has a page of its own.\n\n";
    for (size_t i = 0; i < N_WORDS; i++) {
        size_t length = strlen(text), first = strcspn(words[i].doc, ":;.,\n");
        if (as_man)
            (void)snprintf(text + length, sizeof text - length, "rewire-sweep-%s(1): %.*s\n\n", words[i].name,
                           (int)first, words[i].doc);
        else
            (void)printf("%s\t%.*s\n", words[i].name, (int)first, words[i].doc);
    }
    if (as_man)
        rw_man_print("rewire sweep", "many runs of one scenario", "WORD ...", text, NULL, 0);
    return RW_OK;
}

rw_err rw_command_sweep(int argc, char **argv) {
    const char *names[N_WORDS];
    if (argc == 1 && (strcmp(argv[0], "--help=man") == 0 || strcmp(argv[0], "--help=words") == 0))
        return print_words(strcmp(argv[0], "--help=man") == 0);
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

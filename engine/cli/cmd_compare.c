#include "cli/cmd_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "cli/comparison_print.h"
#include "cli/options.h"
#include "config/units.h"
#include "io/table_h5.h"
#include "study/comparison/choices.h"
#include "study/comparison/cohort_of_results.h"
#include "study/comparison/cohort_of_sweep.h"
#include "study/comparison/courses.h"
#include "study/comparison/criterion.h"
#include "study/comparison/dose_response.h"
#include "study/comparison/effects.h"
#include "study/comparison/gaps.h"
#include "study/comparison/recovery_tables.h"
#include "study/comparison/sensitivity_table.h"
#include "study/sweep/plan_recovery.h"

enum { MAX_WORDS = 1000, MAX_WINDOWS = 16, PAIRS_UP_TO = 4, GROUPS_TO_PAIR = 50 };

typedef struct {
    const char *words[MAX_WORDS];
    const char *output, *measure, *reference, *pairs, *dose, *criterion, *recovery;
    rw_text_list windows;
    bool as_json, quiet, any_version;
} compare_arguments;

/* ---- reading the words ---- */

/* NAME=FROM:TO */
static rw_err read_window(rw_units *units, rw_arena *arena, const char *text, rw_window *window) {
    const char *kept = NULL;
    char problem[320];
    RW_TRY(rw_arena_string(arena, &kept, text));
    char *copy = (char *)kept; /* ours to cut */
    char *equals = strchr(copy, '='), *colon = equals != NULL ? strchr(equals, ':') : NULL;
    RW_CHECK(colon != NULL && equals != copy, RW_ERR_INPUT, "--window %s: write NAME=FROM:TO, for example late=10s:20s",
             text);
    *equals = *colon = '\0';
    window->name = copy;
    RW_CHECK(rw_units_parse(units, equals + 1, "ms", &window->from_ms, problem, sizeof problem) &&
                 rw_units_parse(units, colon + 1, "ms", &window->to_ms, problem, sizeof problem),
             RW_ERR_INPUT, "--window %s: %s", text, problem);
    RW_CHECK(window->to_ms > window->from_ms, RW_ERR_INPUT, "--window %s: it ends before it begins", text);
    return RW_OK;
}

static rw_err read_windows(const compare_arguments *arguments, rw_arena *arena, rw_window *windows) {
    rw_units *units = NULL;
    RW_CHECK(arguments->windows.count <= MAX_WINDOWS, RW_ERR_INPUT, "more than %d windows", MAX_WINDOWS);
    RW_TRY(rw_units_create(&units));
    rw_err err = RW_OK;
    for (size_t i = 0; err == RW_OK && i < arguments->windows.count; i++)
        err = read_window(units, arena, arguments->windows.items[i], &windows[i]);
    rw_units_destroy(&units);
    return err;
}

static rw_err read_options(const compare_arguments *arguments, const rw_cohort *cohort, rw_compare_options *options) {
    *options = (rw_compare_options){.patterns = arguments->measure, .seed = 1};
    options->all_pairs = cohort->n_groups <= PAIRS_UP_TO && arguments->reference == NULL;
    if (arguments->pairs != NULL) {
        RW_CHECK(strcmp(arguments->pairs, "all") == 0 || strcmp(arguments->pairs, "reference") == 0, RW_ERR_INPUT,
                 "--pairs %s: say all or reference", arguments->pairs);
        options->all_pairs = strcmp(arguments->pairs, "all") == 0;
    }
    if (arguments->reference == NULL)
        return RW_OK;
    for (options->reference = 0; options->reference < cohort->n_groups; options->reference++)
        if (strcmp(cohort->groups[options->reference], arguments->reference) == 0)
            return RW_OK;
    return rw_fail(RW_ERR_INPUT, "--reference %s: there is no such scenario; the first is \"%s\"", arguments->reference,
                   cohort->groups[0]);
}

/* ---- the work ---- */

/* Fails with the reason if there is nothing to compare. */
static rw_err check_effects(const rw_cohort *cohort, const rw_comparison *made, const char *patterns) {
    if (made->n_effects > 0)
        return RW_OK;
    RW_CHECK(made->n_gaps == 0, RW_ERR_INPUT, "there is nothing to compare: %s%s%s", made->gaps[0],
             made->n_gaps > 1 ? "; " : "", made->n_gaps > 1 ? made->gaps[1] : "");
    RW_CHECK(patterns != NULL, RW_ERR_INPUT, "no outcome measure differs between any runs");
    return rw_fail(RW_ERR_INPUT,
                   "no outcome measure that matches \"%s\" differs between any runs; the first measure is %s", patterns,
                   cohort->n_outcomes > 0 ? cohort->outcomes[0].name : "none");
}

/* Recovery as the command line says, or else the sweep; neither: no tables. */
static rw_err fill_recovery(const compare_arguments *arguments, const rw_cohort *cohort, rw_comparison *made) {
    rw_recovery_spec given;
    const rw_recovery_spec *spec = cohort->sweep != NULL ? &cohort->sweep->plan->recovery : NULL;
    rw_recovery_analysis analysis;
    if (arguments->recovery != NULL) {
        RW_TRY(rw_recovery_parse(cohort->arena, arguments->recovery, cohort->windows, cohort->n_windows, &given));
        spec = &given;
    }
    if (spec == NULL || spec->series == NULL)
        return RW_OK;
    RW_TRY(rw_recovery_analyse(cohort, spec, &analysis));
    return rw_recovery_tables_make(cohort, &analysis, &made->recovery);
}

static rw_err fill(const compare_arguments *arguments, const rw_cohort *cohort, const rw_compare_options *options,
                   rw_comparison *made) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    bool cube = plan != NULL && plan->design >= RW_DESIGN_LHS;
    RW_TRY(rw_gaps_find(cohort, options->patterns, &made->gaps, &made->n_gaps));
    if (cohort->n_groups > 1 && cohort->n_groups <= GROUPS_TO_PAIR && !cube) {
        RW_TRY(rw_compare(cohort, options, &made->list, &made->n_effects));
        RW_TRY(check_effects(cohort, made, options->patterns));
        RW_TRY(rw_effects_table(cohort, made->list, made->n_effects, &made->effects));
    }
    if (arguments->dose != NULL)
        RW_TRY(rw_dose_response(cohort, arguments->dose, options->patterns, options->seed, &made->dose));
    RW_TRY(rw_choices_table(cohort, options->patterns, &made->choices));
    if (cube)
        RW_TRY(rw_sensitivity_table(cohort, options->patterns, options->seed, &made->sensitivity));
    if (arguments->criterion != NULL)
        RW_TRY(rw_criterion_table(cohort, arguments->criterion, &made->criterion));
    RW_TRY(fill_recovery(arguments, cohort, made));
    if (cohort->n_groups <= GROUPS_TO_PAIR)
        RW_TRY(rw_courses_table(cohort, &made->courses));
    RW_CHECK(
        made->effects.n_columns + made->dose.n_columns + made->choices.n_columns + made->sensitivity.n_columns +
                made->criterion.n_columns + made->recovery.recovery.n_columns >
            0,
        RW_ERR_INPUT,
        cohort->n_groups < 2
            ? "there is one scenario only, whose runs differ in nothing but the seed; run another with the same seeds"
            : "there are more than 50 scenarios; choose with --dose or --criterion");
    return RW_OK;
}

static rw_err write_one(const rw_table *table, rw_directory *directory, const char *name) {
    if (table->n_columns == 0)
        return RW_OK;
    RW_TRY(rw_table_write_csv(table, directory, rw_path_of("%s.csv", name).text));
    return rw_table_write_h5(table, directory, rw_path_of("%s.h5", name).text);
}

static rw_err write_all(const rw_comparison *tables, const char *path) {
    rw_directory directory = {0};
    RW_TRY(rw_directory_open_derived(&directory, path));
    const rw_recovery_tables *of = &tables->recovery;
    const struct {
        const rw_table *table;
        const char *name;
    } files[] = {{&tables->effects, "effects"},      {&tables->dose, "dose_response"},
                 {&tables->choices, "psychometric"}, {&tables->sensitivity, "sensitivity"},
                 {&tables->criterion, "criterion"},  {&of->recovery, "recovery"},
                 {&of->never, "recovery_never"},     {&of->survival, "survival"},
                 {&of->logrank, "logrank"},          {&of->traits, "traits"},
                 {&of->prediction, "prediction"},    {&of->roc, "roc"},
                 {&of->runs, "recovery_runs"},       {&tables->courses, "courses"}};
    rw_err err = RW_OK;
    for (size_t i = 0; err == RW_OK && i < RW_COUNT(files); i++)
        err = write_one(files[i].table, &directory, files[i].name);
    rw_directory_close(&directory);
    return err;
}

static rw_err compare(const compare_arguments *arguments, const rw_cohort *cohort) {
    rw_compare_options options;
    rw_comparison made = {0};
    rw_path directory = arguments->output != NULL ? rw_path_of("%s", arguments->output)
                        : cohort->sweep != NULL   ? rw_path_of("%s/compare", cohort->sweep->path)
                                                  : rw_path_of("out/compare");
    RW_TRY(read_options(arguments, cohort, &options));
    RW_TRY(fill(arguments, cohort, &options, &made));
    RW_TRY(write_all(&made, directory.text));
    if (arguments->as_json)
        rw_comparison_print_json(cohort, &made, directory.text);
    else if (!arguments->quiet)
        rw_comparison_print(cohort, &made, arguments->criterion, directory.text);
    return RW_OK;
}

static rw_err compare_sweep(const compare_arguments *arguments) {
    rw_sweep *sweep = NULL;
    rw_cohort cohort;
    RW_CHECK(arguments->windows.count == 0, RW_ERR_INPUT,
             "--window is for single results; a sweep's windows are in its plan");
    RW_TRY(rw_sweep_open(&sweep, arguments->words[0], arguments->any_version));
    rw_err err = rw_cohort_of_sweep(&cohort, sweep);
    if (err == RW_OK)
        err = compare(arguments, &cohort);
    rw_sweep_close(&sweep);
    return err;
}

static rw_err compare_results(const compare_arguments *arguments) {
    rw_arena *arena = NULL;
    rw_cohort cohort;
    rw_window windows[MAX_WINDOWS];
    size_t n = 0;
    while (n < MAX_WORDS && arguments->words[n] != NULL)
        n++;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = read_windows(arguments, arena, windows);
    if (err == RW_OK)
        err = rw_cohort_of_results(&cohort, arena, arguments->words, n, windows, arguments->windows.count);
    if (err == RW_OK)
        err = compare(arguments, &cohort);
    rw_arena_destroy(&arena);
    return err;
}

rw_err rw_command_compare(int argc, char **argv) {
    compare_arguments arguments = {0};
    bool help = false;
    const rw_option options[] = {
        {"--output", "-o", RW_OPTION_TEXT, &arguments.output, "DIR",
         "where tables go (default: SWEEP/compare, out/compare)"},
        {"--measure", NULL, RW_OPTION_TEXT, &arguments.measure, "PATTERNS",
         "these outcomes only: 'rate.*,synapses.pyr*'"},
        {"--window", NULL, RW_OPTION_LIST, &arguments.windows, "NAME=A:B",
         "measure single results from A to B: late=10s:20s"},
        {"--reference", NULL, RW_OPTION_TEXT, &arguments.reference, "NAME",
         "compare the others with this one (default: first)"},
        {"--pairs", NULL, RW_OPTION_TEXT, &arguments.pairs, "WHICH",
         "all, or reference (default: all of up to 4 scenarios)"},
        {"--dose", NULL, RW_OPTION_TEXT, &arguments.dose, "PARAMETER",
         "fit Hill's curve over this parameter of the sweep"},
        {"--criterion", NULL, RW_OPTION_TEXT, &arguments.criterion, "OUTCOME<X",
         "share of runs that meet it: 'rate.pyr.late<5'"},
        {"--recovery", NULL, RW_OPTION_TEXT, &arguments.recovery, "MAP",
         "who recovers, and when: '{series: S, reaches: \">=0.5\", from: 5 d}'"},
        {"--allow-mixed", NULL, RW_OPTION_FLAG, &arguments.any_version, NULL,
         "also if another version of rewire planned it"},
        {"--quiet", NULL, RW_OPTION_FLAG, &arguments.quiet, NULL, "print nothing but errors"},
        {"--json", NULL, RW_OPTION_FLAG, &arguments.as_json, NULL, "one JSON object on standard output"},
    };
    const rw_usage usage = {
        .name = "compare",
        .positional = "SWEEP | [NAME=]DIR...",
        .min_positional = 1,
        .max_positional = MAX_WORDS,
        .options = options,
        .n_options = RW_COUNT(options),
        .doc =
            "Compares scenarios in every outcome measure, run by run with the same seed: means, paired differences\n"
            "with bootstrap intervals, effect sizes, permutation tests corrected for their number; mean courses over\n"
            "time with bands, dose-response curves, sensitivity indices of Saltelli designs. Takes a sweep, or results "
            "of single runs; those of one\n"
            "NAME, or whose scenarios differ in nothing but the seed, are a scenario."};
    rw_err err = rw_options_parse(&usage, argc, argv, arguments.words, &help);
    if (err == RW_OK && !help)
        err = arguments.words[1] == NULL && rw_sweep_is(arguments.words[0]) ? compare_sweep(&arguments)
                                                                            : compare_results(&arguments);
    rw_free(arguments.windows.items);
    return err;
}

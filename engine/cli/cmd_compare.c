#include "cli/cmd_compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "cli/options.h"
#include "config/units.h"
#include "study/comparison/cohort_of_results.h"
#include "study/comparison/cohort_of_sweep.h"
#include "study/comparison/courses.h"
#include "study/comparison/criterion.h"
#include "study/comparison/dose_response.h"
#include "study/comparison/effects.h"
#include "study/comparison/sensitivity_table.h"

enum { MAX_WORDS = 1000, MAX_WINDOWS = 16, PAIRS_UP_TO = 4, GROUPS_TO_PAIR = 50 };

typedef struct {
    const char *words[MAX_WORDS];
    const char *output, *measure, *reference, *pairs, *dose, *criterion;
    rw_text_list windows;
    bool as_json, quiet, any_version;
} compare_arguments;

/* The tables that a comparison gives; those it does not give have no columns. */
typedef struct {
    rw_table effects, dose, sensitivity, criterion, courses;
    const rw_effect *list;
    size_t n_effects;
} comparison_tables;

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
    return rw_fail(RW_ERR_INPUT, "--reference %s: there is no such scenario; the first there is is \"%s\"",
                   arguments->reference, cohort->groups[0]);
}

/* ---- printing ---- */

/* As wide as people read it: three digits for p, four for others. */
static const char *short_number(char text[24], double value, int digits) {
    if (isnan(value))
        (void)snprintf(text, 24, "-");
    else
        (void)snprintf(text, 24, "%.*g", digits, value);
    return text;
}

static void print_effects(const rw_cohort *cohort, const comparison_tables *tables) {
    const char *a = NULL, *b = NULL;
    for (size_t i = 0; i < tables->n_effects; i++) { /* one block for each pair */
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || (tables->list[j].a == tables->list[i].a && tables->list[j].b == tables->list[i].b);
        if (seen)
            continue;
        a = cohort->groups[tables->list[i].a];
        b = cohort->groups[tables->list[i].b];
        (void)printf("%s against %s, %zu pair%s by %s\n  %-36s %10s %10s %11s %23s %7s %7s %8s %8s\n", b, a,
                     tables->list[i].n, tables->list[i].n == 1 ? "" : "s", cohort->unit_name, "outcome", "reference",
                     "other", "difference", "95 % interval", "d", "delta", "p", "p Holm");
        for (size_t j = i; j < tables->n_effects; j++) {
            const rw_effect *e = &tables->list[j];
            char t[9][24], name[96];
            if (e->a != tables->list[i].a || e->b != tables->list[i].b)
                continue;
            const rw_outcome *outcome = &cohort->outcomes[e->outcome];
            (void)snprintf(name, sizeof name, strcmp(outcome->unit, "1") == 0 ? "%.60s" : "%.60s [%.20s]",
                           outcome->name, outcome->unit);
            (void)printf("  %-36s %10s %10s %11s [%10s,%10s] %7s %7s %8s %8s\n", name, short_number(t[0], e->mean_a, 4),
                         short_number(t[1], e->mean_b, 4), short_number(t[2], e->difference, 4),
                         short_number(t[3], e->interval.low, 4), short_number(t[4], e->interval.high, 4),
                         short_number(t[5], e->cohen_d, 3), short_number(t[6], e->cliff_delta, 3),
                         short_number(t[7], e->p, 2), short_number(t[8], e->p_holm, 2));
        }
        (void)printf("\n");
    }
}

/* The column of that name, which the table has. */
static const rw_table_column *column_of(const rw_table *table, const char *name) {
    size_t c = 0;
    while (c < table->n_columns && strcmp(table->columns[c].name, name) != 0)
        c++;
    RW_ASSERT(c < table->n_columns);
    return &table->columns[c];
}

/* "EC50 1.66 [1.53, 1.75]" */
static void print_fitted(const rw_table *table, size_t row, const char *name) {
    char t[3][24];
    const rw_path low = rw_path_of("%s_low", name), high = rw_path_of("%s_high", name);
    (void)printf("  %s %s [%s, %s]", name, short_number(t[0], column_of(table, name)->numbers[row], 3),
                 short_number(t[1], column_of(table, low.text)->numbers[row], 3),
                 short_number(t[2], column_of(table, high.text)->numbers[row], 3));
}

static void print_dose(const rw_table *table) {
    char t[24];
    if (table->n_columns == 0 || table->n_rows == 0)
        return;
    const char *const unit = column_of(table, "EC50")->unit;
    (void)printf("Dose-response, E0 + E_max dose^h / (EC50^h + dose^h)%s%s\n", unit[0] != '\0' ? ", EC50 in " : "",
                 unit);
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *const arm = column_of(table, "arm")->texts[row];
        (void)printf("  %s%s%s: %s\n  ", column_of(table, "outcome")->texts[row], arm[0] != '\0' ? ", " : "", arm,
                     column_of(table, "reading")->texts[row]);
        print_fitted(table, row, "EC50");
        print_fitted(table, row, "h");
        print_fitted(table, row, "E0");
        print_fitted(table, row, "E_max");
        (void)printf("  r2 %s\n", short_number(t, column_of(table, "r_squared")->numbers[row], 3));
    }
    (void)printf("\n");
}

/* What the longest cell of a column of texts takes. */
static int width_of(const rw_table *table, const rw_table_column *column) {
    size_t width = strlen(column->name);
    for (size_t row = 0; row < table->n_rows; row++)
        width = strlen(column->texts[row]) > width ? strlen(column->texts[row]) : width;
    return (int)width;
}

/* Any other table, as wide as its cells. */
static void print_table(const char *title, const rw_table *table) {
    if (table->n_columns == 0 || table->n_rows == 0)
        return;
    (void)printf("%s\n", title);
    for (size_t row = 0; row <= table->n_rows; row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            const rw_table_column *column = &table->columns[c];
            char text[24];
            const char *cell = row == 0                ? column->name
                               : column->texts != NULL ? column->texts[row - 1]
                                                       : short_number(text, column->numbers[row - 1], 4);
            if (column->texts != NULL)
                (void)printf("  %-*s", width_of(table, column), cell);
            else
                (void)printf(" %11s", cell);
        }
        (void)printf("\n");
    }
    (void)printf("\n");
}

static void print_json_table(rw_json *json, const char *key, const rw_table *table) {
    if (table->n_columns == 0)
        return;
    rw_json_open_array(json, key);
    for (size_t row = 0; row < table->n_rows; row++) {
        rw_json_open_object(json, NULL);
        for (size_t c = 0; c < table->n_columns; c++)
            if (table->columns[c].texts != NULL)
                rw_json_text(json, table->columns[c].name, table->columns[c].texts[row]);
            else
                rw_json_number(json, table->columns[c].name, table->columns[c].numbers[row]);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}

static void print_all(const compare_arguments *arguments, const rw_cohort *cohort, const comparison_tables *tables,
                      const char *directory) {
    if (arguments->as_json) {
        rw_json json = {.file = stdout};
        rw_json_open_object(&json, NULL);
        rw_json_text(&json, "directory", directory);
        rw_json_text(&json, "left_out", cohort->left_out);
        print_json_table(&json, "effects", &tables->effects);
        print_json_table(&json, "dose_response", &tables->dose);
        print_json_table(&json, "sensitivity", &tables->sensitivity);
        print_json_table(&json, "criterion", &tables->criterion);
        print_json_table(&json, "courses", &tables->courses);
        rw_json_close_object(&json);
    } else if (!arguments->quiet) {
        if (cohort->title[0] != '\0')
            (void)printf("%s\n\n", cohort->title);
        print_effects(cohort, tables);
        print_dose(&tables->dose);
        print_table("Sensitivity", &tables->sensitivity);
        if (arguments->criterion != NULL)
            print_table(arguments->criterion, &tables->criterion);
        (void)printf(
            "d: Cohen's, delta: Cliff's; intervals: BCa bootstrap; p: paired permutation test, corrected over\n"
            "all %zu comparisons. The same as CSV and HDF5, and the courses over time, are in %s.\n",
            tables->n_effects, directory);
        if (cohort->n_missing > 0)
            (void)printf("%zu of %zu points are not done, and what is compared with them is left out.\n",
                         cohort->n_missing, cohort->sweep->points.n_points);
        if (cohort->left_out != NULL)
            (void)printf("Left out, because not every run has them: %s.\n", cohort->left_out);
        if (tables->n_effects > 0 && tables->list[0].n < 6)
            (void)printf("%zu pair%s: no p can be below %.2g; more replicates or subjects let it be.\n",
                         tables->list[0].n, tables->list[0].n == 1 ? " only" : "s are few",
                         exp2(1.0 - (double)tables->list[0].n));
    }
}

/* ---- the work ---- */

static rw_err fill(const compare_arguments *arguments, const rw_cohort *cohort, const rw_compare_options *options,
                   comparison_tables *made) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    bool cube = plan != NULL && plan->design >= RW_DESIGN_LHS;
    if (cohort->n_groups > 1 && cohort->n_groups <= GROUPS_TO_PAIR && !cube) {
        RW_TRY(rw_compare(cohort, options, &made->list, &made->n_effects));
        RW_TRY(rw_effects_table(cohort, made->list, made->n_effects, &made->effects));
    }
    if (arguments->dose != NULL)
        RW_TRY(rw_dose_response(cohort, arguments->dose, options->patterns, options->seed, &made->dose));
    if (cube)
        RW_TRY(rw_sensitivity_table(cohort, options->patterns, options->seed, &made->sensitivity));
    if (arguments->criterion != NULL)
        RW_TRY(rw_criterion_table(cohort, arguments->criterion, &made->criterion));
    if (cohort->n_groups <= GROUPS_TO_PAIR)
        RW_TRY(rw_courses_table(cohort, &made->courses));
    RW_CHECK(
        made->effects.n_columns + made->dose.n_columns + made->sensitivity.n_columns + made->criterion.n_columns > 0,
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

static rw_err write_all(const comparison_tables *tables, const char *path) {
    rw_directory directory = {0};
    rw_path parent = rw_path_of("%s", path);
    for (char *slash = parent.text + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        (void)mkdir(parent.text, 0777); /* what fails is told by the reopening */
    }
    (void)mkdir(path, 0777);
    RW_TRY(rw_directory_reopen(&directory, path));
    rw_err err = write_one(&tables->effects, &directory, "effects");
    if (err == RW_OK)
        err = write_one(&tables->dose, &directory, "dose_response");
    if (err == RW_OK)
        err = write_one(&tables->sensitivity, &directory, "sensitivity");
    if (err == RW_OK)
        err = write_one(&tables->criterion, &directory, "criterion");
    if (err == RW_OK)
        err = write_one(&tables->courses, &directory, "courses");
    rw_directory_close(&directory);
    return err;
}

static rw_err compare(const compare_arguments *arguments, const rw_cohort *cohort) {
    rw_compare_options options;
    comparison_tables made = {0};
    rw_path directory = arguments->output != NULL ? rw_path_of("%s", arguments->output)
                        : cohort->sweep != NULL   ? rw_path_of("%s/compare", cohort->sweep->path)
                                                  : rw_path_of("out/compare");
    RW_TRY(read_options(arguments, cohort, &options));
    RW_TRY(fill(arguments, cohort, &options, &made));
    RW_TRY(write_all(&made, directory.text));
    print_all(arguments, cohort, &made, directory.text);
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
        .n_options = sizeof options / sizeof options[0],
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

#include "cli/comparison_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/path.h"
#include "study/comparison/reach.h"

/* As wide as people read it: three digits for p, four for others. */
static const char *short_number(char text[24], double value, int digits) {
    if (isnan(value))
        (void)snprintf(text, 24, "-");
    else
        (void)snprintf(text, 24, "%.*g", digits, value);
    return text;
}

static void print_effects(const rw_cohort *cohort, const rw_comparison *comparison) {
    const char *a = NULL, *b = NULL;
    for (size_t i = 0; i < comparison->n_effects; i++) { /* one block for each pair */
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen ||
                   (comparison->list[j].a == comparison->list[i].a && comparison->list[j].b == comparison->list[i].b);
        if (seen)
            continue;
        a = cohort->groups[comparison->list[i].a];
        b = cohort->groups[comparison->list[i].b];
        (void)printf("%s against %s, %zu pair%s by %s\n  %-36s %10s %10s %11s %23s %7s %7s %8s %8s\n", b, a,
                     comparison->list[i].n, comparison->list[i].n == 1 ? "" : "s", cohort->unit_name, "outcome",
                     "reference", "other", "difference", "95 % interval", "d", "delta", "p", "p Holm");
        for (size_t j = i; j < comparison->n_effects; j++) {
            const rw_effect *e = &comparison->list[j];
            char t[9][24], name[96];
            if (e->a != comparison->list[i].a || e->b != comparison->list[i].b)
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

/* What of recovery people read; its curves are in the files. */
static void print_recovery(const rw_cohort *cohort, const rw_recovery_tables *tables) {
    if (tables->recovery.n_columns == 0)
        return;
    print_table("Recovery: share that meets the criterion (Wilson), median time in days (Kaplan-Meier)",
                &tables->recovery);
    print_table(rw_path_of("Never met it while watched, and without a value, by %s", cohort->unit_name).text,
                &tables->never);
    print_table("Log-rank test of equal times: independent, and within each subject or seed", &tables->logrank);
    print_table("Traits that explain the level: standardised coefficients", &tables->traits);
    print_table("Does the predictor tell who will recover? Area under the ROC curve (DeLong)", &tables->prediction);
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

/* What the numbers are, what they can show at best, and what is missing. */
static void print_notes(const rw_cohort *cohort, const rw_comparison *comparison, const char *directory) {
    size_t pairs = 0;
    (void)printf("d: Cohen's, delta: Cliff's; intervals: BCa bootstrap; p: paired permutation test, corrected over\n"
                 "all %zu comparison%s. The same as CSV and HDF5, and the courses over time, are in %s.\n",
                 comparison->n_effects, comparison->n_effects == 1 ? "" : "s", directory);
    for (size_t i = 0; i < comparison->n_effects; i++)
        pairs = comparison->list[i].n > pairs ? comparison->list[i].n : pairs;
    if (comparison->n_effects > 0)
        (void)printf("%s.\n", rw_reach_of(pairs, comparison->n_effects).text);
    if (cohort->n_missing > 0)
        (void)printf("%zu of %zu points are not done, and what is compared with them is left out.\n", cohort->n_missing,
                     cohort->sweep->points.n_points);
    for (size_t i = 0; i < comparison->n_gaps; i++)
        (void)printf("Not compared: %s.\n", comparison->gaps[i]);
    if (cohort->left_out != NULL)
        (void)printf("Left out, because not every run has them: %s.\n", cohort->left_out);
}

void rw_comparison_print(const rw_cohort *cohort, const rw_comparison *comparison, const char *criterion,
                         const char *directory) {
    if (cohort->title[0] != '\0')
        (void)printf("%s\n\n", cohort->title);
    print_effects(cohort, comparison);
    print_dose(&comparison->dose);
    print_table("Psychometric curves: where both choices are as frequent, and how the log odds rise (Wald)",
                &comparison->choices);
    print_table("Sensitivity", &comparison->sensitivity);
    if (criterion != NULL)
        print_table(criterion, &comparison->criterion);
    print_recovery(cohort, &comparison->recovery);
    print_notes(cohort, comparison, directory);
}

void rw_comparison_print_json(const rw_cohort *cohort, const rw_comparison *comparison, const char *directory) {
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "directory", directory);
    rw_json_text(&json, "left_out", cohort->left_out);
    rw_json_open_array(&json, "not_compared");
    for (size_t i = 0; i < comparison->n_gaps; i++)
        rw_json_text(&json, NULL, comparison->gaps[i]);
    rw_json_close_array(&json);
    print_json_table(&json, "effects", &comparison->effects);
    print_json_table(&json, "dose_response", &comparison->dose);
    print_json_table(&json, "psychometric", &comparison->choices);
    print_json_table(&json, "sensitivity", &comparison->sensitivity);
    print_json_table(&json, "criterion", &comparison->criterion);
    print_json_table(&json, "recovery", &comparison->recovery.recovery);
    print_json_table(&json, "never", &comparison->recovery.never);
    print_json_table(&json, "survival", &comparison->recovery.survival);
    print_json_table(&json, "logrank", &comparison->recovery.logrank);
    print_json_table(&json, "traits", &comparison->recovery.traits);
    print_json_table(&json, "prediction", &comparison->recovery.prediction);
    print_json_table(&json, "roc", &comparison->recovery.roc);
    print_json_table(&json, "runs", &comparison->recovery.runs);
    print_json_table(&json, "courses", &comparison->courses);
    rw_json_close_object(&json);
}

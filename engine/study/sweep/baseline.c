#include "study/sweep/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/document.h"
#include "config/parse.h"
#include "io/sha256.h"

/* The time of an event that never happens. */
static const double never = INFINITY;

/* A point before its first dose or blockade. */
typedef struct {
    size_t point;
    double quiet_steps, n_steps, step_ms; /* steps before the first dose or blockade */
    double interval_steps;                /* states to branch from exist at multiples of it */
    char digest[RW_SHA256_TEXT];          /* of everything else in its scenario */
} point_beginning;

/* ---- the first dose or blockade ---- */

/* The step from which a schedule may differ from its first value. */
static double first_change(const rw_schedule *schedule) {
    for (size_t k = 1; k < schedule->count; k++)
        if (schedule->value[k] != schedule->value[0])
            return (double)schedule->step[schedule->linear ? k - 1 : k];
    return never;
}

/* In steps of biological time. */
static double first_dose(const rw_scenario *scenario, const rw_drug_spec *drug) {
    double first_ms = never;
    for (size_t k = 0; k < drug->n_doses; k++)
        for (size_t at = 0; at < drug->doses[k].n_at; at++)
            first_ms = fmin(first_ms, drug->doses[k].at_ms[at]);
    return first_ms / scenario->step_ms;
}

static double quiet_steps(const rw_scenario *scenario) {
    double quiet = never;
    for (size_t d = 0; d < scenario->n_drugs; d++) {
        const rw_drug_spec *drug = &scenario->drugs[d];
        quiet = fmin(quiet, first_dose(scenario, drug));
        if (drug->model->drug.flows == NULL)
            quiet = fmin(quiet, first_change(&drug->level));
    }
    for (size_t f = 0; f < scenario->n_factors; f++)
        quiet = fmin(quiet, first_change(&scenario->factors[f].factor));
    return quiet;
}

/* ---- the rest of a scenario ---- */

static void add_text(rw_sha256 *sum, const char *text) {
    rw_sha256_add(sum, text, strlen(text) + 1);
}

/* Whether this is a key of doses, levels of drugs or factors of blockades. */
static bool is_course(const rw_node *node, size_t depth, const char *section) {
    bool drug = strcmp(section, "drugs") == 0, blockade = strcmp(section, "blockade") == 0;
    return depth == 3 && node->key != NULL &&
           ((drug && (strcmp(node->key, "doses") == 0 || strcmp(node->key, "level") == 0)) ||
            (blockade && strcmp(node->key, "factor") == 0));
}

/* Depth of the tree is limited by the reader of documents. */
static void add_node(rw_sha256 *sum, const rw_node *node, size_t depth,
                     const char *section) { /* NOLINT(misc-no-recursion) */
    if (is_course(node, depth, section))
        return;
    add_text(sum, node->key != NULL ? node->key : "");
    add_text(sum, node->kind == RW_NODE_SCALAR ? node->text : node->kind == RW_NODE_MAP ? "{" : "[");
    for (const rw_node *child = node->kind == RW_NODE_SCALAR ? NULL : node->first; child != NULL; child = child->next)
        add_node(sum, child, depth + 1, depth == 0 ? child->key : section);
    add_text(sum, "]");
}

/* Everything but the courses, and where these begin. */
static rw_err sum_up(const rw_scenario *scenario, rw_arena *arena, char digest[RW_SHA256_TEXT]) {
    const rw_node *root = NULL;
    rw_diagnostics *diagnostics = NULL;
    rw_sha256 sum;
    RW_TRY(RW_ARENA_NEW(arena, diagnostics, 1));
    RW_TRY(rw_document_parse(&root, arena, diagnostics, "resolved scenario", scenario->resolved_text,
                             strlen(scenario->resolved_text)));
    RW_TRY(rw_diagnostics_result(diagnostics));
    rw_sha256_start(&sum);
    if (root != NULL)
        add_node(&sum, root, 0, "");
    for (size_t d = 0; d < scenario->n_drugs; d++)
        if (scenario->drugs[d].model->drug.flows == NULL)
            rw_sha256_add(&sum, &scenario->drugs[d].level.value[0], sizeof(double));
    for (size_t f = 0; f < scenario->n_factors; f++)
        rw_sha256_add(&sum, &scenario->factors[f].factor.value[0], sizeof(double));
    return rw_sha256_finish(&sum, digest);
}

static rw_err look_at(const rw_scenario *scenario, point_beginning *beginning) {
    rw_arena *arena = NULL;
    beginning->n_steps = (double)scenario->n_steps;
    beginning->step_ms = scenario->step_ms;
    beginning->interval_steps = scenario->clock.slow ? (double)scenario->clock.interval_steps : 1.0;
    beginning->quiet_steps = scenario->checkpoint.none ? 0.0 : quiet_steps(scenario);
    if (!(beginning->quiet_steps > 1.0))
        return RW_OK;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = sum_up(scenario, arena, beginning->digest);
    rw_arena_destroy(&arena);
    return err;
}

/* ---- which points have a common beginning ---- */

/* The beginning of a point but for its seed. */
static rw_err find_beginning(const rw_sweep_plan *plan, const rw_point *point, size_t number, const char *base,
                             point_beginning *beginning) {
    rw_scenario *scenario = NULL;
    rw_err err = rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), point->set, point->n_set - 1);
    if (err == RW_OK)
        err = look_at(scenario, beginning);
    rw_scenario_destroy(&scenario);
    return err == RW_OK ? err : rw_fail_context(err, "point %zu of the sweep", number);
}

/* Replicates of a point differ in the seed alone. */
static bool is_replicate(const rw_point *a, const rw_point *b) {
    return a->row == b->row && a->arm == b->arm && a->subject == b->subject;
}

static rw_err find_beginnings(const rw_sweep_plan *plan, const rw_points *points, const char *base,
                              point_beginning *all) {
    for (size_t i = 0; i < points->n_points; i++) {
        if (i > 0 && is_replicate(&points->points[i], &points->points[i - 1]))
            all[i] = all[i - 1];
        else
            RW_TRY(find_beginning(plan, &points->points[i], i, base, &all[i]));
        all[i].point = i;
    }
    return RW_OK;
}

/* Beginnings and seeds of the points, for sorting. */
typedef struct {
    const point_beginning *beginning;
    uint64_t seed;
} seeded_beginning;

static int by_likeness(const void *a, const void *b) {
    const seeded_beginning *x = a, *y = b;
    int order = strcmp(x->beginning->digest, y->beginning->digest);
    if (order == 0)
        order = (x->seed > y->seed) - (x->seed < y->seed);
    return order != 0 ? order
                      : (x->beginning->point > y->beginning->point) - (x->beginning->point < y->beginning->point);
}

/* The n sorted points have a common beginning. */
static void share(const seeded_beginning *sorted, size_t n, rw_baseline *of, rw_baseline_saving *saving) {
    double quiet = never;
    for (size_t i = 0; i < n; i++)
        quiet = fmin(quiet, sorted[i].beginning->quiet_steps);
    /* one step less, so that the first event is still ahead */
    double step = ceil(quiet) - 1.0, interval = sorted[0].beginning->interval_steps;
    step = floor(step / interval) * interval;
    if (n < 2 || !(step >= 1.0) || !(step < sorted[0].beginning->n_steps))
        return;
    for (size_t i = 0; i < n; i++)
        of[sorted[i].beginning->point] = (rw_baseline){sorted[0].beginning->point, (uint64_t)step};
    saving->n_baselines++;
    saving->n_points += n;
    saving->saved_ms += (double)(n - 1) * step * sorted[0].beginning->step_ms;
}

static void share_all(const seeded_beginning *sorted, size_t n, rw_baseline *of, rw_baseline_saving *saving) {
    for (size_t begin = 0, end = 0; begin < n; begin = end) {
        while (end < n && sorted[end].seed == sorted[begin].seed &&
               strcmp(sorted[end].beginning->digest, sorted[begin].beginning->digest) == 0)
            end++;
        if (sorted[begin].beginning->digest[0] != '\0') /* there is an event in the first steps */
            share(sorted + begin, end - begin, of, saving);
    }
}

rw_err rw_baselines_find(const rw_sweep_plan *plan, const rw_points *points, const char *base, const rw_baseline **of,
                         rw_baseline_saving *saving) {
    const size_t n = points->n_points;
    rw_baseline *found = NULL;
    point_beginning *all = NULL;
    seeded_beginning *sorted = NULL;
    *saving = (rw_baseline_saving){0};
    RW_TRY(RW_ARENA_NEW(plan->arena, found, n));
    *of = found;
    if (!plan->share)
        return RW_OK;
    RW_TRY(RW_NEW(all, n, "points of a sweep"));
    rw_err err = RW_NEW(sorted, n, "points of a sweep");
    if (err == RW_OK)
        err = find_beginnings(plan, points, base, all);
    for (size_t i = 0; err == RW_OK && i < n; i++) {
        sorted[i] = (seeded_beginning){&all[i], points->points[i].seed};
        saving->all_ms += all[i].n_steps * all[i].step_ms;
    }
    if (err == RW_OK) {
        qsort(sorted, n, sizeof *sorted, by_likeness);
        share_all(sorted, n, found, saving);
    }
    rw_free(sorted);
    rw_free(all);
    return err;
}

/* ---- the frozen table ---- */

rw_err rw_baselines_table(rw_arena *arena, const rw_baseline *of, size_t n_points, rw_table *table) {
    double *point = NULL, *first = NULL, *step = NULL;
    size_t n = 0;
    for (size_t i = 0; i < n_points; i++)
        n += of[i].step > 0;
    *table = rw_table_begin(arena, n);
    RW_TRY(rw_table_add_numbers(table, "point", NULL, "number of the point", &point));
    RW_TRY(rw_table_add_numbers(table, "baseline", NULL, "the first point that begins like it", &first));
    RW_TRY(rw_table_add_numbers(table, "step", NULL, "until which they are the same", &step));
    for (size_t i = 0, row = 0; i < n_points; i++)
        if (of[i].step > 0) {
            point[row] = (double)i;
            first[row] = (double)of[i].first;
            step[row++] = (double)of[i].step;
        }
    return RW_OK;
}

rw_err rw_baselines_read(rw_arena *arena, const rw_table *table, size_t n_points, const rw_baseline **of) {
    const rw_table_column *point = rw_table_find(table, "point"), *first = rw_table_find(table, "baseline");
    const rw_table_column *step = rw_table_find(table, "step");
    rw_baseline *list = NULL;
    RW_TRY(RW_ARENA_NEW(arena, list, n_points));
    *of = list;
    if (table->n_rows == 0)
        return RW_OK;
    RW_CHECK(point != NULL && point->numbers != NULL && first != NULL && first->numbers != NULL && step != NULL &&
                 step->numbers != NULL,
             RW_ERR_INPUT, "baselines.csv of the sweep is damaged; make a new plan in another directory");
    for (size_t i = 0; i < table->n_rows; i++) {
        bool right = point->numbers[i] >= 0.0 && point->numbers[i] < (double)n_points && first->numbers[i] >= 0.0 &&
                     first->numbers[i] < (double)n_points && step->numbers[i] >= 1.0 && step->numbers[i] < 1e15;
        RW_CHECK(right, RW_ERR_INPUT, "baselines.csv of the sweep is damaged; make a new plan in another directory");
        list[(size_t)point->numbers[i]] = (rw_baseline){(size_t)first->numbers[i], (uint64_t)step->numbers[i]};
    }
    return RW_OK;
}

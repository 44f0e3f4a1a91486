#include "study/sweep/points.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "config/number.h"
#include "config/parse.h"
#include "study/sweep/design.h"

/* A design before arms, subjects and replicates: levels, or numbers of the unit cube. */
typedef struct {
    size_t n_rows;
    size_t *level; /* [n_rows x n_parameters], or NULL */
    double *cube;  /* [n_rows x n_parameters], or NULL */
} design_rows;

static size_t count_rows(const rw_sweep_plan *plan) {
    const size_t k = plan->n_parameters;
    double n = 1.0;
    switch (plan->design) {
    case RW_DESIGN_GRID:
        for (size_t p = 0; p < k; p++)
            n *= (double)plan->parameters[p].n_levels;
        break;
    case RW_DESIGN_LIST:
        n = (double)plan->n_rows;
        break;
    case RW_DESIGN_ZIP:
        n = k > 0 ? (double)plan->parameters[0].n_levels : 1.0;
        break;
    case RW_DESIGN_ONE_AT_A_TIME:
        for (size_t p = 0; p < k; p++)
            n += (double)plan->parameters[p].n_levels - 1.0;
        break;
    case RW_DESIGN_SALTELLI:
        n = (double)plan->design_points * ((double)k + 2.0);
        break;
    default:
        n = (double)plan->design_points;
    }
    return n <= (double)RW_SWEEP_MAX_POINTS ? (size_t)n : RW_SWEEP_MAX_POINTS + 1;
}

/* The levels of one row of a grid, the last parameter fastest. */
static void grid_row(const rw_sweep_plan *plan, size_t row, size_t *level) {
    for (size_t p = plan->n_parameters; p-- > 0; row /= plan->parameters[p].n_levels)
        level[p] = row % plan->parameters[p].n_levels;
}

static void one_at_a_time_row(const rw_sweep_plan *plan, size_t row, size_t *level) {
    size_t first = 1;
    for (size_t p = 0; p < plan->n_parameters; first += plan->parameters[p++].n_levels - 1)
        level[p] = row >= first && row < first + plan->parameters[p].n_levels - 1 ? row - first + 1 : 0;
}

static void level_row(const rw_sweep_plan *plan, size_t row, size_t *level) {
    if (plan->design == RW_DESIGN_GRID)
        grid_row(plan, row, level);
    else if (plan->design == RW_DESIGN_ONE_AT_A_TIME)
        one_at_a_time_row(plan, row, level);
    else
        for (size_t p = 0; p < plan->n_parameters; p++)
            level[p] = plan->design == RW_DESIGN_LIST ? plan->rows[row * plan->n_parameters + p] : row;
}

static rw_err make_rows(const rw_sweep_plan *plan, design_rows *rows) {
    const size_t k = plan->n_parameters;
    rows->n_rows = count_rows(plan);
    double all = (double)rows->n_rows * (double)plan->n_arms * (double)plan->n_subjects * (double)plan->n_replicates;
    RW_CHECK(
        all <= (double)RW_SWEEP_MAX_POINTS, RW_ERR_INPUT,
        "this sweep has more than %zu points (design x arms x subjects x replicates); make it smaller, or split it",
        RW_SWEEP_MAX_POINTS);
    switch (plan->design) {
    case RW_DESIGN_LHS:
    case RW_DESIGN_SOBOL:
    case RW_DESIGN_SALTELLI:
        RW_TRY(RW_ARENA_NEW(plan->arena, rows->cube, rows->n_rows * k));
        if (plan->design == RW_DESIGN_LHS)
            return rw_design_lhs(rows->n_rows, k, plan->design_seed, rows->cube);
        if (plan->design == RW_DESIGN_SOBOL)
            return rw_design_sobol(rows->n_rows, k, plan->design_seed, rows->cube);
        return rw_design_saltelli((size_t)plan->design_points, k, plan->design_seed, rows->cube);
    default:
        RW_TRY(RW_ARENA_NEW(plan->arena, rows->level, rows->n_rows * k));
        for (size_t row = 0; row < rows->n_rows; row++)
            level_row(plan, row, rows->level + row * k);
        return RW_OK;
    }
}

/* "0.5 mg/kg" */
static rw_err quantity_text(rw_arena *arena, double number, const char *unit, const char **text) {
    char digits[RW_NUMBER_SIZE], buffer[128];
    (void)snprintf(buffer, sizeof buffer, "%s%s%.80s", rw_number_print(digits, number), unit[0] != '\0' ? " " : "",
                   unit);
    return rw_arena_string(arena, text, buffer);
}

static double from_unit(const rw_sweep_parameter *parameter, double u) {
    if (parameter->logarithmic)
        return exp(log(parameter->low) + u * (log(parameter->high) - log(parameter->low)));
    return parameter->low + u * (parameter->high - parameter->low);
}

/* The value of parameter p in a row: its label, number, and text for the scenario. */
static rw_err parameter_value(const rw_sweep_plan *plan, const design_rows *rows, size_t row, size_t p,
                              const char **label, double *number, const char **text) {
    const rw_sweep_parameter *parameter = &plan->parameters[p];
    const size_t at = row * plan->n_parameters + p;
    *number = NAN;
    if (rows->cube != NULL && parameter->n_levels == 0) {
        /* nine digits: more accurate than any parameter is known, and legible */
        char digits[RW_NUMBER_SIZE];
        (void)snprintf(digits, sizeof digits, "%.9g", from_unit(parameter, rows->cube[at]));
        if (rw_number_parse(digits, number) == NULL)
            *number = from_unit(parameter, rows->cube[at]);
        RW_TRY(quantity_text(plan->arena, *number, parameter->unit, text));
        *label = *text;
        return RW_OK;
    }
    size_t level = rows->level != NULL ? rows->level[at] : (size_t)(rows->cube[at] * (double)parameter->n_levels);
    *label = parameter->labels[level];
    *text = parameter->texts[level];
    if (parameter->numbers != NULL)
        *number = parameter->numbers[level];
    return RW_OK;
}

/* A quantity of a subject: the same whatever else is drawn; outside its limits it is drawn again. */
static double draw_subject(const rw_sweep_plan *plan, size_t index, size_t subject) {
    const rw_subject_draw *draw = &plan->draws[index];
    const rw_stream stream = rw_substream_of(plan->subject_seed, RW_SUBSTREAM_DESIGN_SUBJECT, (uint32_t)index);
    double value = 0.0;
    for (uint64_t attempt = 0; attempt < 10000; attempt++) {
        rw_bits bits = rw_draw(stream, subject, attempt);
        double u = rw_uniform64(bits.word[0], bits.word[1]);
        if (draw->kind == RW_UNIFORM) {
            value = draw->a + u * (draw->b - draw->a);
        } else if (draw->kind == RW_NORMAL) {
            value = draw->a + draw->b * gsl_cdf_ugaussian_Pinv(u);
        } else { /* mean and standard deviation of the variable itself */
            double variance = log1p(draw->b * draw->b / (draw->a * draw->a));
            value = exp(log(draw->a) - 0.5 * variance + sqrt(variance) * gsl_cdf_ugaussian_Pinv(u));
        }
        char digits[RW_NUMBER_SIZE];
        (void)snprintf(digits, sizeof digits, "%.6g", value);
        if (rw_number_parse(digits, &value) != NULL && value >= draw->min && value <= draw->max)
            return value;
    }
    return fmin(fmax(value, draw->min), draw->max);
}

static size_t count_overrides(const rw_sweep_plan *plan, const rw_arm *arm) {
    size_t n = plan->n_set + arm->n_set + plan->numbered.count + 1;
    for (size_t p = 0; p < plan->n_parameters; p++)
        n += plan->parameters[p].keys.count;
    for (size_t d = 0; d < plan->n_draws; d++)
        n += plan->draws[d].keys.count + plan->draws[d].remainder.count;
    return n;
}

static void set_keys(rw_override **end, const rw_keys *keys, const char *value) {
    for (size_t k = 0; k < keys->count; k++)
        *(*end)++ = (rw_override){keys->names[k], value, keys->origin};
}

static rw_err fill_point(const rw_sweep_plan *plan, const design_rows *rows, rw_point *point) {
    const rw_arm *arm = &plan->arms[point->arm];
    const char **labels = NULL, *text = NULL;
    double *numbers = NULL, *drawn = NULL;
    rw_override *set = NULL;
    RW_TRY(RW_ARENA_NEW(plan->arena, labels, plan->n_parameters));
    RW_TRY(RW_ARENA_NEW(plan->arena, numbers, plan->n_parameters));
    RW_TRY(RW_ARENA_NEW(plan->arena, drawn, plan->n_draws));
    RW_TRY(RW_ARENA_NEW(plan->arena, set, count_overrides(plan, arm)));
    rw_override *end = set;
    for (size_t i = 0; i < plan->n_set; i++)
        *end++ = plan->set[i];
    for (size_t i = 0; i < arm->n_set; i++)
        *end++ = arm->set[i];
    for (size_t p = 0; p < plan->n_parameters; p++) {
        RW_TRY(parameter_value(plan, rows, point->row, p, &labels[p], &numbers[p], &text));
        set_keys(&end, &plan->parameters[p].keys, text);
    }
    if (plan->numbered.count > 0) {
        RW_TRY(quantity_text(plan->arena, (double)point->subject + 1.0, "", &text));
        set_keys(&end, &plan->numbered, text);
    }
    for (size_t d = 0; d < plan->n_draws; d++) {
        drawn[d] = draw_subject(plan, d, point->subject);
        RW_TRY(quantity_text(plan->arena, drawn[d], plan->draws[d].unit, &text));
        set_keys(&end, &plan->draws[d].keys, text);
        if (plan->draws[d].remainder.count > 0)
            RW_TRY(quantity_text(plan->arena, 1.0 - drawn[d], "", &text));
        set_keys(&end, &plan->draws[d].remainder, text);
    }
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)point->seed);
    RW_TRY(rw_arena_string(plan->arena, &text, seed));
    *end++ = (rw_override){"seed", text, NULL};
    point->labels = labels;
    point->numbers = numbers;
    point->drawn = drawn;
    point->set = set;
    point->n_set = (size_t)(end - set);
    return RW_OK;
}

static rw_err name_block(const rw_sweep_plan *plan, rw_point *point) {
    if (plan->design != RW_DESIGN_SALTELLI)
        return RW_OK;
    const size_t blocks = plan->n_parameters + 2, block = point->row % blocks;
    point->sample = point->row / blocks;
    if (block < 2) {
        point->block = block == 0 ? "A" : "B";
        return RW_OK;
    }
    char text[96];
    (void)snprintf(text, sizeof text, "AB.%s", plan->parameters[block - 2].name);
    return rw_arena_string(plan->arena, &point->block, text);
}

rw_err rw_points_list(const rw_sweep_plan *plan, uint64_t base_seed, rw_points *points) {
    design_rows rows = {0};
    rw_point *list = NULL;
    RW_TRY(make_rows(plan, &rows));
    const size_t subjects = (size_t)plan->n_subjects, replicates = (size_t)plan->n_replicates;
    const size_t n = rows.n_rows * plan->n_arms * subjects * replicates;
    RW_TRY(RW_ARENA_NEW(plan->arena, list, n));
    for (size_t i = 0; i < n; i++) {
        rw_point *point = &list[i];
        point->replicate = i % replicates;
        point->subject = i / replicates % subjects;
        point->arm = i / replicates / subjects % plan->n_arms;
        point->row = i / replicates / subjects / plan->n_arms;
        point->seed = (base_seed + point->subject * replicates + point->replicate) & INT64_MAX;
        RW_TRY(name_block(plan, point));
        RW_TRY(fill_point(plan, &rows, point));
    }
    *points = (rw_points){n, list};
    return RW_OK;
}

rw_err rw_points_base_seed(const rw_sweep_plan *plan, const char *base, uint64_t *seed) {
    rw_scenario *scenario = NULL;
    RW_TRY(rw_scenario_parse(&scenario, plan->scenario, base, strlen(base), plan->set, plan->n_set));
    *seed = scenario->seed;
    rw_scenario_destroy(&scenario);
    return RW_OK;
}

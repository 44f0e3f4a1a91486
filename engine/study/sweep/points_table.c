#include "study/sweep/points_table.h"

#include <stdlib.h>

static rw_err add_arms(const rw_sweep_plan *plan, const rw_points *points, rw_table *table) {
    const char **text = NULL;
    if (plan->n_arms == 1)
        return RW_OK;
    RW_TRY(rw_table_add_texts(table, "arm", "arm of the sweep", &text));
    for (size_t i = 0; i < points->n_points; i++)
        text[i] = plan->arms[points->points[i].arm].name;
    return RW_OK;
}

static rw_err add_samples(const rw_sweep_plan *plan, const rw_points *points, rw_table *table) {
    const char **block = NULL;
    double *sample = NULL;
    if (plan->design != RW_DESIGN_SALTELLI)
        return RW_OK;
    RW_TRY(rw_table_add_texts(table, "block", "A, B, or A with one column of B", &block));
    RW_TRY(rw_table_add_numbers(table, "sample", NULL, "number of the sample, from 0", &sample));
    for (size_t i = 0; i < points->n_points; i++) {
        block[i] = points->points[i].block;
        sample[i] = (double)points->points[i].sample;
    }
    return RW_OK;
}

static rw_err add_parameters(const rw_sweep_plan *plan, const rw_points *points, rw_table *table) {
    for (size_t p = 0; p < plan->n_parameters; p++) {
        const rw_sweep_parameter *parameter = &plan->parameters[p];
        const char **label = NULL;
        double *number = NULL;
        if (parameter->unit != NULL)
            RW_TRY(rw_table_add_numbers(table, parameter->name, parameter->unit, "parameter of the sweep", &number));
        else
            RW_TRY(rw_table_add_texts(table, parameter->name, "parameter of the sweep", &label));
        for (size_t i = 0; i < points->n_points; i++)
            if (parameter->unit != NULL)
                number[i] = points->points[i].numbers[p];
            else
                label[i] = points->points[i].labels[p];
    }
    return RW_OK;
}

static rw_err add_subjects(const rw_sweep_plan *plan, const rw_points *points, rw_table *table) {
    double *number = NULL, *drawn = NULL;
    if (plan->n_draws == 0 && plan->numbered.count == 0)
        return RW_OK;
    RW_TRY(rw_table_add_numbers(table, "subject", NULL, "number of the virtual subject, from 0", &number));
    for (size_t i = 0; i < points->n_points; i++)
        number[i] = (double)points->points[i].subject;
    for (size_t d = 0; d < plan->n_draws; d++) {
        RW_TRY(rw_table_add_numbers(table, plan->draws[d].name, plan->draws[d].unit, "drawn for the subject", &drawn));
        for (size_t i = 0; i < points->n_points; i++)
            drawn[i] = points->points[i].drawn[d];
    }
    return RW_OK;
}

rw_err rw_points_describe(const rw_sweep_plan *plan, const rw_points *points, rw_table *table) {
    double *number = NULL, *replicate = NULL, *seed = NULL;
    RW_TRY(rw_table_add_numbers(table, "point", NULL, "number of the point, from 0", &number));
    RW_TRY(add_arms(plan, points, table));
    RW_TRY(add_samples(plan, points, table));
    RW_TRY(add_parameters(plan, points, table));
    RW_TRY(add_subjects(plan, points, table));
    RW_TRY(rw_table_add_numbers(table, "replicate", NULL, "number of the replicate, from 0", &replicate));
    RW_TRY(rw_table_add_numbers(table, "seed", NULL, "seed of the scenario", &seed));
    for (size_t i = 0; i < points->n_points; i++) {
        number[i] = (double)i;
        replicate[i] = (double)points->points[i].replicate;
        seed[i] = (double)points->points[i].seed;
    }
    return RW_OK;
}

rw_err rw_table_text(const rw_table *table, const char **text) {
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "not enough memory for a sweep; close other programs");
    rw_table_print_csv(table, out);
    rw_err err = fclose(out) == 0 ? rw_arena_string(table->arena, text, buffer)
                                  : rw_fail(RW_ERR_SYSTEM, "not enough memory for a sweep; close other programs");
    free(buffer); /* NOLINT: the C library's own */
    return err;
}

rw_err rw_points_text(const rw_sweep_plan *plan, const rw_points *points, const char **text) {
    rw_table table = rw_table_begin(plan->arena, points->n_points);
    RW_TRY(rw_points_describe(plan, points, &table));
    return rw_table_text(&table, text);
}

#include "study/comparison/prediction_tables.h"

#include <math.h>

#include "base/count.h"

rw_err rw_traits_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const size_t k = analysis->n_traits;
    const char **scenario = NULL, **trait = NULL, **problem = NULL;
    double *n = NULL, *beta = NULL, *low = NULL, *high = NULL, *p = NULL, *r_squared = NULL;
    const rw_number_column columns[] = {
        {"n", NULL, "runs with a value", &n},
        {"beta", NULL, "standard deviations of the level for one of the trait, the others held", &beta},
        {"low", NULL, "lower end of its 95 % interval (Student's t)", &low},
        {"high", NULL, "upper end of its 95 % interval", &high},
        {"p", NULL, "of beta = 0, not corrected", &p},
        {"r_squared", NULL, "share of the variance of the level that all traits explain", &r_squared}};
    if (k == 0)
        return RW_OK;
    *table = rw_table_begin(cohort->arena, cohort->n_groups * k);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_texts(table, "trait", "what differs between subjects", &trait));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    RW_TRY(rw_table_add_texts(table, "problem", "why there is no value", &problem));
    for (size_t row = 0; row < cohort->n_groups * k; row++) {
        const rw_regression *fit = &analysis->fits[row / k];
        const rw_coefficient *coefficient = &analysis->coefficients[row];
        scenario[row] = cohort->groups[row / k];
        trait[row] = rw_recovery_trait(cohort, row % k);
        n[row] = (double)fit->n;
        beta[row] = coefficient->beta;
        low[row] = coefficient->interval.low;
        high[row] = coefficient->interval.high;
        p[row] = coefficient->p;
        r_squared[row] = fit->r_squared;
        problem[row] = fit->problem != NULL ? fit->problem : "-";
    }
    return RW_OK;
}

rw_err rw_prediction_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **scenario = NULL, **problem = NULL;
    double *met = NULL, *unmet = NULL, *area = NULL, *low = NULL, *high = NULL;
    const rw_number_column columns[] = {
        {"met", NULL, "runs that met the criterion after the predictor was measured", &met},
        {"not_met", NULL, "runs that did not", &unmet},
        {"area", NULL, "under the ROC curve: chance that a run that met it has the larger predictor", &area},
        {"low", NULL, "lower end of its 95 % interval (DeLong)", &low},
        {"high", NULL, "upper end of its 95 % interval", &high}};
    if (analysis->rocs == NULL)
        return RW_OK;
    *table = rw_table_begin(cohort->arena, cohort->n_groups);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    RW_TRY(rw_table_add_texts(table, "problem", "why a value or an interval is not there", &problem));
    for (size_t g = 0; g < cohort->n_groups; g++) {
        const rw_roc *roc = &analysis->rocs[g];
        scenario[g] = cohort->groups[g];
        met[g] = (double)roc->n_met;
        unmet[g] = (double)roc->n_unmet;
        area[g] = roc->area;
        low[g] = roc->interval.low;
        high[g] = roc->interval.high;
        problem[g] = isnan(roc->area)                     ? "all or none met it"
                     : !isnan(roc->interval.low)          ? "-"
                     : roc->n_met < 2 || roc->n_unmet < 2 ? "an interval takes two runs of each kind"
                                                          : "DeLong's interval has no width here";
    }
    return RW_OK;
}

rw_err rw_roc_table(const rw_cohort *cohort, const rw_recovery_analysis *analysis, rw_table *table) {
    const char **scenario = NULL;
    double *threshold = NULL, *sensitivity = NULL, *false_positives = NULL;
    const rw_number_column columns[] = {
        {"threshold", NULL, "\"the predictor is at least this\" is the prediction", &threshold},
        {"sensitivity", NULL, "share of those that met the criterion for which it was predicted", &sensitivity},
        {"false_positives", NULL, "share of those that did not for which it was predicted", &false_positives}};
    size_t n = 0, row = 0;
    for (size_t g = 0; analysis->rocs != NULL && g < cohort->n_groups; g++)
        n += analysis->rocs[g].n_points;
    if (n == 0)
        return RW_OK;
    *table = rw_table_begin(cohort->arena, n);
    RW_TRY(rw_table_add_texts(table, "scenario", "scenario", &scenario));
    RW_TRY(rw_table_add_columns(table, columns, RW_COUNT(columns)));
    for (size_t g = 0; g < cohort->n_groups; g++)
        for (size_t k = 0; k < analysis->rocs[g].n_points; k++, row++) {
            scenario[row] = cohort->groups[g];
            threshold[row] = analysis->rocs[g].points[k].threshold;
            sensitivity[row] = analysis->rocs[g].points[k].true_positives;
            false_positives[row] = analysis->rocs[g].points[k].false_positives;
        }
    return RW_OK;
}

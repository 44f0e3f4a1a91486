#include "study/comparison/abscissa.h"

double rw_cohort_abscissa(const rw_cohort *cohort, size_t row) {
    return cohort->sweep->points.points[row * cohort->sweep->plan->n_arms * cohort->n_units].numbers[0];
}

const rw_sweep_parameter *rw_cohort_abscissa_parameter(const rw_cohort *cohort) {
    return &cohort->sweep->plan->parameters[0];
}

bool rw_cohort_has_abscissa(const rw_cohort *cohort) {
    const rw_sweep_plan *plan = cohort->sweep != NULL ? cohort->sweep->plan : NULL;
    if (plan == NULL || plan->design >= RW_DESIGN_LHS || plan->n_parameters == 0 || plan->parameters[0].unit == NULL ||
        (plan->n_parameters > 1 && plan->design != RW_DESIGN_ZIP))
        return false;
    const size_t n = cohort->n_groups / plan->n_arms;
    for (size_t d = 1; d < n; d++)
        if (!(rw_cohort_abscissa(cohort, d) > rw_cohort_abscissa(cohort, d - 1)))
            return false;
    return n > 2;
}

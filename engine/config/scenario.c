#include "config/scenario.h"

void rw_scenario_destroy(rw_scenario **scenario) {
    if (*scenario == NULL)
        return;
    rw_arena *arena = (*scenario)->arena;
    rw_free(*scenario);
    rw_arena_destroy(&arena);
    *scenario = NULL;
}

double rw_schedule_at(const rw_schedule *schedule, uint64_t step) {
    size_t low = 0, high = schedule->count; /* the last point at or before `step` is in [low, high) */
    if (step <= schedule->step[0])
        return schedule->value[0];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(schedule->step[middle] <= step ? &low : &high) = middle;
    }
    if (!schedule->linear || low + 1 == schedule->count)
        return schedule->value[low];
    double share = (double)(step - schedule->step[low]) / (double)(schedule->step[low + 1] - schedule->step[low]);
    return schedule->value[low] + share * (schedule->value[low + 1] - schedule->value[low]);
}

bool rw_places_have(const rw_places *places, uint32_t population, int64_t projection) {
    return (places->on_population != NULL && places->on_population[population]) ||
           (projection >= 0 && places->on_projection != NULL && places->on_projection[projection]);
}

const rw_places *rw_drug_places(const rw_drug_spec *drug, const rw_model *receptor) {
    for (size_t k = 0; k < drug->n_targets; k++)
        if (drug->targets[k].receptor == receptor)
            return &drug->targets[k].on;
    return NULL;
}

#include "sim/stretch.h"

#include "sim/simulation_state.h"

/* Growth and drugs that bind to each cell's receptors advance by the time that the stretch gives to a step. */
static void set_pace(rw_simulation *sim) {
    const rw_clock *clock = &sim->clock;
    if (clock->n_steps == 0)
        return;
    const double stretch_ms = (double)clock->stretch.length * sim->scenario->step_ms;
    if (sim->structural != NULL) {
        const uint64_t ticks = clock->n_steps / sim->scenario->structure.growth_every_steps;
        sim->structural->structure.tick_ms = stretch_ms / (double)ticks;
        sim->structural->structure.interval_step = clock->interval_step;
    }
    for (size_t p = 0; p < sim->network->n_populations; p++)
        sim->plans[p].dosing.speed = rw_clock_factor(clock);
}

void rw_simulation_begin_stretch(rw_simulation *sim) {
    const rw_clock_stretch next = rw_clock_next(&sim->clock);
    rw_clock_look_ahead(sim, next.begin, next.length);
    rw_clock_begin(&sim->clock, next, rw_clock_choose(&sim->scenario->clock, &next, &sim->observation.evidence));
    set_pace(sim);
}

/* A branch with a clock of a run without one begins it where it is. */
static rw_err start_clock(rw_simulation *sim) {
    rw_clock *clock = &sim->clock;
    clock->step = clock->interval_step = clock->stretch.begin = sim->step;
    return RW_OK;
}

static rw_err check_branch(const rw_simulation *sim) {
    const rw_clock *clock = &sim->clock;
    const uint64_t interval = sim->scenario->clock.interval_steps, time = rw_simulation_now(sim);
    const bool between = sim->step == rw_clock_end(clock);
    RW_CHECK(
        between && time % interval == 0 && sim->step % clock->unit == 0, RW_ERR_INPUT,
        "with time.clock a branch begins at a multiple of its interval (structure.every), %.12g ms, and, in steps of "
        "the network, of %llu; this state is of %.12g ms",
        (double)interval * sim->scenario->step_ms, (unsigned long long)clock->unit,
        (double)time * sim->scenario->step_ms);
    return RW_OK;
}

rw_err rw_simulation_archive_clock(rw_simulation *sim, const rw_archive *archive) {
    static const char path[] = "clock";
    rw_clock *clock = &sim->clock;
    const bool slow = sim->scenario->clock.slow;
    uint64_t now[] = {clock->stretch.begin, clock->stretch.length, clock->step, clock->n_steps, clock->interval_step};
    if (!archive->saving && archive->branching && !archive->holds(archive->self, path)) {
        if (!slow)
            return RW_OK;
        RW_TRY(start_clock(sim));
        return check_branch(sim);
    }
    RW_CHECK(slow || archive->saving || !archive->holds(archive->self, path), RW_ERR_INPUT,
             "the run of the saved state has time.clock; keep it, or start a run without it");
    if (!slow)
        return RW_OK;
    RW_TRY(rw_archive_column(archive, path, RW_ARCHIVE_U64, RW_COUNT(now), now));
    if (archive->saving)
        return RW_OK;
    clock->stretch = (rw_clock_stretch){.begin = now[0], .length = now[1], .unit = clock->unit};
    clock->step = now[2];
    clock->n_steps = now[3];
    clock->interval_step = now[4];
    set_pace(sim);
    return archive->branching ? check_branch(sim) : RW_OK;
}

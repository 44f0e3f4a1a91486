#include "cli/drive.h"

#include "cli/format.h"
#include "cli/interrupts.h"
#include "cli/ranks.h"

#include <stdio.h>

#include "base/memory.h"
#include "io/checkpoint/resume.h"
#include "sim/advance.h"

/* The next time at which a state is saved, or the end of the run. */
static uint64_t next_stop(const rw_scenario *scenario, uint64_t time, uint64_t pause_time) {
    const rw_checkpoint_spec *spec = &scenario->checkpoint;
    uint64_t next = pause_time > time && pause_time < scenario->n_steps ? pause_time : scenario->n_steps;
    if (spec->every_steps > 0 && (time / spec->every_steps + 1) * spec->every_steps < next)
        next = (time / spec->every_steps + 1) * spec->every_steps;
    for (size_t k = 0; k < spec->n_at; k++)
        if (spec->at[k] > time && spec->at[k] < next)
            next = spec->at[k];
    return next;
}

/* Saves what is due since `before`, by simulated time. */
static rw_err save_due(rw_simulation *sim, rw_result *result, uint64_t before) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    const rw_checkpoint_spec *spec = &scenario->checkpoint;
    const uint64_t time = rw_simulation_time(sim);
    for (size_t k = 0; k < spec->n_at; k++)
        if (spec->at[k] == time)
            RW_TRY(rw_result_keep_state(result, sim));
    const bool due = spec->every_steps > 0 && time / spec->every_steps > before / spec->every_steps;
    return due && time < scenario->n_steps ? rw_result_checkpoint(result, sim) : RW_OK;
}

/* Why the run is to end, or "": the reason of the first rank that was asked to. */
typedef struct {
    char text[64];
} stop_reason;

static rw_err find_reason(stop_reason *found) {
    const char *mine = rw_interrupts_reason();
    stop_reason reason = {""}, *all = NULL;
    size_t n = 0;
    *found = reason;
    (void)snprintf(reason.text, sizeof reason.text, "%s", mine != NULL ? mine : "");
    RW_TRY(rw_comm_share(rw_ranks(), &reason, mine != NULL ? 1 : 0, sizeof reason, &all, &n));
    if (n > 0)
        *found = all[0];
    rw_free(all);
    return RW_OK;
}

static rw_err stop(rw_simulation *sim, rw_result *result, const char *directory, const char *reason) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    rw_text now = rw_format_duration(1e-3 * scenario->step_ms * (double)rw_simulation_time(sim));
    rw_text end = rw_format_duration(1e-3 * scenario->step_ms * (double)scenario->n_steps);
    if (!scenario->checkpoint.none)
        RW_TRY(rw_result_checkpoint(result, sim));
    rw_err err =
        rw_fail(RW_ERR_STOPPED, "stopped by %s at %s of %s; what was recorded until then is kept in %s. %s", reason,
                now.text, end.text, directory,
                scenario->checkpoint.none
                    ? "With `checkpoint: none` it cannot be resumed"
                    : "To continue from there, give `rewire run` the same scenario, --set and -o, and --resume");
    return rw_comm_agree(rw_ranks(), err);
}

rw_err rw_drive(rw_simulation *sim, rw_result *result, const char *directory, uint64_t pause_time) {
    const rw_scenario *scenario = rw_simulation_network(sim)->scenario;
    RW_TRY(rw_simulation_advance(sim, rw_simulation_time(sim), NULL)); /* takes the first samples */
    RW_TRY(save_due(sim, result, rw_simulation_time(sim)));
    if (pause_time > 0 && rw_simulation_time(sim) == pause_time) /* resumed, after it was killed as it paused */
        return stop(sim, result, directory, "plan");
    for (uint64_t time; (time = rw_simulation_time(sim)) < scenario->n_steps;) {
        rw_err err = rw_simulation_advance(sim, next_stop(scenario, time, pause_time), rw_interrupts_flag());
        if (err == RW_OK) {
            RW_TRY(save_due(sim, result, time));
            if (time < pause_time && rw_simulation_time(sim) >= pause_time)
                return stop(sim, result, directory, "plan");
            continue;
        }
        if (err != RW_ERR_STOPPED)
            return err;
        stop_reason reason;
        rw_comm_go_on(rw_ranks());
        RW_TRY(find_reason(&reason));
        if (reason.text[0] != '\0')
            return stop(sim, result, directory, reason.text);
        if (!scenario->checkpoint.none)
            RW_TRY(rw_result_checkpoint(result, sim));
        rw_interrupts_go_on();
    }
    return RW_OK;
}

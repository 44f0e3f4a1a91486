#include "sim/run_state/signal_state.h"

#include "base/memory.h"
#include "sim/simulation_state.h"

/* Past values in the order of time. A branch may have another lag: the newest values are kept, and the oldest is
 * repeated for earlier times. */
static rw_err archive_past(rw_signal *signal, const rw_archive *archive, const char *group) {
    uint64_t n = signal->n_past;
    double *past = NULL;
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/lag_updates", group).text, &n));
    RW_CHECK(archive->saving || archive->branching || n == signal->n_past, RW_ERR_INPUT,
             "signal '%s' has another lag than in the saved state", signal->spec->name);
    RW_TRY(RW_NEW(past, n, "signals"));
    for (size_t k = 0; k < n && archive->saving; k++)
        past[k] = signal->past[(signal->next + k) % n];
    rw_err err =
        n == 0 ? RW_OK : rw_archive_column(archive, rw_path_of("%s/past", group).text, RW_ARCHIVE_F64, n, past);
    for (size_t k = 0; k < signal->n_past && err == RW_OK && !archive->saving; k++) {
        size_t age = signal->n_past - k; /* in updates */
        signal->past[k] = n == 0 ? signal->acting : past[age <= n ? n - age : 0];
        signal->next = 0;
    }
    rw_free(past);
    return err;
}

static rw_err archive_state(const rw_archive *archive, const char *group, const rw_model *model, uint64_t n,
                            double *state) {
    rw_path path = rw_path_of("%s/%s", group, model->name);
    bool there = n > 0 && (!archive->branching || archive->holds(archive->self, path.text));
    return there ? rw_archive_column(archive, path.text, RW_ARCHIVE_F64, n, state) : RW_OK;
}

static rw_err archive_signal(rw_signal *signal, const rw_comm *comm, const rw_archive *archive) {
    rw_path group = rw_path_of("signals/%s", signal->spec->name);
    if (archive->branching && !archive->holds(archive->self, rw_path_of("%s/now", group.text).text))
        return RW_OK; /* only the branch has it, and it begins there */
    double now[2] = {signal->u, signal->acting};
    uint64_t spikes = signal->spikes;
    if (archive->saving)
        RW_TRY(rw_comm_reduce(comm, &spikes, 1, RW_U64, RW_SUM));
    RW_TRY(rw_archive_number(archive, rw_path_of("%s/spikes", group.text).text, &spikes));
    if (!archive->saving)
        signal->spikes = rw_comm_rank(comm) == 0 ? spikes : 0;
    RW_TRY(rw_archive_column(archive, rw_path_of("%s/now", group.text).text, RW_ARCHIVE_F64, 2, now));
    signal->u = now[0];
    signal->acting = now[1];
    signal->formation = signal->spec->model->signal.formation(signal->cascade.p, signal->acting);
    RW_TRY(archive_state(archive, group.text, signal->spec->drive, signal->drive.n_states, signal->drive_state));
    RW_TRY(archive_state(archive, group.text, signal->spec->model, signal->cascade.n_states, signal->state));
    return archive_past(signal, archive, group.text);
}

rw_err rw_simulation_archive_signals(rw_simulation *sim, const rw_archive *archive) {
    for (size_t s = 0; sim->structural != NULL && s < sim->scenario->n_signals; s++)
        RW_TRY(archive_signal(&sim->structural->structure.signals[s], sim->network->partition.comm, archive));
    return RW_OK;
}

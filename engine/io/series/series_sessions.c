#include "io/series/series_sessions.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "io/series/series_columns.h"

static const rw_series of_session[] = {RW_SERIES_PRESENTATIONS, RW_SERIES_CUED, RW_SERIES_RECALL, RW_SERIES_OUTSIDE,
                                       RW_SERIES_COMPLETION};

/* The k-th cell of a selection that is not random. */
static uint64_t cell_of(const rw_selection *selection, uint64_t k) {
    return selection->kind == RW_SELECT_IDS ? selection->ids[k] : k;
}

static rw_err create_session(rw_session_count *session, const rw_input_spec *spec, const rw_network *network) {
    const uint64_t count = network->populations[spec->target].count;
    session->spec = spec;
    RW_TRY(RW_NEW(session->class_of, count, "sessions"));
    RW_TRY(RW_NEW(session->fired, count, "sessions"));
    memset(session->class_of, RW_SESSION_OUTSIDE, count);
    for (uint64_t k = 0; k < spec->session.pattern.count; k++)
        session->class_of[cell_of(&spec->session.pattern, k)] =
            k < spec->targets.count ? RW_SESSION_CUED : RW_SESSION_UNCUED;
    for (uint64_t id = 0; id < count; id++)
        session->n_cells[session->class_of[id]]++;
    return RW_OK;
}

rw_err rw_session_series_create(rw_session_series *series, rw_columns *columns, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    const rw_scenario *scenario = network->scenario;
    size_t n = 0;
    *series = (rw_session_series){.sim = sim, .columns = columns, .first = columns->n};
    for (size_t i = 0; i < scenario->n_inputs; i++)
        n += scenario->inputs[i].kind == RW_INPUT_SESSION;
    RW_TRY(RW_NEW(series->sessions, n, "sessions"));
    series->n = n;
    n = 0;
    for (size_t i = 0; i < scenario->n_inputs; i++) {
        const rw_input_spec *spec = &scenario->inputs[i];
        if (spec->kind != RW_INPUT_SESSION)
            continue;
        RW_TRY(create_session(&series->sessions[n++], spec, network));
        for (size_t k = 0; k < RW_COUNT(of_session); k++)
            RW_TRY(rw_columns_add_next_series(columns, of_session[k], spec->session.name, (rw_series_parts){.n = 0}));
    }
    return RW_OK;
}

static uint64_t end_of(const rw_session_count *session, size_t presentation) {
    return session->spec->onset_step[presentation] + session->spec->width_steps;
}

/* Ends the presentations of which no spike can come any more once the time is after `time`. */
static void end_before(rw_session_count *session, uint64_t time, uint64_t n_cells) {
    while (session->next < session->spec->n_onsets && end_of(session, session->next) < time) {
        for (int class = 0; class < RW_SESSION_CLASSES; class ++)
            session->sum[class] += session->n_fired[class];
        memset(session->n_fired, 0, sizeof session->n_fired);
        memset(session->fired, 0, n_cells);
        session->ended++;
        session->next++;
    }
}

static uint64_t cells_of(const rw_session_series *series, const rw_session_count *session) {
    return rw_simulation_network(series->sim)->populations[session->spec->target].count;
}

/* All spikes up to the present step have been told. */
static void end_until_now(rw_session_series *series) {
    const uint64_t now = rw_simulation_time_at(series->sim, rw_simulation_step(series->sim));
    for (size_t s = 0; s < series->n; s++)
        end_before(&series->sessions[s], now + 1, cells_of(series, &series->sessions[s]));
}

static void count_spike(rw_session_count *session, uint64_t time, uint64_t id, uint64_t n_cells) {
    end_before(session, time, n_cells);
    if (session->next >= session->spec->n_onsets || time <= session->spec->onset_step[session->next] ||
        session->fired[id])
        return;
    session->fired[id] = 1;
    session->n_fired[session->class_of[id]]++;
}

void rw_session_series_count(rw_session_series *series, const rw_spike *spikes, size_t n) {
    for (size_t s = 0; s < series->n; s++) {
        rw_session_count *session = &series->sessions[s];
        const uint64_t n_cells = cells_of(series, session);
        for (size_t i = 0; i < n; i++)
            if (spikes[i].population == session->spec->target)
                count_spike(session, rw_simulation_time_at(series->sim, spikes[i].step), spikes[i].id, n_cells);
    }
}

/* Mean share of the cells of a class that fired in a presentation; NaN without one, or without such cells. */
static double share(const rw_session_count *session, int class) {
    const uint64_t most = session->ended * session->n_cells[class];
    return most > 0 ? (double)session->sum[class] / (double)most : NAN;
}

rw_err rw_session_series_sample(rw_session_series *series) {
    size_t column = series->first;
    end_until_now(series);
    for (size_t s = 0; s < series->n; s++) {
        rw_session_count *session = &series->sessions[s];
        const double recall = share(session, RW_SESSION_UNCUED), outside = share(session, RW_SESSION_OUTSIDE);
        const double values[] = {(double)session->ended, share(session, RW_SESSION_CUED), recall, outside,
                                 recall - outside};
        for (size_t k = 0; k < RW_COUNT(values); k++)
            RW_TRY(rw_columns_append_next(series->columns, &column, values[k]));
        session->ended = 0;
        memset(session->sum, 0, sizeof session->sum);
    }
    return RW_OK;
}

static rw_err archive_session(rw_session_series *series, rw_session_count *session, const rw_archive *archive) {
    const rw_path path = rw_path_of("recorders/series/sessions/%s", session->spec->session.name);
    const rw_path fired = rw_path_of("%s/fired", path.text), counts = rw_path_of("%s/counts", path.text);
    uint64_t state[1 + RW_SESSION_CLASSES] = {session->ended};
    const uint64_t now = rw_simulation_time_at(series->sim, rw_simulation_step(series->sim));
    const uint64_t n_cells = cells_of(series, session);
    memcpy(state + 1, session->sum, sizeof session->sum);
    if (!archive->branching || archive->holds(archive->self, counts.text)) {
        RW_TRY(rw_archive_column(archive, counts.text, RW_ARCHIVE_U64, RW_COUNT(state), state));
        RW_TRY(rw_archive_column(archive, fired.text, RW_ARCHIVE_U8, n_cells, session->fired));
    }
    if (archive->saving)
        return RW_OK;
    session->ended = state[0];
    memcpy(session->sum, state + 1, sizeof session->sum);
    for (session->next = 0; session->next < session->spec->n_onsets && end_of(session, session->next) <= now;)
        session->next++;
    memset(session->n_fired, 0, sizeof session->n_fired);
    for (uint64_t id = 0; id < n_cells; id++)
        session->n_fired[session->class_of[id]] += session->fired[id];
    return RW_OK;
}

rw_err rw_session_series_archive(rw_session_series *series, const rw_archive *archive) {
    if (archive->saving)
        end_until_now(series);
    for (size_t s = 0; s < series->n; s++)
        RW_TRY(archive_session(series, &series->sessions[s], archive));
    return RW_OK;
}

void rw_session_series_destroy(rw_session_series *series) {
    for (size_t s = 0; s < series->n; s++) {
        rw_free(series->sessions[s].class_of);
        rw_free(series->sessions[s].fired);
    }
    rw_free(series->sessions);
    *series = (rw_session_series){0};
}

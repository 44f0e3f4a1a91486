#include "cli/trace.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sim/phase.h"
#include "sim/profile.h"
#include "sim/timer.h"

/* Calls `visit` for every span of every thread; what one thread does for all is shown as thread 0. */
static void each_span(const rw_simulation *sim, void (*visit)(void *self, int thread, const rw_span *span),
                      void *self) {
    int n_threads = rw_simulation_network(sim)->partition.n_threads;
    for (int thread = 0; thread <= n_threads; thread++) {
        const rw_span *spans[2];
        size_t n[2];
        rw_simulation_trace(sim, thread, spans, n);
        for (int part = 0; part < 2; part++)
            for (size_t i = 0; i < n[part]; i++)
                visit(self, thread < n_threads ? thread : 0, &spans[part][i]);
    }
}

static void find_start(void *self, int thread, const rw_span *span) {
    double *start_s = self;
    (void)thread;
    *start_s = fmin(*start_s, span->start_s);
}

typedef struct {
    rw_json json;
    double start_s, step_ms;
} trace_writer;

static void write_span(void *self, int thread, const rw_span *span) {
    trace_writer *writer = self;
    rw_json *json = &writer->json;
    rw_json_open_object(json, NULL);
    rw_json_text(json, "name", rw_phase_name(span->phase));
    rw_json_text(json, "ph", "X");
    rw_json_number(json, "ts", 1e6 * (span->start_s - writer->start_s));
    rw_json_number(json, "dur", 1e6 * (span->end_s - span->start_s));
    rw_json_integer(json, "pid", 0);
    rw_json_integer(json, "tid", (uint64_t)thread);
    rw_json_open_object(json, "args");
    rw_json_number(json, "time_ms", writer->step_ms * (double)span->step);
    rw_json_close_object(json);
    rw_json_close_object(json);
}

static void write_names(rw_json *json, int n_threads) {
    for (int thread = 0; thread < n_threads; thread++) {
        char name[32];
        (void)snprintf(name, sizeof name, "thread %d", thread);
        rw_json_open_object(json, NULL);
        rw_json_text(json, "name", "thread_name");
        rw_json_text(json, "ph", "M");
        rw_json_integer(json, "pid", 0);
        rw_json_integer(json, "tid", (uint64_t)thread);
        rw_json_open_object(json, "args");
        rw_json_text(json, "name", name);
        rw_json_close_object(json);
        rw_json_close_object(json);
    }
}

rw_err rw_trace_write(const char *path, const rw_simulation *sim) {
    const rw_network *network = rw_simulation_network(sim);
    FILE *file = fopen(path, "w");
    RW_CHECK(file != NULL, RW_ERR_SYSTEM, "the trace %s cannot be written: %s", path, strerror(errno));
    trace_writer writer = {.json = {.file = file}, .start_s = INFINITY, .step_ms = network->scenario->step_ms};
    each_span(sim, find_start, &writer.start_s);
    rw_json_open_object(&writer.json, NULL);
    rw_json_text(&writer.json, "displayTimeUnit", "ms");
    rw_json_open_array(&writer.json, "traceEvents");
    write_names(&writer.json, network->partition.n_threads);
    each_span(sim, write_span, &writer);
    rw_json_close_array(&writer.json);
    rw_json_close_object(&writer.json);
    bool written = ferror(file) == 0;
    written = fclose(file) == 0 && written;
    RW_CHECK(written, RW_ERR_SYSTEM, "the trace %s could not be written whole; is the disk full?", path);
    return RW_OK;
}

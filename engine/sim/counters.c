#include "sim/counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef REWIRE_PAPI
#include <papi.h>
#include <pthread.h>
#endif
#ifdef REWIRE_LIKWID
#define LIKWID_PERFMON
#include <likwid-marker.h>
#endif

#ifdef REWIRE_PAPI

static const int events[RW_COUNTERS] = {[RW_COUNTER_INSTRUCTIONS] = PAPI_TOT_INS,
                                        [RW_COUNTER_CYCLES] = PAPI_TOT_CYC,
                                        [RW_COUNTER_CACHE_MISSES] = PAPI_L3_TCM};

static unsigned long this_thread(void) {
    return (unsigned long)pthread_self();
}

static bool fail(rw_counters *counters, const char *what, int code) {
    (void)snprintf(counters->why, sizeof counters->why, "%s: %s", what, PAPI_strerror(code));
    return false;
}

static bool open_library(rw_counters *counters) {
    int code = PAPI_is_initialized() ? (int)PAPI_VER_CURRENT : PAPI_library_init(PAPI_VER_CURRENT);
    if (code != (int)PAPI_VER_CURRENT)
        return fail(counters, "PAPI does not start", code);
    code = PAPI_thread_init(this_thread);
    return code == PAPI_OK || fail(counters, "PAPI knows no threads", code);
}

static bool open_counters(rw_counters *counters) {
    static const char *const names[] = {"instructions", "cycles", "cache misses"};
    int code = PAPI_create_eventset(&counters->set);
    for (int i = 0; i < RW_COUNTERS && code == PAPI_OK; i++) {
        code = PAPI_add_event(counters->set, events[i]);
        if (code != PAPI_OK)
            return fail(counters, names[i], code);
    }
    if (code == PAPI_OK)
        code = PAPI_start(counters->set);
    return code == PAPI_OK || fail(counters, "PAPI", code);
}

static void start_papi(rw_counters *counters) {
    counters->set = PAPI_NULL;
#pragma omp critical(rw_papi)
    counters->counting = open_library(counters) && open_counters(counters);
}

static void read_papi(rw_counters *counters, rw_phase ended) {
    rw_processor_counts now;
    if (!counters->counting || PAPI_read(counters->set, now.count) != PAPI_OK)
        return;
    for (int i = 0; i < RW_COUNTERS; i++)
        counters->by_phase[ended].count[i] += now.count[i] - counters->at_switch.count[i];
    counters->at_switch = now;
}

#else

static void start_papi(rw_counters *counters) {
    (void)snprintf(counters->why, sizeof counters->why, "this rewire was built without PAPI (cmake -DREWIRE_PAPI=ON)");
}

static void read_papi(rw_counters *counters, rw_phase ended) {
    (void)counters;
    (void)ended;
}

#endif

#ifdef REWIRE_LIKWID

static void switch_region(rw_phase ended, rw_phase begun) {
    if (ended != RW_PHASE_COUNT)
        LIKWID_MARKER_STOP(rw_phase_name(ended));
    if (begun != RW_PHASE_COUNT)
        LIKWID_MARKER_START(rw_phase_name(begun));
}

const char *rw_counters_regions(void) {
    return getenv("LIKWID_MODE") != NULL ? NULL : "start it under likwid-perfctr -m";
}

static void open_regions(void) {
    static bool opened;
#pragma omp critical(rw_likwid)
    if (!opened && rw_counters_regions() == NULL) {
        LIKWID_MARKER_INIT;
        opened = atexit(likwid_markerClose) == 0;
    }
    LIKWID_MARKER_THREADINIT;
}

#else

static void switch_region(rw_phase ended, rw_phase begun) {
    (void)ended;
    (void)begun;
}

const char *rw_counters_regions(void) {
    return "this rewire was built without LIKWID (cmake -DREWIRE_LIKWID=ON)";
}

static void open_regions(void) {
}

#endif

void rw_counters_start(rw_counters *counters) {
    if (counters->started)
        return;
    counters->started = true;
    open_regions();
    start_papi(counters);
    read_papi(counters, RW_PHASE_COUNT);
    memset(counters->by_phase, 0, sizeof counters->by_phase);
}

void rw_counters_switch(rw_counters *counters, rw_phase ended, rw_phase begun) {
    read_papi(counters, ended);
    if (rw_counters_regions() == NULL)
        switch_region(ended, begun);
}

void rw_counters_stop(rw_counters *counters) {
#ifdef REWIRE_PAPI
    if (counters->started && counters->set != PAPI_NULL) {
        (void)PAPI_stop(counters->set, NULL); /* an error of an event set that never ran has no meaning here */
        (void)PAPI_cleanup_eventset(counters->set);
        (void)PAPI_destroy_eventset(&counters->set);
    }
#endif
    counters->started = counters->counting = false;
}

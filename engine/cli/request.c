#define _GNU_SOURCE /* sched_getaffinity */
#include "cli/request.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "io/sonata/sonata.h"

static bool ends_in(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static rw_err read_overrides(const rw_request *request, rw_arena *arena, rw_override **overrides) {
    RW_TRY(RW_ARENA_NEW(arena, *overrides, request->set.count));
    for (size_t i = 0; i < request->set.count; i++) {
        const char *item = request->set.items[i], *equals = strchr(item, '=');
        RW_CHECK(equals != NULL && equals != item, RW_ERR_INPUT,
                 "--set %s: write key=value, for example --set populations.pyr.count=800", item);
        const char *copy = NULL;
        RW_TRY(rw_arena_string(arena, &copy, item));
        char *key = (char *)copy;
        key[equals - item] = '\0';
        (*overrides)[i] = (rw_override){.key = key, .value = equals + 1};
    }
    return RW_OK;
}

static rw_err read_scenario(const rw_request *request, rw_arena *arena, rw_scenario **scenario) {
    rw_override *overrides = NULL;
    RW_TRY(read_overrides(request, arena, &overrides));
    RW_TRY((ends_in(request->path, ".json") ? rw_sonata_read : rw_scenario_read)(scenario, request->path, overrides,
                                                                                 request->set.count));
    rw_err err = rw_sonata_load_spikes(*scenario);
    if (err != RW_OK)
        rw_scenario_destroy(scenario);
    return err;
}

rw_err rw_request_read(const rw_request *request, rw_scenario **scenario) {
    rw_arena *arena = NULL;
    *scenario = NULL;
    RW_TRY(rw_arena_create(&arena));
    rw_err err = read_scenario(request, arena, scenario);
    rw_arena_destroy(&arena);
    return err;
}

/* Cores that the scheduler, taskset or a container leave to this process. */
static int cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static rw_err read_variable(const char *name, int *n_threads, bool *found) {
    const char *text = getenv(name);
    *found = text != NULL && *text != '\0';
    if (!*found)
        return RW_OK;
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    /* OMP_NUM_THREADS may list one number per level of nesting; the first is ours */
    RW_CHECK(errno == 0 && end != text && (*end == '\0' || *end == ',') && value >= 1 && value <= 4096, RW_ERR_INPUT,
             "%s=%s in the environment is no number of threads; correct it, or give --threads", name, text);
    *n_threads = (int)value;
    return RW_OK;
}

rw_err rw_request_threads(const rw_request *request, int *n_threads) {
    *n_threads = 1;
#ifdef _OPENMP
    bool found = false;
    if (request->threads > 0) {
        *n_threads = request->threads;
        return RW_OK;
    }
    RW_TRY(read_variable("OMP_NUM_THREADS", n_threads, &found));
    if (!found)
        RW_TRY(read_variable("SLURM_CPUS_PER_TASK", n_threads, &found));
    if (!found)
        *n_threads = cores();
#else
    (void)cores;
    (void)read_variable;
    RW_CHECK(request->threads <= 1, RW_ERR_INPUT,
             "--threads %d: this rewire was built without OpenMP; leave the option out, or build the preset `release`",
             request->threads);
#endif
    return RW_OK;
}

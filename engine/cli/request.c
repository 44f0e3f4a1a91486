#include "cli/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "io/permission.h"
#include "io/scenario_in.h"

rw_err rw_request_read(const rw_request *request, rw_scenario **scenario) {
    return rw_scenario_load_at(scenario, request->path, request->at, request->set.items, request->set.count);
}

int rw_request_cores(void) {
#ifdef _OPENMP
    return omp_get_num_procs();
#else
    return 1;
#endif
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
             "%s=%s in the environment is not a number of threads; correct it, or give --threads", name, text);
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
        *n_threads = rw_request_cores();
#else
    (void)read_variable;
    RW_CHECK(request->threads <= 1, RW_ERR_INPUT,
             "--threads %d: this rewire was built without OpenMP; leave the option out, or build the preset `release`",
             request->threads);
#endif
    return RW_OK;
}

rw_err rw_request_allow(const rw_request *request) {
    for (size_t i = 0; i < request->allow_read.count; i++)
        RW_TRY(rw_permission_allow(request->allow_read.items[i]));
    for (size_t i = 0; i < request->set.count && !request->set_is_planned; i++) {
        const char *equals = strchr(request->set.items[i], '=');
        if (equals != NULL && strchr(equals, '/') != NULL && access(equals + 1, F_OK) == 0)
            RW_TRY(rw_permission_allow(equals + 1));
    }
    return RW_OK;
}

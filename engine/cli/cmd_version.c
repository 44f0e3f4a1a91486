#include "cli/cmd_version.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/version.h"
#include "cli/options.h"
#include "comm/comm.h"
#include "graph/graph.h"

#ifdef _OPENMP
static const bool has_threads = true;
#else
static const bool has_threads = false;
#endif

rw_err rw_command_version(int argc, char **argv) {
    bool as_json = false, help = false;
    const rw_option options[] = {{"--json", NULL, RW_OPTION_FLAG, &as_json, NULL, "one JSON object for machines"}};
    const rw_usage usage = {.name = "version",
                            .positional = "",
                            .options = options,
                            .n_options = 1,
                            .doc = "Prints which program this is and how it was built."};
    RW_TRY(rw_options_parse(&usage, argc, argv, NULL, &help));
    if (help)
        return RW_OK;
    rw_version_info version = rw_version();
    if (!as_json) {
        const char *mpi = rw_comm_library();
        const char *igraph = rw_graph_library();
        (void)printf("rewire %s (%s)\n%s build with %s, flags %s, threads %s, MPI %.*s, igraph %s\n", version.version,
                     version.revision, version.build_type, version.compiler, version.flags, has_threads ? "on" : "off",
                     mpi != NULL ? (int)strcspn(mpi, ",\n") : 3, mpi != NULL ? mpi : "off",
                     igraph != NULL ? igraph : "off");
        return RW_OK;
    }
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_text(&json, "version", version.version);
    rw_json_text(&json, "revision", version.revision);
    rw_json_text(&json, "build_type", version.build_type);
    rw_json_text(&json, "compiler", version.compiler);
    rw_json_text(&json, "flags", version.flags);
    rw_json_truth(&json, "threads", has_threads);
    rw_json_text(&json, "mpi", rw_comm_library());
    rw_json_text(&json, "igraph", rw_graph_library());
    rw_json_close_object(&json);
    return RW_OK;
}

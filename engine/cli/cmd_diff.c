#include "cli/cmd_diff.h"

#include <stdio.h>

#include "base/json.h"
#include "base/memory.h"
#include "cli/options.h"
#include "io/diff.h"

static void print(bool as_json, rw_err outcome, const char *report) {
    if (!as_json) {
        (void)printf("%s\n", outcome == RW_OK ? "equal" : report);
        return;
    }
    rw_json json = {.file = stdout};
    rw_json_open_object(&json, NULL);
    rw_json_truth(&json, "equal", outcome == RW_OK);
    rw_json_text(&json, "difference", outcome == RW_OK ? NULL : report);
    rw_json_close_object(&json);
}

rw_err rw_command_diff(int argc, char **argv) {
    bool as_json = false, help = false;
    const char *directories[2] = {NULL, NULL};
    const rw_option options[] = {{"--json", NULL, RW_OPTION_FLAG, &as_json, NULL, "one JSON object for machines"}};
    const rw_usage usage = {
        .name = "diff",
        .positional = "DIR DIR2",
        .min_positional = 2,
        .max_positional = 2,
        .options = options,
        .n_options = 1,
        .doc = "Compares two result directories number by number, exactly. Left out are run.json, which holds times\n"
               "and machines, and what was made of a result (report/). Prints the first difference; exit code 0 if\n"
               "there is none, else 1."};
    RW_TRY(rw_options_parse(&usage, argc, argv, directories, &help));
    if (help)
        return RW_OK;
    char *report = NULL;
    rw_err err = rw_result_diff(directories[0], directories[1], &report);
    if (err == RW_OK || err == RW_DIFFERENT)
        print(as_json, err, report);
    rw_free(report);
    return err;
}

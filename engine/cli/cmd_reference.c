#include "cli/cmd_reference.h"

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
#include "config/reference.h"
#include "config/schema.h"

rw_err rw_command_reference(int argc, char **argv) {
    bool markdown = false, help = false;
    const char *path = NULL;
    const rw_option options[] = {
        {"--markdown", NULL, RW_OPTION_FLAG, &markdown, NULL, "the whole reference as a page of Markdown"}};
    const rw_usage usage = {.name = "reference",
                            .positional = "[SECTION[.KEY]]",
                            .max_positional = 1,
                            .options = options,
                            .n_options = 1,
                            .doc = "Shows what may stand in a scenario: the sections; a section with its keys, their\n"
                                   "units, ranges and defaults; or one key, for example projections.connect.rule."};
    RW_TRY(rw_options_parse(&usage, argc, argv, &path, &help));
    if (help)
        return RW_OK;
    RW_CHECK(!markdown || path == NULL, RW_ERR_INPUT, "--markdown writes the whole reference; leave out \"%s\"", path);
    if (!markdown)
        return rw_reference_print(stdout, path);
    rw_reference_write_markdown(stdout);
    return RW_OK;
}

rw_err rw_command_schema(int argc, char **argv) {
    bool help = false;
    const rw_usage usage = {.name = "schema",
                            .positional = "",
                            .max_positional = 0,
                            .doc =
                                "Prints the JSON Schema (draft 7) of scenarios, with which editors complete and check\n"
                                "them. Dimensions and ranges of quantities are for `rewire check`."};
    RW_TRY(rw_options_parse(&usage, argc, argv, NULL, &help));
    if (!help)
        rw_schema_write(stdout);
    return RW_OK;
}

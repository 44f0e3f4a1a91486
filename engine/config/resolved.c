#include "config/resolved.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/key_table_writer.h"
#include "config/scenario_table.h"

rw_err rw_scenario_render(rw_scenario *scenario) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "resolved scenario: not enough memory; close other programs");
    rw_key_table_write(out, scenario, &rw_scenario_table, scenario);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    rw_err err = failed ? rw_fail(RW_ERR_SYSTEM, "resolved scenario: not enough memory; close other programs")
                        : rw_arena_string(scenario->arena, &scenario->resolved_text, text);
    free(text);
    return err;
}

/* Whatever the bytes: a scenario is read, or refused with a message; what was read resolves to itself. */
#include <stdlib.h>
#include <string.h>

#include "config/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rw_units *units = NULL; /* reading the database takes longer than everything else */
    if (units == NULL)
        require(rw_units_create(&units) == RW_OK);
    const char *text = (const char *)data;
    rw_scenario *scenario = NULL, *again = NULL;
    /* Everything behind a zero byte is the value of an override. */
    const char *end = size > 0 ? memchr(text, 0, size) : NULL;
    size_t length = end != NULL ? (size_t)(end - text) : size;
    char value[256] = "";
    size_t n_value = end != NULL ? size - length - 1 : 0;
    n_value = n_value < sizeof value ? n_value : sizeof value - 1;
    if (n_value > 0)
        memcpy(value, end + 1, n_value);
    char *equals = strchr(value, '=');
    if (equals != NULL)
        *equals = '\0';
    rw_override override = {.key = value, .value = equals != NULL ? equals + 1 : ""};
    rw_err err = rw_scenario_parse_with(&scenario, units, "input", text, length, &override, n_value > 0 ? 1 : 0);
    require(err == RW_OK || (err == RW_ERR_INPUT && scenario == NULL && strlen(rw_error_message()) > 0));
    if (err != RW_OK)
        return 0;
    const char *resolved = scenario->resolved_text;
    require(rw_scenario_parse_with(&again, units, "resolved", resolved, strlen(resolved), NULL, 0) == RW_OK);
    require(strcmp(again->resolved_text, resolved) == 0);
    rw_scenario_destroy(&again);
    rw_scenario_destroy(&scenario);
    return 0;
}

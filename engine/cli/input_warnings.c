#include "cli/input_warnings.h"

#include <inttypes.h>

void rw_input_warnings_print(FILE *out, const char *prefix, const rw_scenario *scenario) {
    for (size_t k = 0; scenario->warnings != NULL && scenario->warnings[k] != NULL; k++)
        (void)fprintf(out, "%s%s\n", prefix, scenario->warnings[k]);
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *population = &scenario->populations[p];
        if (population->n_late_spikes > 0)
            (void)fprintf(out,
                          "%spopulation %s: %" PRIu64 " of %" PRIu64 " spikes in %s%s come after the end of the run, "
                          "%.12g ms, and are not replayed\n",
                          prefix, population->name, population->n_late_spikes,
                          population->n_late_spikes + population->spikes.count, population->spikes_files[0],
                          population->n_spikes_files > 1 ? " and others" : "",
                          scenario->step_ms * (double)scenario->n_steps);
    }
}

void rw_input_warnings_write(rw_json *json, const rw_scenario *scenario) {
    rw_json_open_array(json, "warnings");
    for (size_t k = 0; scenario->warnings != NULL && scenario->warnings[k] != NULL; k++)
        rw_json_text(json, NULL, scenario->warnings[k]);
    rw_json_close_array(json);
    rw_json_open_object(json, "spikes_after_the_end");
    for (size_t p = 0; p < scenario->n_populations; p++)
        if (scenario->populations[p].n_late_spikes > 0)
            rw_json_integer(json, scenario->populations[p].name, scenario->populations[p].n_late_spikes);
    rw_json_close_object(json);
}

#include "cli/measure_reference.h"

#include <stdio.h>

#include "study/measure_table.h"

static const char *unit_of(const rw_measure_entry *entry) {
    return entry->unit != NULL ? entry->unit : rw_series_get(entry->series)->unit;
}

/* What a value is of: "{population}"; "network" if it is of the whole run. */
static const char *object_of(const rw_measure_entry *entry) {
    const char *name = rw_series_object_name(rw_series_get(entry->series)->group);
    return name[0] != '\0' ? name : "network";
}

void rw_measure_reference_print(void) {
    (void)printf(
        "Outcome measures, named MEASURE.OBJECT.WINDOW. Other series are compared by their mean, if --measure names\n"
        "them.\n\n");
    for (size_t i = 0; rw_measure_at(i) != NULL; i++) {
        const rw_measure_entry *entry = rw_measure_at(i);
        const char *unit = unit_of(entry);
        (void)printf("  %-38s %-7s %s. Takes %s.\n", rw_path_of("%s.%s", rw_measure_name(entry), object_of(entry)).text,
                     unit[0] != '\0' ? unit : "(model)", entry->description, rw_measure_takes(rw_measure_name(entry)));
    }
}

void rw_measure_reference_write(rw_json *json) {
    rw_json_open_array(json, NULL);
    for (size_t i = 0; rw_measure_at(i) != NULL; i++) {
        const rw_measure_entry *entry = rw_measure_at(i);
        rw_json_open_object(json, NULL);
        rw_json_text(json, "name", rw_measure_name(entry));
        rw_json_text(json, "of", object_of(entry));
        rw_json_text(json, "unit", unit_of(entry));
        rw_json_text(json, "series", rw_series_get(entry->series)->name);
        rw_json_text(json, "description", entry->description);
        rw_json_text(json, "takes", rw_measure_takes(rw_measure_name(entry)));
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}

#include "cli/series_reference.h"

#include <stdio.h>

#include "config/series_catalogue.h"

static rw_path group_path(rw_series_group group) {
    return rw_series_group_path(group, rw_series_object_name(group));
}

void rw_series_reference_print(void) {
    (void)printf("Datasets of series.h5. What stands in braces is a name of the scenario.\n");
    for (rw_series_group group = 0; group < RW_SERIES_GROUP_COUNT; group++) {
        (void)printf("\n%s/\n", group_path(group).text);
        for (rw_series s = 0; s < RW_SERIES_COUNT; s++) {
            const rw_series_entry *entry = rw_series_get(s);
            if (entry->group == group)
                (void)printf("  %-38s %-7s %s. %s\n", entry->name, entry->unit[0] != '\0' ? entry->unit : "(model)",
                             entry->title, entry->description);
        }
    }
}

void rw_series_reference_write(rw_json *json) {
    rw_json_open_array(json, NULL);
    for (rw_series s = 0; s < RW_SERIES_COUNT; s++) {
        const rw_series_entry *entry = rw_series_get(s);
        rw_json_open_object(json, NULL);
        rw_json_text(json, "group", group_path(entry->group).text);
        rw_json_text(json, "name", entry->name);
        rw_json_text(json, "unit", entry->unit);
        rw_json_text(json, "quantity", entry->quantity);
        rw_json_text(json, "title", entry->title);
        rw_json_text(json, "description", entry->description);
        rw_json_close_object(json);
    }
    rw_json_close_array(json);
}

/* Writing the section signals. */
#include "config/render.h"

static void render_signal(FILE *out, const rw_scenario *scenario, const rw_signal_spec *signal) {
    (void)fputs("  ", out);
    rw_render_text(out, signal->name);
    (void)fputs(":\n    of: ", out);
    rw_render_text(out, scenario->populations[signal->population].name);
    (void)fprintf(out, "\n    drive:\n      model: %s\n", signal->drive->name);
    rw_render_fields(out, "      ", signal->drive, signal->drive_settings, signal->n_drive_settings, scenario->path,
                     false);
    (void)fprintf(out, "    model: %s\n", signal->model->name);
    rw_render_fields(out, "    ", signal->model, signal->settings, signal->n_settings, scenario->path, false);
    (void)fputs("    blocked: ", out);
    rw_render_schedule(out, scenario->step_ms, &signal->blocked, "1");
    (void)fputc('\n', out);
}

void rw_render_signals(FILE *out, const rw_scenario *scenario) {
    if (scenario->n_signals > 0)
        (void)fputs("signals:\n", out);
    for (size_t s = 0; s < scenario->n_signals; s++)
        render_signal(out, scenario, &scenario->signals[s]);
}

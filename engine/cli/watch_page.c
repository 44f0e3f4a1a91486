#include "cli/watch_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/report/figure_svg.h"
#include "study/report/figure_text.h"

enum { POINTS = 400 }; /* of a line: the page stays small however long the run */

static const char style_sheet[] =
    "body{font:16px sans-serif;margin:1rem auto;max-width:64rem;padding:0 1rem;background:#fff;color:#222}"
    "progress{width:100%;height:1.2rem}figure{display:inline-block;margin:0 1rem 1rem 0;"
    "max-width:100%}svg{max-width:100%;height:auto}figcaption{font-weight:bold}";

static rw_err add_trace(rw_figures *figures, rw_figure *figure, const rw_watch_view *view, const rw_watch_line *line,
                        double units_per_ms) {
    const size_t n = line->n < POINTS ? line->n : POINTS;
    double *x = NULL, *y = NULL;
    RW_TRY(RW_ARENA_NEW(figures->arena, x, n));
    RW_TRY(RW_ARENA_NEW(figures->arena, y, n));
    for (size_t k = 0; k < n; k++) {
        x[k] = units_per_ms * rw_watch_mean(view->times_ms, line->n, k, n);
        y[k] = rw_watch_mean(line->values, line->n, k, n);
    }
    return rw_figure_trace(figures, figure,
                           (rw_trace){.label = line->object[0] != '\0' ? line->object : line->series->quantity,
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)figure->n_traces,
                                      .n = n,
                                      .x = x,
                                      .y = y});
}

/* One figure of each series, with a line of each object. */
static rw_err draw(rw_figures *figures, const rw_watch_view *view) {
    rw_figure *figure = NULL;
    const rw_series_entry *of = NULL;
    double units_per_ms = 1.0;
    rw_axis time = rw_axis_of_time(fmax(view->run.until_ms, view->at_ms), &units_per_ms);
    time.max = units_per_ms * fmax(view->run.until_ms, view->at_ms);
    for (size_t i = 0; i < view->n_lines; i++) {
        const rw_series_entry *series = view->lines[i].series;
        if (series != of)
            RW_TRY(rw_figures_add(figures,
                                  (rw_figure){.id = "",
                                              .title = series->title,
                                              .caption = "",
                                              .x = time,
                                              .y = {.label = series->title, .unit = series->unit}},
                                  &figure));
        of = series;
        RW_TRY(add_trace(figures, figure, view, &view->lines[i], units_per_ms));
    }
    return RW_OK;
}

static rw_err print_progress(const rw_watch_view *view, const rw_watch_style *style, FILE *out) {
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    RW_CHECK(memory != NULL, RW_ERR_SYSTEM, "no memory is left");
    rw_watch_print_progress(view, style, memory);
    const bool failed = fclose(memory) != 0;
    if (!failed) {
        (void)fprintf(out, "<progress value='%.4f'></progress>\n<p>", rw_watch_share(view));
        rw_print_escaped(out, text);
        (void)fputs("</p>\n", out);
    }
    free(text);
    RW_CHECK(!failed, RW_ERR_SYSTEM, "no memory is left");
    return RW_OK;
}

static rw_err print_page(const rw_watch_view *view, const rw_watch_style *style, double every_s,
                         const rw_figures *figures, FILE *out) {
    (void)fputs("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
                "<meta name='viewport' content='width=device-width'>\n",
                out);
    if (strcmp(view->run.status, "running") == 0)
        (void)fprintf(out, "<meta http-equiv='refresh' content='%.0f'>\n", fmax(ceil(every_s), 1.0));
    (void)fprintf(out, "<title>%.0f %% ", 100.0 * rw_watch_share(view));
    rw_print_escaped(out, rw_watch_title(view));
    (void)fprintf(out, "</title><style>%s</style></head>\n<body><h1>", style_sheet);
    rw_print_escaped(out, rw_watch_title(view));
    (void)fputs("</h1>\n", out);
    RW_TRY(print_progress(view, style, out));
    for (size_t i = 0; i < figures->count; i++) {
        (void)fputs("<figure><figcaption>", out);
        rw_print_escaped(out, figures->list[i].title);
        (void)fputs("</figcaption>", out);
        rw_figure_print_svg(&figures->list[i], true, out);
        (void)fputs("</figure>\n", out);
    }
    (void)fputs("</body></html>\n", out);
    return RW_OK;
}

rw_err rw_watch_page(const rw_watch_view *view, const rw_watch_style *style, double every_s, const char *path) {
    rw_figures figures = {.arena = view->run.arena};
    const rw_path part = rw_path_of("%s.part", path);
    RW_TRY(draw(&figures, view));
    FILE *out = fopen(part.text, "w");
    RW_CHECK(out != NULL, RW_ERR_SYSTEM, "--page %s: cannot write this file; choose another place", path);
    rw_err err = print_page(view, style, every_s, &figures, out);
    bool failed = ferror(out) != 0;
    failed = fclose(out) != 0 || failed;
    failed = failed || (err == RW_OK && rename(part.text, path) != 0);
    if (failed || err != RW_OK)
        (void)unlink(part.text);
    RW_TRY(err);
    RW_CHECK(!failed, RW_ERR_SYSTEM, "--page %s: could not be written; is the disk full?", path);
    return RW_OK;
}

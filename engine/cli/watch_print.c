#include "cli/watch_print.h"

#include <math.h>
#include <string.h>

#include "cli/format.h"

enum { BAR = 24, NAME = 22, VALUE = 12, LEAST_WIDTH = 10, MOST_WIDTH = 60, LEVELS = 8 };

/* A sample is a block as high as it lies between 0 and the largest, so that lines of a group can be compared by eye
 * only with the numbers beside them. */
static void print_block(FILE *out, bool plain, double share) {
    static const char *const blocks[LEVELS] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
                                               "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
    static const char signs[LEVELS + 1] = "_.-~=+*#";
    int level = (int)floor(share * LEVELS);
    level = level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
    if (isnan(share))
        (void)fputc(' ', out);
    else if (plain)
        (void)fputc(signs[level], out);
    else
        (void)fputs(blocks[level], out);
}

static void print_plot(const rw_watch_line *line, const rw_watch_style *style, FILE *out) {
    int room = style->width - NAME - VALUE - 6;
    room = room < LEAST_WIDTH ? LEAST_WIDTH : room > MOST_WIDTH ? MOST_WIDTH : room;
    const size_t columns = line->n < (size_t)room ? line->n : (size_t)room;
    double largest = 0.0;
    for (size_t k = 0; k < columns; k++)
        largest = fmax(largest, rw_watch_mean(line->values, line->n, k, columns));
    for (size_t k = 0; k < columns; k++)
        print_block(out, style->plain,
                    rw_watch_mean(line->values, line->n, k, columns) / (largest > 0.0 ? largest : 1.0));
}

static void print_line(const rw_watch_line *line, const rw_watch_style *style, FILE *out) {
    const double last = line->values[line->n - 1];
    const bool whole = last == floor(last) && last >= 0.0 && last < 1e15;
    char number[32];
    (void)snprintf(number, sizeof number, "%.4g", last);
    (void)fprintf(out, "  %-*.*s %*s  ", NAME, NAME, line->object[0] != '\0' ? line->object : line->series->quantity,
                  VALUE, whole ? rw_format_count((uint64_t)last).text : number);
    print_plot(line, style, out);
    (void)fputc('\n', out);
}

static void print_heading(const rw_series_entry *series, FILE *out) {
    const bool has_unit = series->unit[0] != '\0' && strcmp(series->unit, "1") != 0;
    (void)fprintf(out, "%s%s%s\n", series->title, has_unit ? ", " : "", has_unit ? series->unit : "");
}

/* Real time since the process began, and what it suggests for the rest. */
static void print_times(const rw_watch_view *view, const rw_watch_style *style, FILE *out) {
    const double elapsed_s = view->written_s - view->start_s, done_ms = view->at_ms - view->from_ms;
    if (view->start_s <= 0.0)
        return;
    (void)fprintf(out, "  %s", rw_format_duration(fmax(style->now_s - view->start_s, 0.0)).text);
    if (done_ms > 0.0 && elapsed_s > 0.0)
        (void)fprintf(out, ", about %s to go",
                      rw_format_duration(elapsed_s * (view->run.until_ms - view->at_ms) / done_ms).text);
}

double rw_watch_share(const rw_watch_view *view) {
    return view->run.until_ms > 0.0 ? fmin(view->at_ms / view->run.until_ms, 1.0) : 1.0;
}

const char *rw_watch_title(const rw_watch_view *view) {
    return view->run.title[0] != '\0' ? view->run.title : view->run.path;
}

void rw_watch_print_progress(const rw_watch_view *view, const rw_watch_style *style, FILE *out) {
    const rw_result_in *run = &view->run;
    const double share = rw_watch_share(view);
    char bar[BAR + 1];
    memset(bar, '-', BAR);
    memset(bar, '#', (size_t)(share * BAR));
    bar[BAR] = '\0';
    (void)fprintf(out, "%s [%s] %3.0f %%  %s of %s", run->status, bar, 100.0 * share,
                  rw_format_duration(1e-3 * view->at_ms).text, rw_format_duration(1e-3 * run->until_ms).text);
    if (strcmp(run->status, "running") == 0)
        print_times(view, style, out);
    (void)fputc('\n', out);
}

int rw_watch_print(const rw_watch_view *view, const rw_watch_style *style, FILE *out) {
    const rw_series_entry *of = NULL;
    int lines = 2;
    (void)fprintf(out, "%.*s\n", style->width - 1, rw_watch_title(view));
    rw_watch_print_progress(view, style, out);
    for (size_t i = 0; i < view->n_lines; i++) {
        const int needed = view->lines[i].series != of ? 2 : 1;
        if (lines + needed + 2 > style->height) {
            (void)fprintf(out, "(%zu more lines: make the terminal higher)\n", view->n_lines - i);
            return lines + 1;
        }
        if (needed == 2)
            print_heading(view->lines[i].series, out);
        of = view->lines[i].series;
        print_line(&view->lines[i], style, out);
        lines += needed;
    }
    if (view->n_lines == 0) {
        (void)fprintf(out, view->has_series ? "no sample is on the disk yet\n"
                                            : "the scenario has no record.series, so there is nothing to plot\n");
        lines++;
    }
    return lines;
}

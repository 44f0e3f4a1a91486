#include "study/report/report_spikes.h"

#include <gsl/gsl_fft_real.h>
#include <math.h>

#include "base/memory.h"

enum { DOTS = 20000, RASTER_CELLS = 200, SEGMENT = 1024 };

typedef struct {
    rw_result_numbers ms, id;
} spikes;

static rw_err read_spikes(const rw_run_page *page, const char *population, spikes *of) {
    RW_TRY(
        rw_result_in_numbers(page->result, "spikes.h5", rw_path_of("/spikes/%s/timestamps", population).text, &of->ms));
    RW_TRY(
        rw_result_in_numbers(page->result, "spikes.h5", rw_path_of("/spikes/%s/node_ids", population).text, &of->id));
    if (of->ms.rows != of->id.rows)
        of->ms.rows = of->id.rows = 0;
    return RW_OK;
}

/* Dots of the first cells of a population over the last seconds, each on its own line above `base`. */
static rw_err raster_trace(rw_run_page *page, rw_figure *figure, size_t population, double from_ms, double cells,
                           double base) {
    spikes of;
    double *x = NULL, *y = NULL;
    size_t n = 0;
    RW_TRY(read_spikes(page, page->result->populations[population], &of));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, x, of.ms.rows));
    RW_TRY(RW_ARENA_NEW(page->figures->arena, y, of.ms.rows));
    for (size_t i = 0; i < of.ms.rows && n < DOTS; i++)
        if (of.ms.values[i] > from_ms && of.id.values[i] < cells) {
            x[n] = 1e-3 * of.ms.values[i];
            y[n++] = base + of.id.values[i];
        }
    return n == 0 ? RW_OK
                  : rw_figure_trace(page->figures, figure,
                                    (rw_trace){.label = page->result->populations[population],
                                               .kind = RW_MARK_DOTS,
                                               .colour = (int)population,
                                               .n = n,
                                               .x = x,
                                               .y = y});
}

static rw_err cells_of(const rw_run_page *page, const char *population, double *cells) {
    rw_result_numbers ids;
    RW_TRY(rw_result_in_numbers(page->result, "nodes.h5", rw_path_of("/nodes/%s/node_id", population).text, &ids));
    *cells = (double)ids.rows;
    return RW_OK;
}

static rw_err raster_figure(rw_run_page *page) {
    const rw_result_in *r = page->result;
    double total = 0.0, base = 0.0;
    double seconds = 1.0, from_ms = fmax(0.0, r->network_ms - 1e3 * seconds);
    rw_figure *figure = NULL;
    const char *caption = NULL;
    for (size_t p = 0; p < r->n_populations; p++) {
        double cells = 0.0;
        RW_TRY(cells_of(page, r->populations[p], &cells));
        total += cells;
    }
    RW_TRY(rw_figures_text(
        page->figures, &caption,
        "Spikes of the last second of the network, of some %d cells, of each population in its share. %s.",
        RASTER_CELLS, page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "raster",
                                      .title = "Spikes",
                                      .caption = caption,
                                      .x = {.label = "time of the network", .unit = "s"},
                                      .y = {.label = "cell"},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < r->n_populations; p++) {
        double cells = 0.0;
        RW_TRY(cells_of(page, r->populations[p], &cells));
        double some = total > RASTER_CELLS ? fmin(cells, fmax(10.0, ceil(RASTER_CELLS * cells / total))) : cells;
        RW_TRY(raster_trace(page, figure, p, from_ms, some, base));
        base += some;
    }
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

/* Power of the population's rate (bins of 1 ms) after Welch: segments that overlap by half, under Hann's window. */
static rw_err spectrum_trace(rw_run_page *page, rw_figure *figure, size_t population) {
    spikes of;
    double *rate = NULL, *power = NULL, *hz = NULL, cells = 1.0;
    const double until_ms = page->result->network_ms;
    const size_t bins = until_ms < 1e8 ? (size_t)until_ms : 0;
    size_t segments = 0;
    RW_TRY(read_spikes(page, page->result->populations[population], &of));
    RW_TRY(cells_of(page, page->result->populations[population], &cells));
    if (of.ms.rows == 0 || bins < SEGMENT || cells < 1.0)
        return RW_OK;
    RW_TRY(RW_NEW(rate, bins, "spectrum"));
    for (size_t i = 0; i < of.ms.rows; i++) {
        size_t bin = (size_t)of.ms.values[i];
        if (bin < bins)
            rate[bin] += 1e3 / cells;
    }
    rw_err err = RW_ARENA_NEW(page->figures->arena, power, SEGMENT / 2);
    if (err == RW_OK)
        err = RW_ARENA_NEW(page->figures->arena, hz, SEGMENT / 2);
    for (size_t from = 0; err == RW_OK && from + SEGMENT <= bins; from += SEGMENT / 2, segments++) {
        double part[SEGMENT], mean = 0.0;
        for (size_t i = 0; i < SEGMENT; i++)
            mean += rate[from + i] / SEGMENT;
        for (size_t i = 0; i < SEGMENT; i++)
            part[i] = (rate[from + i] - mean) * 0.5 * (1.0 - cos(2.0 * M_PI * (double)i / SEGMENT));
        (void)gsl_fft_real_radix2_transform(part, 1, SEGMENT); /* fails only for other lengths */
        for (size_t k = 1; k < SEGMENT / 2; k++)               /* one-sided density; the window's mean square is 3/8 */
            power[k - 1] += 2.0 * (part[k] * part[k] + part[SEGMENT - k] * part[SEGMENT - k]) / (1e3 * SEGMENT * 0.375);
    }
    for (size_t k = 1; err == RW_OK && k < SEGMENT / 2; k++) {
        hz[k - 1] = 1e3 * (double)k / SEGMENT;
        power[k - 1] /= (double)segments;
    }
    rw_free(rate);
    RW_TRY(err);
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = page->result->populations[population],
                                      .kind = RW_MARK_LINE,
                                      .colour = (int)population,
                                      .n = SEGMENT / 2 - 1,
                                      .x = hz,
                                      .y = power});
}

static rw_err spectrum_figure(rw_run_page *page) {
    rw_figure *figure = NULL;
    const char *caption = NULL;
    RW_TRY(rw_figures_text(page->figures, &caption,
                           "Power of the population rate (Welch, 1 ms bins, segments of 1.024 s). %s.", page->span));
    RW_TRY(rw_figures_add(page->figures,
                          (rw_figure){.id = "spectrum",
                                      .title = "Spectrum of the population rate",
                                      .caption = caption,
                                      .x = {.label = "frequency", .unit = "Hz", .logarithmic = true},
                                      .y = {.label = "power", .unit = "Hz\u00b2/Hz", .logarithmic = true},
                                      .interactive = true},
                          &figure));
    for (size_t p = 0; p < page->result->n_populations; p++)
        RW_TRY(spectrum_trace(page, figure, p));
    rw_run_page_drop_empty(page, &figure);
    return RW_OK;
}

rw_err rw_report_spikes(rw_run_page *page) {
    RW_TRY(raster_figure(page));
    return spectrum_figure(page);
}

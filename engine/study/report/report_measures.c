#include "study/report/report_measures.h"

#include "base/count.h"
#include "base/memory.h"
#include "study/report/series_axis.h"

typedef struct {
    rw_figures *figures;
    const rw_result_in *result;
    const char *span;
    rw_axis time;
    const double *at; /* [n] times of the samples */
    size_t n;
    const char *const *projections; /* [n_projections] that are measured */
    size_t n_projections;
} measures_page;

/* Lines that belong into one figure: series of a projection, and what they are called there. */
typedef struct {
    rw_series series;
    const char *label;
    bool dashed;
} line;

/* A figure of lines, the same of every projection. */
typedef struct {
    const char *id, *title, *caption; /* title NULL: that of the first series */
    line lines[4];                    /* the first gives the axis */
    size_t n_lines;
} picture;

static const picture pictures[] = {
    {"snapshot_turnover",
     NULL,
     "Synapses gained and lost between samples over twice their mean number",
     {{RW_SERIES_SAMPLE_TURNOVER, "", false}},
     1},
    {"returned",
     NULL,
     "Of the synapses lost since the reference, the share at whose pair of cells one is again; dashed: if new ones "
     "fell on any pair",
     {{RW_SERIES_RETURNED, "", false}, {RW_SERIES_RETURNED_BY_CHANCE, ", by chance", true}},
     2},
    {"degree_spread",
     "Spread of degrees",
     "Standard deviation between cells of the synapses onto them and (dashed) from them",
     {{RW_SERIES_IN_DEGREE_SD, ", in", false}, {RW_SERIES_OUT_DEGREE_SD, ", out", true}},
     2},
    {"distance", NULL, "Distance of the cells of a synapse, mean", {{RW_SERIES_DISTANCE_MEAN, "", false}}, 1},
    {"graph",
     "Graph measures",
     "Reciprocity: connections whose reverse is there. Clustering: pairs of neighbours that are neighbours. "
     "Modularity: of the communities found by the method of Louvain",
     {{RW_SERIES_RECIPROCITY, ", reciprocity", false},
      {RW_SERIES_CLUSTERING, ", clustering", false},
      {RW_SERIES_MODULARITY, ", modularity", false}},
     3},
    {"small_world",
     NULL,
     "(C / C of a random graph) / (L / L of a random graph), with clustering C and mean shortest path L",
     {{RW_SERIES_SMALL_WORLD, "", false}},
     1},
};

static rw_err begin_figure(const measures_page *page, const char *id, const char *title, const char *what, rw_axis y,
                           rw_figure **figure) {
    const char *caption = NULL;
    RW_TRY(rw_figures_text(page->figures, &caption, "%s. %s.", what, page->span));
    return rw_figures_add(
        page->figures,
        (rw_figure){.id = id, .title = title, .caption = caption, .x = page->time, .y = y, .interactive = true},
        figure);
}

/* A figure without a line is none. */
static void end_figure(const measures_page *page, const rw_figure *figure) {
    if (figure->n_traces == 0)
        page->figures->count--;
}

/* Adds a dataset of a projection, if it is there. */
static rw_err add_line(const measures_page *page, rw_figure *figure, const char *path, const char *label, int colour,
                       bool dashed) {
    rw_result_numbers series;
    RW_TRY(rw_result_in_numbers(page->result, "series.h5", path, &series));
    if (series.rows == 0 || series.rows != page->n)
        return RW_OK;
    return rw_figure_trace(page->figures, figure,
                           (rw_trace){.label = label,
                                      .kind = RW_MARK_LINE,
                                      .colour = colour,
                                      .n = page->n,
                                      .x = page->at,
                                      .y = series.values,
                                      .dashed = dashed});
}

static rw_err add_picture(const measures_page *page, const picture *shown) {
    rw_figure *figure = NULL;
    int colour = 0;
    const rw_series first = shown->lines[0].series;
    RW_TRY(begin_figure(page, shown->id, shown->title != NULL ? shown->title : rw_series_get(first)->title,
                        shown->caption, rw_axis_of_series(first), &figure));
    for (size_t p = 0; p < page->n_projections; p++)
        for (size_t l = 0; l < shown->n_lines; l++) {
            const char *label = NULL;
            RW_TRY(rw_figures_text(page->figures, &label, "%s%s", page->projections[p], shown->lines[l].label));
            colour += l > 0 && !shown->lines[l].dashed;
            RW_TRY(add_line(page, figure, rw_series_path(shown->lines[l].series, page->projections[p]).text, label,
                            colour + (int)p, shown->lines[l].dashed));
        }
    end_figure(page, figure);
    return RW_OK;
}

/* What the groups of a projection share: how much the pairs of an assembly, against those it has with others. */
static rw_err assembly_figure(const measures_page *page) {
    rw_figure *figure = NULL;
    int colour = 0;
    RW_TRY(begin_figure(page, "assemblies", "Assemblies",
                        "Synapses per pair of cells of a group over synapses per pair of which one cell is in it; "
                        "dashed: the same of their summed weights. 1: a group like any other",
                        rw_axis_of_series(RW_SERIES_COHESION), &figure));
    for (size_t p = 0; p < page->n_projections; p++) {
        rw_path group = rw_series_folder(RW_SERIES_COHESION, page->projections[p]);
        const char *const *names = NULL, *label = NULL;
        size_t n = 0;
        RW_TRY(rw_result_in_groups(page->result, "series.h5", group.text, &names, &n));
        for (size_t i = 0; i < n; i++, colour++) {
            RW_TRY(rw_figures_text(page->figures, &label, "%s, %s", page->projections[p], names[i]));
            RW_TRY(add_line(page, figure,
                            rw_series_path_with(RW_SERIES_COHESION, page->projections[p], &names[i], 1).text, label,
                            colour, false));
            RW_TRY(rw_figures_text(page->figures, &label, "%s, %s, weights", page->projections[p], names[i]));
            RW_TRY(add_line(page, figure,
                            rw_series_path_with(RW_SERIES_STRENGTH, page->projections[p], &names[i], 1).text, label,
                            colour, true));
        }
    }
    end_figure(page, figure);
    return RW_OK;
}

static rw_err group_figure(const measures_page *page) {
    rw_figure *figure = NULL;
    int colour = 0;
    RW_TRY(begin_figure(page, "groups", "Within and between groups of cells",
                        "Synapses per pair of cells, by the groups of the source and of the target",
                        rw_axis_of_series(RW_SERIES_GROUP_DENSITY), &figure));
    for (size_t p = 0; p < page->n_projections; p++) {
        rw_path group = rw_series_folder(RW_SERIES_GROUP_DENSITY, page->projections[p]);
        const char *const *from = NULL, *const *to = NULL, *label = NULL;
        size_t n_from = 0, n_to = 0;
        RW_TRY(rw_result_in_groups(page->result, "series.h5", group.text, &from, &n_from));
        for (size_t a = 0; a < n_from; a++) {
            rw_path inside = rw_path_of("%s/%s", group.text, from[a]);
            RW_TRY(rw_result_in_groups(page->result, "series.h5", inside.text, &to, &n_to));
            for (size_t b = 0; b < n_to; b++, colour++) {
                RW_TRY(rw_figures_text(page->figures, &label, "%s, %s to %s", page->projections[p], from[a], to[b]));
                const char *const pair[] = {from[a], to[b]};
                RW_TRY(add_line(page, figure,
                                rw_series_path_with(RW_SERIES_GROUP_DENSITY, page->projections[p], pair, 2).text, label,
                                colour, false));
            }
        }
    }
    end_figure(page, figure);
    return RW_OK;
}

rw_err rw_report_measures(rw_figures *figures, const rw_result_in *result, const char *span, rw_axis time,
                          double units_per_ms) {
    measures_page page = {.figures = figures, .result = result, .span = span, .time = time};
    rw_result_numbers at;
    double *in_units = NULL;
    RW_TRY(rw_result_in_numbers(result, "series.h5", rw_series_path(RW_SERIES_CONNECTIVITY_TIME, "").text, &at));
    if (at.rows == 0)
        return RW_OK;
    RW_TRY(RW_ARENA_NEW(figures->arena, in_units, at.rows));
    for (size_t i = 0; i < at.rows; i++)
        in_units[i] = at.values[i] * units_per_ms;
    page.at = in_units;
    page.n = at.rows;
    RW_TRY(rw_result_in_groups(result, "series.h5", rw_series_group_path(RW_SERIES_OF_CONNECTIVITY, "").text,
                               &page.projections, &page.n_projections));
    RW_TRY(assembly_figure(&page));
    RW_TRY(group_figure(&page));
    for (size_t i = 0; i < RW_COUNT(pictures); i++)
        RW_TRY(add_picture(&page, &pictures[i]));
    return RW_OK;
}

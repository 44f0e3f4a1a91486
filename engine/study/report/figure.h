/* A figure as data: traces on two axes, or a matrix. Drawn as SVG, handed to the page as JSON, and written as CSV. */
#ifndef RW_STUDY_REPORT_FIGURE_H
#define RW_STUDY_REPORT_FIGURE_H

#include "io/table.h"
#include "study/report/palette.h"

typedef enum {
    RW_MARK_LINE,    /* x, y */
    RW_MARK_STEPS,   /* x, y: y holds from x on, as in a histogram */
    RW_MARK_DOTS,    /* x, y */
    RW_MARK_INTERVAL /* x, y with low and high: a dot with a bar; horizontal bars if the y axis has names */
} rw_mark_kind;

typedef struct {
    const char *label;
    rw_mark_kind kind;
    int colour; /* of the palette, or RW_DASHED */
    size_t n;
    const double *x, *y;      /* NaN: a gap */
    const double *low, *high; /* NULL: none; a band around a line */
    bool dashed;
} rw_trace;

typedef struct {
    const char *label, *unit; /* unit "1" or "": none is shown */
    bool logarithmic;
    bool is_time;             /* the page moves its cursor over all axes of time at once */
    double min, max;          /* both 0: as the data are */
    const char *const *names; /* of the values 0, 1, ...; NULL: numbers */
    size_t n_names;
} rw_axis;

/* The axis of a time until until_ms, in the unit that suits it; *units_per_ms: of the axis, per ms. */
rw_axis rw_axis_of_time(double until_ms, double *units_per_ms);

/* Frames of a matrix with n rows and columns; values >= 0. */
typedef struct {
    size_t n, n_frames;
    const double *values;      /* [n_frames x n x n], row by row */
    const char *const *labels; /* [n_frames] */
    size_t n_populations;
    const char *const *populations; /* [n_populations] in the order of rows and columns */
    const size_t *ends;             /* [n_populations] the row behind the last of each */
} rw_frames;

/* Coloured cells over two axes with named positions; the first row is at the bottom. */
typedef struct {
    size_t rows, columns;
    const double *values; /* [rows x columns]; NaN: none */
    const char *const *row_names, *const *column_names;
} rw_map;

/* Whole numbers under the x axis, a row for each of some names: how many are at risk. */
typedef struct {
    const char *title;
    size_t rows, columns;     /* rows 0: none */
    const double *x, *values; /* [columns], [rows x columns] */
    const char *const *names; /* [rows] */
} rw_counts;

typedef struct {
    const char *id; /* name of its files: letters, digits and _ */
    const char *title, *caption;
    rw_axis x, y;
    rw_trace *traces;
    size_t n_traces, capacity;
    rw_frames frames; /* n > 0: a matrix, and no traces */
    rw_map map;       /* rows > 0: a map, and no traces */
    rw_counts counts; /* under the axes */
    bool interactive; /* the page may zoom and hover */
} rw_figure;

/* The width of every figure in units of its view box. */
#define RW_FIGURE_WIDTH 480

/* A growing list of figures in an arena. */
typedef struct {
    rw_arena *arena;
    rw_figure *list;
    size_t count, capacity;
} rw_figures;

/* Adds a figure; what it points to must live as long as the list. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_figures_add(rw_figures *figures, rw_figure figure, rw_figure **added);

/* Adds a trace, whose label is copied; the rest must live as long as the list. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_figure_trace(rw_figures *figures, rw_figure *figure, rw_trace trace);

/* Text in the arena. Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_figures_text(rw_figures *figures, const char **text, const char *format, ...) RW_PRINTF(3, 4);

#endif

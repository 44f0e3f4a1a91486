#include "study/report/figure_csv.h"

#include <math.h>

#include "config/number.h"

static void print_cell(FILE *out, double value) {
    char text[RW_NUMBER_SIZE];
    (void)fputs(isfinite(value) ? rw_number_print(text, value) : "nan", out);
}

static void print_name(FILE *out, const char *name) {
    (void)fputc('"', out);
    for (; *name != '\0'; name++)
        (void)fputs(*name == '"' ? "\"\"" : (char[]){*name, '\0'}, out);
    (void)fputc('"', out);
}

static void print_frames_csv(const rw_frames *frames, FILE *out) {
    (void)fputs("frame,row,column,value\n", out);
    for (size_t f = 0; f < frames->n_frames; f++)
        for (size_t i = 0; i < frames->n * frames->n; i++) {
            print_name(out, frames->labels[f]);
            (void)fprintf(out, ",%zu,%zu,", i / frames->n, i % frames->n);
            print_cell(out, frames->values[f * frames->n * frames->n + i]);
            (void)fputc('\n', out);
        }
}

static void print_map_csv(const rw_figure *figure, FILE *out) {
    const rw_map *map = &figure->map;
    print_name(out, figure->y.label);
    (void)fputc(',', out);
    print_name(out, figure->x.label);
    (void)fputs(",value\n", out);
    for (size_t i = 0; i < map->rows * map->columns; i++) {
        print_name(out, map->row_names[i / map->columns]);
        (void)fputc(',', out);
        print_name(out, map->column_names[i % map->columns]);
        (void)fputc(',', out);
        print_cell(out, map->values[i]);
        (void)fputc('\n', out);
    }
}

void rw_figure_print_csv(const rw_figure *figure, FILE *out) {
    if (figure->frames.n > 0) {
        print_frames_csv(&figure->frames, out);
        return;
    }
    if (figure->map.rows > 0) {
        print_map_csv(figure, out);
        return;
    }
    (void)fprintf(out, "trace,x,y,low,high\n");
    for (size_t t = 0; t < figure->n_traces; t++) {
        const rw_trace *trace = &figure->traces[t];
        for (size_t i = 0; i < trace->n; i++) {
            print_name(out, trace->label);
            const double *const columns[] = {trace->x, trace->y, trace->low, trace->high};
            for (size_t c = 0; c < 4; c++) {
                (void)fputc(',', out);
                if (columns[c] != NULL)
                    print_cell(out, columns[c][i]);
            }
            (void)fputc('\n', out);
        }
    }
}

/* A run in progress as text: a bar, and a small plot of each series in blocks. */
#ifndef RW_CLI_WATCH_PRINT_H
#define RW_CLI_WATCH_PRINT_H

#include <stdio.h>

#include "study/watch.h"

typedef struct {
    int width, height; /* of the terminal, in characters */
    bool plain;        /* ASCII only */
    double now_s;      /* on the clock of time() */
} rw_watch_style;

/* What is done, 0 .. 1. */
double rw_watch_share(const rw_watch_view *view);

/* The scenario's title, or the directory. */
const char *rw_watch_title(const rw_watch_view *view);

/* One line: the status, a bar, biological time, and how long it took and will take. */
void rw_watch_print_progress(const rw_watch_view *view, const rw_watch_style *style, FILE *out);

/* Prints it and returns the number of lines, fewer than the height. */
int rw_watch_print(const rw_watch_view *view, const rw_watch_style *style, FILE *out);

#endif

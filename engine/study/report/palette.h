/* The colours of figures, in C and in the page: this is their only table. */
#ifndef RW_STUDY_REPORT_PALETTE_H
#define RW_STUDY_REPORT_PALETTE_H

#include <stddef.h>
#include <stdio.h>

#include "base/json.h"

/* Colours that distinguish traces; a trace's number, modulo this, picks one. */
enum { RW_PALETTE_COLOURS = 7 };

/* Numbers of a trace's colour that are none of these. */
#define RW_DASHED (-1) /* what is no data: a target, a zero */
#define RW_HAIR (-2)   /* a thin line that joins what belongs together */

/* From here on colours are in an order, from light to dark (dark to light in the dark theme). */
enum { RW_ORDERED = 100, RW_ORDERED_COLOURS = 7 };

/* The ordered colour of element i of n. */
int rw_palette_ordered(size_t i, size_t n);

typedef struct {
    unsigned char red, green, blue;
} rw_rgb;

/* The colour of a magnitude u in 0 .. 1. */
rw_rgb rw_palette_sequential(double u);

/* The colour of a signed magnitude u in -1 .. 1. */
rw_rgb rw_palette_diverging(double u);

/* Classes .c0, .c1, ... and .s0, .s1, ... (ordered) with the colours of the light theme, for SVG files. */
void rw_palette_print_classes(FILE *out);

/* Variables --c0, --s0, ... of both themes, and classes that use them, for the page. */
void rw_palette_print_css(FILE *out);

/* What the page's script needs: the number of colours, where the ordered ones begin, and the stops of the sequential
 * and the diverging map. */
void rw_palette_print_json(rw_json *json);

#endif

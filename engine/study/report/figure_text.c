#include "study/report/figure_text.h"

#include <string.h>

void rw_print_escaped(FILE *out, const char *text) {
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
}

/* UDUNITS writes micro as u; people read \u00b5. */
static void print_unit(FILE *out, const char *unit) {
    bool micro = strcmp(unit, "um") == 0 || strncmp(unit, "umol", 4) == 0;
    rw_print_escaped(out, micro ? "\u00b5" : "");
    rw_print_escaped(out, micro ? unit + 1 : unit);
}

void rw_figure_print_label(const rw_axis *axis, FILE *out) {
    bool has_unit = axis->unit != NULL && axis->unit[0] != '\0' && strcmp(axis->unit, "1") != 0;
    rw_print_escaped(out, axis->label);
    if (has_unit) {
        (void)fputs(" (", out);
        print_unit(out, axis->unit);
        (void)fputc(')', out);
    }
}

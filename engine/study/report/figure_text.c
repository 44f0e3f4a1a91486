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
rw_path rw_axis_text(const rw_axis *axis) {
    const char *unit = axis->unit;
    if (unit == NULL || unit[0] == '\0' || strcmp(unit, "1") == 0)
        return rw_path_of("%s", axis->label);
    const bool is_micro = strcmp(unit, "um") == 0 || strncmp(unit, "umol", 4) == 0;
    return rw_path_of("%s (%s%s)", axis->label, is_micro ? "\u00b5" : "", unit + is_micro);
}

void rw_figure_print_label(const rw_axis *axis, FILE *out) {
    rw_print_escaped(out, rw_axis_text(axis).text);
}

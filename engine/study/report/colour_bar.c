#include "study/report/colour_bar.h"

rw_rgb rw_colour_of(double u, bool diverging) {
    return diverging ? rw_palette_diverging(u) : rw_palette_sequential(u);
}

void rw_colour_bar_print(FILE *out, double from, double to, bool diverging, double x, double y, double width) {
    for (int i = 0; i < 32; i++) {
        double u = (i + 0.5) / 32.0;
        rw_rgb c = rw_colour_of(diverging ? 2.0 * u - 1.0 : u, diverging);
        (void)fprintf(out, "<path fill='#%02x%02x%02x' d='M%.2f %.1fh%.2fv8h-%.2fz'/>", c.red, c.green, c.blue,
                      x + width * i / 32.0, y, width / 32.0 + 0.2, width / 32.0 + 0.2);
    }
    (void)fprintf(out, "<text x='%.1f' y='%.1f'>%.3g</text><text x='%.1f' y='%.1f' text-anchor='end'>%.3g</text>", x,
                  y + 20.0, from, x + width, y + 20.0, to);
}

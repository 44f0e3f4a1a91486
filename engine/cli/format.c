#include "cli/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/count.h"

/* "3 h 20 min", or "3 h" where nothing is left over. */
static rw_text two_units(double total, double parts, const char *unit, const char *part_unit) {
    rw_text out;
    double whole = floor(total / parts), rest = total - whole * parts;
    if (rest == 0)
        (void)snprintf(out.text, sizeof out.text, "%.0f %s", whole, unit);
    else
        (void)snprintf(out.text, sizeof out.text, "%.0f %s %02.0f %s", whole, unit, rest, part_unit);
    return out;
}

rw_text rw_format_duration(double seconds) {
    rw_text out;
    if (!isfinite(seconds) || seconds < 0)
        (void)snprintf(out.text, sizeof out.text, "?");
    else if (seconds < 0.9995)
        (void)snprintf(out.text, sizeof out.text, "%.3g ms", seconds * 1e3);
    else if (seconds < 99.95)
        (void)snprintf(out.text, sizeof out.text, "%.3g s", seconds);
    else if (seconds < 3599.5)
        return two_units(round(seconds), 60, "min", "s");
    else if (seconds < 48 * 3600.0)
        return two_units(round(seconds / 60), 60, "h", "min");
    else
        return two_units(round(seconds / 3600), 24, "d", "h");
    return out;
}

rw_text rw_format_bytes(double bytes) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < RW_COUNT(units); unit++)
        bytes /= 1000;
    rw_text out;
    (void)snprintf(out.text, sizeof out.text, "%.3g %s", bytes, units[unit]);
    return out;
}

rw_text rw_format_count(uint64_t count) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    rw_text out;
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out.text[used++] = ',';
        out.text[used++] = digits[i];
    }
    out.text[used] = '\0';
    return out;
}

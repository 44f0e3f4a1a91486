#include "sim/clock_choice.h"

#include <math.h>

uint64_t rw_clock_steps(const rw_clock_stretch *stretch, double factor) {
    double units = round((double)stretch->length / (factor * (double)stretch->unit));
    double most = floor((double)stretch->length / (double)stretch->unit);
    return (uint64_t)fmax(1.0, fmin(units, most)) * stretch->unit;
}

uint64_t rw_clock_choose(const rw_clock_spec *spec, const rw_clock_stretch *stretch) {
    return rw_clock_steps(stretch, stretch->real_time ? 1.0 : spec->factor);
}
